from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.errors import OperatorError
from agentic.ops.logs.record import Record, record
from agentic.ops.logs.selection import Selection, selection

TENANTS = ("tenant-b", "tenant-a")


@pytest.fixture
def found(event: Callable[..., dict[str, Any]]) -> Callable[..., Record]:
    def make(*arguments: Any, **more: Any) -> Record:
        made = record(event(*arguments, **more))
        assert made is not None
        return made

    return make


def test_cloudwatch_is_asked_for_one_tenant() -> None:
    assert selection("tenant-a", TENANTS).pattern == '{ $.attributes.tenant = "tenant-a" }'


def test_a_name_cannot_end_its_quotes() -> None:
    assert Selection(tenant='a" || $.x = "\\').pattern == (
        '{ $.attributes.tenant = "a\\" || $.x = \\"\\\\" }'
    )


@pytest.mark.parametrize("typed", ["tenant-c", "tenant", "", "Tenant-a", "tenant-a ", "*"])
def test_a_typing_error_shows_nobodys_records(typed: str) -> None:
    with pytest.raises(OperatorError) as refused:
        selection(typed, TENANTS)
    assert f"--tenant {typed!r} is no tenant of this stack" in str(refused.value)
    assert "choose one of: tenant-a, tenant-b, platform, unknown" in str(refused.value)


def test_the_platforms_own_records_can_be_asked_for() -> None:
    assert selection("platform", TENANTS).tenant == "platform"


def test_records_of_others_are_refused_whatever_was_sent(found: Callable[..., Record]) -> None:
    chosen = selection("tenant-a", TENANTS)
    assert chosen.takes(found())
    assert not chosen.takes(found(tenant="tenant-b"))
    assert not chosen.takes(found(tenant=None))


def test_grep_is_a_regular_expression_over_the_text(found: Callable[..., Record]) -> None:
    chosen = selection("tenant-a", TENANTS, grep="time[d ]?out")
    assert chosen.takes(found("request timed out")) is False
    assert chosen.takes(found("request timeout"))
    with pytest.raises(OperatorError) as refused:
        selection("tenant-a", TENANTS, grep="(")
    assert "--grep '(' is no regular expression" in str(refused.value)
    assert "put a backslash before" in str(refused.value)


def test_an_agent_is_its_workload(found: Callable[..., Record]) -> None:
    chosen = selection("tenant-a", TENANTS, agent="support")
    assert chosen.takes(found())
    assert not chosen.takes(found(resource={"k8s.deployment.name": "support-2"}))
