"""Whose a door is: from names alone, one client's, and never two kinds of door on one port."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.egress_proxy.doors import FIRST_PORT, FIRST_REVERSE_PORT, PORTS, doors, port, reverse_port
from components.isolation.ends import End, Flow, FlowError, Host, Pods, TenantPods

NAMED = {"app.kubernetes.io/name": "tool-a"}


def flow(source: End, *, host: str = "api.example.com", number: int = 443) -> Flow:
    return Flow(source, Host(host), (number,), "calls it", "tools")


@given(st.text(max_size=63), st.text(max_size=63))
def test_a_server_outside_never_has_the_door_of_a_client(server: str, client: str) -> None:
    """A client's policy opens one port: were it a server's as well, the client would reach that server."""
    assert FIRST_REVERSE_PORT <= reverse_port(server) < FIRST_REVERSE_PORT + PORTS
    assert FIRST_PORT <= port(client) < FIRST_PORT + PORTS
    assert FIRST_REVERSE_PORT + PORTS <= FIRST_PORT
    assert FIRST_PORT + PORTS <= 32_768, "below those that the kernel hands out to whoever connects"


def test_one_tenants_tool_and_the_platforms_have_a_door_each() -> None:
    made = doors(
        (
            flow(Pods("ai-tools", NAMED)),
            flow(TenantPods({"app.kubernetes.io/name": "tool-b"}, tenant="tenant-a"), host="b.example.com"),
        )
    )
    assert [(one.client, one.hosts) for one in made] == [
        ("tool-a", ("api.example.com",)),
        ("tool-b", ("b.example.com",)),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (flow(TenantPods(NAMED)), "its source is not pods of one name"),
        (flow(Pods("ai-tools")), "its source is not pods of one name"),
        (flow(Pods("ai-tools", {**NAMED, "more": "x"})), "its source is not pods of one name"),
        (flow(Pods("ai-tools", NAMED), number=8443), "leaves the cluster on another port than 443"),
    ],
    ids=["every tenant's", "a whole namespace", "by more than a name", "another port"],
)
def test_who_is_not_one_client_has_no_door(wrong: Flow, words: str) -> None:
    with pytest.raises(FlowError, match=words):
        doors((wrong,))
