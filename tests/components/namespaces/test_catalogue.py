"""The table of namespaces: which exist when, and how many GPUs are theirs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from components.core.quantities import parse
from components.isolation.quota import ContainerDefaultsSpec
from components.namespaces.catalogue import NAMESPACES, RESERVED, namespaces_for

FUNCTIONS = ("ai-gateway", "ai-agents", "ai-inference", "ai-data", "observability")


def test_function_namespaces_exist_whatever_is_on() -> None:
    assert namespaces_for(()) == FUNCTIONS


def test_other_namespaces_come_with_what_lives_there() -> None:
    assert namespaces_for({"karpenter", "gpu"}) == (*FUNCTIONS, "karpenter", "nvidia")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("ai-gateway", "restricted"),
        ("ai-agents", "restricted"),
        ("ai-inference", "baseline"),
        ("ai-data", "baseline"),
        ("observability", "baseline"),
        ("node-monitoring", "privileged"),
        ("nvidia", "privileged"),
        ("karpenter", "restricted"),
    ],
)
def test_only_what_needs_the_host_is_privileged(name: str, level: str) -> None:
    assert NAMESPACES[name].pod_security == level


def test_two_hundred_agents_of_the_default_size_fill_their_quota_exactly() -> None:
    quota, agent = NAMESPACES["ai-agents"].quota, ContainerDefaultsSpec()
    assert quota is not None
    assert quota.pods == 200
    for total, one in (
        (quota.cpu, agent.cpu),
        (quota.memory, agent.memory),
        (quota.limits_cpu, agent.limits_cpu),
        (quota.limits_memory, agent.limits_memory),
    ):
        assert parse(total) == Fraction(200) * parse(one)


def test_models_have_their_stated_quota() -> None:
    quota = NAMESPACES["ai-inference"].quota
    assert quota is not None
    assert quota.model_dump(exclude_none=True) == {
        "cpu": "100",
        "memory": "500Gi",
        "limits_cpu": "200",
        "limits_memory": "1Ti",
        "persistent_volume_claims": 50,
    }
    assert sum(NAMESPACES["ai-inference"].gpus.values()) == 32


def test_namespaces_of_others_are_reserved() -> None:
    assert {"default", "kube-system", "istio-system", "ai-agents", "kagent-system"} <= RESERVED
