from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.smoke.checks import smoke_faults
from components.smoke.spec import SmokeSpec

STACK = ("acme", "globex", "initech")


def faults(*named: str) -> list[str]:
    return [str(fault) for fault in smoke_faults(SmokeSpec(tenants=list(named)), STACK)]


def test_two_tenants_of_the_stack_are_taken() -> None:
    assert faults("globex", "acme") == []
    assert smoke_faults(SmokeSpec(), ()) == []


def test_a_tenant_that_left_is_named_with_those_that_stayed() -> None:
    assert faults("acme", "hooli") == [
        "services.smoke.tenants[1]: hooli is no tenant of the stack; it has: acme, globex, initech; name one of "
        "these, or leave services.smoke.tenants out for the first two by name"
    ]


def test_a_tenant_is_not_kept_from_itself() -> None:
    assert faults("acme", "acme") == [
        "services.smoke.tenants: names acme 2 times; name another tenant for it to be kept from"
    ]


@pytest.mark.parametrize("named", [["acme"], ["acme", "globex", "initech"], []])
def test_there_are_two(named: list[str]) -> None:
    with pytest.raises(ValidationError):
        SmokeSpec(tenants=named)
