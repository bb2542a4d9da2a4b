"""Faults of changes to namespaces, by their text: where, which rule, what to do."""

from __future__ import annotations

from components.isolation.quota import QuotaSpec
from components.namespaces.checks import namespace_faults
from components.namespaces.spec import NamespaceSpec

QUOTA = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="40", limits_memory="80Gi")


def test_a_namespace_the_platform_does_not_have_is_a_fault_that_lists_those_it_has() -> None:
    (fault,) = namespace_faults({"ai-inferense": NamespaceSpec()})
    assert str(fault).startswith(
        "namespaces.ai-inferense: is not a namespace of the platform; use one of ai-"
    )
    assert "ai-inference" in fault.remedy


def test_an_exception_that_is_none_is_a_fault() -> None:
    spec = NamespaceSpec.model_validate(
        {"pod_security": {"level": "baseline", "reason": "model servers write to /dev/shm"}}
    )
    assert [str(fault) for fault in namespace_faults({"ai-inference": spec})] == [
        "namespaces.ai-inference.pod_security: is no exception: baseline is the default; leave it out"
    ]
    assert namespace_faults({"ai-agents": spec}) == []


def test_a_namespace_with_sound_changes_has_no_fault() -> None:
    assert namespace_faults({"ai-data": NamespaceSpec(quota=QUOTA), "ai-agents": NamespaceSpec()}) == []


def test_faults_in_a_namespaces_quota_carry_its_path() -> None:
    quota = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="10", limits_memory="80Gi")
    (fault,) = namespace_faults({"ai-data": NamespaceSpec(quota=quota)})
    assert fault.path == "namespaces.ai-data.quota.limits_cpu"
