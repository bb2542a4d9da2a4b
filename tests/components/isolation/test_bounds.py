"""Quotas and container defaults as the API server will read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.isolation.bounds import NO_POOL, container_limits, hard_limits, pool_quotas
from components.isolation.quota import ContainerDefaultsSpec, QuotaSpec

QUOTA = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="40", limits_memory="80Gi", pods=50, services=10)


def test_a_quota_grants_what_was_said_and_nothing_else() -> None:
    assert hard_limits(QUOTA, {"l4": 4}, load_balancers=False) == {
        "requests.cpu": "20",
        "requests.memory": "40Gi",
        "limits.cpu": "40",
        "limits.memory": "80Gi",
        "pods": "50",
        "services": "10",
        "requests.nvidia.com/gpu": "4",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def test_a_namespace_without_gpus_says_zero_and_not_nothing() -> None:
    assert hard_limits(None, {}, load_balancers=True) == {"requests.nvidia.com/gpu": "0"}


def test_gpus_of_several_pools_are_counted_together_and_each() -> None:
    assert hard_limits(None, {"a10g": 8, "h100": 2}, load_balancers=True)["requests.nvidia.com/gpu"] == "10"
    quotas = pool_quotas({"a10g": 8, "h100": 2})
    assert list(quotas) == ["gpu-a10g", "gpu-h100", NO_POOL]
    assert quotas["gpu-h100"] == {
        "hard": {"requests.nvidia.com/gpu": "2"},
        "scopeSelector": {
            "matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["gpu-h100"]}]
        },
    }


def test_a_pod_that_names_no_granted_pool_gets_no_gpu() -> None:
    assert pool_quotas({"l4": 4})[NO_POOL] == {
        "hard": {"requests.nvidia.com/gpu": "0"},
        "scopeSelector": {
            "matchExpressions": [{"scopeName": "PriorityClass", "operator": "NotIn", "values": ["gpu-l4"]}]
        },
    }


def test_without_gpus_the_main_quota_is_enough() -> None:
    assert pool_quotas({}) == {}


@given(st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9-]{0,38}[a-z0-9]\Z"), st.integers(1, 64), max_size=5))
def test_every_pod_falls_under_exactly_one_pool_quota(gpus: dict[str, int]) -> None:
    quotas = pool_quotas(gpus)
    assert len(quotas) == (len(gpus) + 1 if gpus else 0), "no two quotas share a name"
    for asked in (*(f"gpu-{pool}" for pool in gpus), "system-cluster-critical", ""):
        falling = [
            name
            for name, spec in quotas.items()
            for scope in spec["scopeSelector"]["matchExpressions"]
            if (asked in scope["values"]) is (scope["operator"] == "In")
        ]
        assert len(falling) == (1 if gpus else 0)


def test_containers_that_name_nothing_get_requests_and_limits() -> None:
    assert container_limits(ContainerDefaultsSpec()) == {
        "limits": [
            {
                "type": "Container",
                "defaultRequest": {"cpu": "250m", "memory": "512Mi"},
                "default": {"cpu": "500m", "memory": "1Gi"},
            }
        ]
    }
