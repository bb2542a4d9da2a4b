"""What may be written about a namespace, and what a wrong line is told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.namespaces.spec import ContainerDefaultsSpec, NamespaceSpec, PodSecurityException, QuotaSpec

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


@pytest.mark.parametrize("unknown", ["gpu", "network_policy", "isolation"])
def test_an_unknown_key_is_an_error(unknown: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        NamespaceSpec.model_validate({unknown: 1})


def test_zero_gpus_are_left_out_rather_than_written() -> None:
    with pytest.raises(ValidationError, match="Input should be greater than 0"):
        NamespaceSpec.model_validate({"gpus": {"l4": 0}})


def test_an_exception_to_pod_security_has_a_reason() -> None:
    with pytest.raises(ValidationError, match="at least 10 characters"):
        PodSecurityException.model_validate({"level": "baseline", "reason": "because"})


def test_containers_get_what_one_agent_needs_by_default() -> None:
    assert ContainerDefaultsSpec().model_dump() == {
        "cpu": "250m",
        "memory": "512Mi",
        "limits_cpu": "500m",
        "limits_memory": "1Gi",
    }


def test_a_namespace_that_says_nothing_changes_nothing() -> None:
    assert NamespaceSpec().model_dump(exclude_none=True) == {}
