"""Faults of tenants, by their text."""

from __future__ import annotations

import pytest

from components.namespaces.spec import RESERVED
from components.tenants.checks import (
    repeated_secret_faults,
    shared_name_faults,
    tenant_faults,
    tenant_name_faults,
    tenant_quota_faults,
)
from components.tenants.spec import TenantSpec

CLUSTER = "ai-dev"


def tenant(**more: object) -> TenantSpec:
    return TenantSpec.model_validate({"owner": "team-a", "cost_center": "1000", **more})


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_tenant_named_like_a_namespace_of_the_platform_is_refused(name: str) -> None:
    fault = tenant_name_faults(CLUSTER, [name])[0]
    assert str(fault) == f"tenants.{name}: {name} is a namespace of the platform; choose another name"


def test_a_tenant_named_like_kubernetes_own_is_refused() -> None:
    (fault,) = tenant_name_faults(CLUSTER, ["kube-team"])
    assert str(fault) == (
        "tenants.kube-team: names beginning with kube- are Kubernetes' own; choose another name"
    )


def test_a_name_too_long_for_its_role_is_told_how_long_it_may_be() -> None:
    longest = "a" * (64 - len("ai-dev-tenant-"))
    assert tenant_name_faults(CLUSTER, [longest]) == []
    (fault,) = tenant_name_faults(CLUSTER, [longest + "b"])
    assert str(fault) == (
        f"tenants.{longest}b: its IAM role ai-dev-tenant-{longest}b has 65 characters, IAM allows 64; "
        "shorten the tenant's name to 50 characters"
    )


def test_a_quota_that_does_not_add_up_carries_the_tenants_path() -> None:
    quota = {"cpu": 4, "memory": "8Gi", "limits_cpu": 2, "limits_memory": "16Gi"}
    (fault,) = tenant_quota_faults({"tenant-a": tenant(quota=quota)})
    assert fault.path == "tenants.tenant-a.quota.limits_cpu"


def test_defaults_are_compared_with_the_tiers_quota_where_none_is_written() -> None:
    (fault,) = tenant_quota_faults({"tenant-a": tenant(container_defaults={"limits_memory": "90Gi"})})
    assert fault.path == "tenants.tenant-a.container_defaults.limits_memory"
    assert "above the whole quota's 80Gi" in fault.rule


def test_a_secret_asked_for_twice_is_refused() -> None:
    (fault,) = repeated_secret_faults({"tenant-a": tenant(secrets=["openai", "openai"])})
    assert str(fault) == "tenants.tenant-a.secrets: asks for openai 2 times; write it once"


def test_two_tenants_whose_secrets_would_share_a_name_are_refused() -> None:
    tenants = {"a": tenant(secrets=["b-c"]), "a-b": tenant(secrets=["c"])}
    (fault,) = shared_name_faults(tenants)
    assert str(fault) == (
        "tenants.a-b: its ExternalSecret a-b-c would have the name of one of tenant a; rename the tenant"
    )


def test_two_tenants_whose_quotas_would_share_a_name_are_refused() -> None:
    tenants = {"a": tenant(gpus={"x-quota": 1}), "a-gpu-x": tenant()}
    (fault,) = shared_name_faults(tenants)
    assert fault.rule == "its ResourceQuota a-gpu-x-quota would have the name of one of tenant a"


def test_sound_tenants_have_no_fault() -> None:
    tenants = {"tenant-a": tenant(gpus={"l4": 4}, secrets=["openai"]), "tenant-b": tenant()}
    assert tenant_faults(CLUSTER, tenants) == []


def test_every_fault_of_every_tenant_is_told_at_once() -> None:
    tenants = {"default": tenant(), "kube-x": tenant(secrets=["s", "s"])}
    assert {fault.path for fault in tenant_faults(CLUSTER, tenants)} == {
        "tenants.default",
        "tenants.kube-x",
        "tenants.kube-x.secrets",
    }
