"""What may be written about a namespace, and what a wrong line is told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.namespaces.spec import NamespaceSpec, PodSecurityException


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


def test_a_namespace_that_says_nothing_changes_nothing() -> None:
    assert NamespaceSpec().model_dump(exclude_none=True) == {}
