"""What may be said about a quota, and what a wrong one is told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.core.faults import Fault
from components.isolation.quota import (
    ContainerDefaultsSpec,
    QuotaSpec,
    container_default_faults,
    quota_faults,
)

QUOTA = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="40", limits_memory="80Gi")
WHOLE = {"cpu": "20", "memory": "40Gi", "limits_cpu": "40", "limits_memory": "80Gi"}


@pytest.mark.parametrize(("written", "kept"), [(20, "20"), (0.5, "0.5"), ("500m", "500m")])
def test_cpu_may_be_written_as_a_number(written: object, kept: str) -> None:
    assert QuotaSpec.model_validate({**WHOLE, "cpu": written}).cpu == kept


def test_a_quota_on_requests_without_limits_says_which_are_missing_and_what_to_do() -> None:
    with pytest.raises(ValidationError) as caught:
        QuotaSpec.model_validate({"cpu": 20, "memory": "40Gi"})
    assert (
        "a quota on requests needs one on limits too: limits_cpu and limits_memory missing; write them, or "
        "leave the quota out for the default"
    ) in str(caught.value)


def test_a_quota_that_lacks_one_limit_names_that_one() -> None:
    with pytest.raises(ValidationError, match="limits too: limits_memory missing"):
        QuotaSpec.model_validate({key: value for key, value in WHOLE.items() if key != "limits_memory"})


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("memory", "40GB", "'40GB' is not an amount of memory; write a binary unit: 512Mi, 40Gi, 1Ti"),
        ("memory", "40", "is not an amount of memory"),
        ("cpu", "20Gi", "'20Gi' is not an amount of CPU; write cores (2) or millicores (500m)"),
        ("cpu", True, "Input should be a valid string"),
        ("pods", 0, "Input should be greater than 0"),
    ],
)
def test_a_wrong_unit_is_told_the_right_one(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        QuotaSpec.model_validate({**WHOLE, field: value})
    assert said in str(caught.value)


def test_a_quota_that_is_no_mapping_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="Input should be a valid dictionary"):
        QuotaSpec.model_validate("20")


def test_containers_get_what_one_agent_needs_by_default() -> None:
    assert ContainerDefaultsSpec().model_dump() == {
        "cpu": "250m",
        "memory": "512Mi",
        "limits_cpu": "500m",
        "limits_memory": "1Gi",
    }


def said(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_limits_below_requests_are_a_fault() -> None:
    quota = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="10", limits_memory="80Gi")
    assert said(quota_faults("tenants.a.quota", quota)) == [
        "tenants.a.quota.limits_cpu: is 10, below cpu 20: never used up; raise limits_cpu to at least 20"
    ]


@pytest.mark.parametrize(("limit", "faulty"), [("20", False), ("20000m", False), ("19999m", True)])
def test_quantities_are_compared_as_amounts_and_not_as_text(limit: str, faulty: bool) -> None:
    quota = QuotaSpec(cpu="20", memory="1Gi", limits_cpu=limit, limits_memory="1024Mi")
    assert bool(quota_faults("x", quota)) is faulty


def test_a_default_request_above_its_limit_is_a_fault() -> None:
    defaults = ContainerDefaultsSpec(cpu="1", limits_cpu="500m")
    assert said(container_default_faults("tenants.a", defaults, QUOTA)) == [
        "tenants.a.container_defaults.cpu: is 1, above limits_cpu 500m; lower it, or raise limits_cpu"
    ]


def test_a_default_that_the_quota_cannot_hold_once_is_a_fault() -> None:
    defaults = ContainerDefaultsSpec(memory="64Gi", limits_memory="64Gi")
    assert said(container_default_faults("tenants.a", defaults, QUOTA)) == [
        "tenants.a.container_defaults.memory: is 64Gi, above the whole quota's 40Gi; lower it, or raise the "
        "quota; as it is no pod of the default size could start"
    ]
