from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.summary import summary
from agentic.plan.summary_text import as_text
from agentic.plan.ways_out import WayOut, ways_out
from components.egress_proxy.doors import Door, ReverseDoor
from components.egress_proxy.egress_proxy import EgressProxy, EgressProxyArgs
from components.egress_proxy.spec import EgressProxySpec

ANYWHERE = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}
HTTPS = [{"protocol": "TCP", "port": 443}]


def policy(name: str, egress: list[dict[str, Any]], labels: dict[str, str] | None = None) -> None:
    selector: Any = {"matchLabels": labels} if labels else {}
    k8s.networking.v1.NetworkPolicy(
        name,
        metadata={"name": name, "namespace": "here"},
        spec={"podSelector": selector, "policyTypes": ["Egress"], "egress": egress},  # pyright: ignore[reportArgumentType]
    )


def test_whoever_may_reach_public_addresses_is_listed_and_nobody_else(capture: Capture) -> None:
    def program() -> None:
        policy("open", [{"to": [ANYWHERE], "ports": HTTPS}], {"app": "a"})
        policy("inside", [{"to": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": HTTPS}], {"app": "b"})
        policy("pods", [{"to": [{"podSelector": {}}], "ports": HTTPS}], {"app": "c"})
        policy("whole", [{"to": [ANYWHERE]}])

    assert ways_out(capture(program)) == (
        WayOut(who="here: app=a", ports="443", where="public addresses"),
        WayOut(who="here: every pod", ports="every", where="public addresses"),
    )


def test_a_rule_without_a_peer_is_about_everybody(capture: Capture) -> None:
    found = ways_out(capture(lambda: policy("careless", [{"ports": HTTPS}], {"app": "a"})))
    assert found == (WayOut(who="here: app=a", ports="443", where="public addresses"),)


def test_the_proxys_doors_are_listed_with_whom_they_lead_to(capture: Capture) -> None:
    doors = (
        Door(port=20001, client="tool-rates", hosts=("a.example.com", "b.example.com")),
        ReverseDoor(port=10001, client="tool-crm", host="mcp.example.com", path="/v1/mcp"),
    )
    plan = capture(
        lambda: EgressProxy(
            "egress-proxy",
            EgressProxyArgs(spec=EgressProxySpec(), doors=doors, namespace="egress", after=()),
        )
    )
    assert ways_out(plan) == (
        WayOut(who="egress: door of tool-crm", ports="10001", where="https://mcp.example.com/v1/mcp"),
        WayOut(who="egress: door of tool-rates", ports="20001", where="a.example.com, b.example.com"),
    )
    text = as_text(summary(plan))
    assert "ways out of the VPC" in text
    assert "https://mcp.example.com/v1/mcp" in text
