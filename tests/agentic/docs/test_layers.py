"""The diagram is the plan's, and no arrow in it is made up."""

from __future__ import annotations

from agentic.docs.layers import layers_diagram, layers_page, order_diagram
from agentic.plan.model import Plan, Resource

STACK = "urn:pulumi:dev::agentic-platform::pulumi:pulumi:Stack::s"


def component(kind: str, name: str) -> Resource:
    return Resource(
        urn=f"urn::{kind}::{name}", type=f"agentic:x:{kind}", name=name, parent=STACK, custom=False
    )


def child(of: Resource, name: str, *needs: str, kind: str = "aws:x/y:Thing", provider: str = "") -> Resource:
    urn = f"{of.urn}${name}"
    return Resource(urn=urn, type=kind, name=name, parent=of.urn, dependencies=[*needs], provider=provider)


def plan(*resources: Resource) -> Plan:
    return Plan(
        project="agentic-platform", stack="dev", resources=tuple(sorted(resources, key=lambda r: r.urn))
    )


NETWORK, CLUSTER, PODS = component("Network", "net"), component("Cluster", "ai"), component("Pods", "pods")
VPC = child(NETWORK, "vpc")
CONTROL = child(CLUSTER, "control", VPC.urn)


def test_an_arrow_goes_from_what_stands_first_and_implied_ones_are_left_out() -> None:
    pod = child(PODS, "pod", CONTROL.urn, VPC.urn)
    text = layers_diagram(plan(NETWORK, CLUSTER, PODS, VPC, CONTROL, pod))
    assert text.splitlines() == [
        "```mermaid",
        "flowchart TD",
        '  n0["<b>Network</b><br/>net<br/>1 resource"]',
        '  n1["<b>Cluster</b><br/>ai<br/>1 resource"]',
        '  n2["<b>Pods</b><br/>pods<br/>1 resource"]',
        "  n0 --> n1",
        "  n1 --> n2",
        "```",
    ]


def test_a_provider_that_waits_does_not_put_its_component_behind_what_it_waits_for() -> None:
    kind = "pulumi:providers:kubernetes"
    first = child(CLUSTER, "first", CONTROL.urn, kind=kind)
    pod = child(PODS, "pod", provider=first.urn)
    second = child(CLUSTER, "second", pod.urn, CONTROL.urn, kind=kind)
    late = component("Late", "late")
    last = child(late, "last", provider=second.urn)
    text = layers_diagram(plan(CLUSTER, PODS, CONTROL, first, pod, second, late, last))
    assert [line.strip() for line in text.splitlines() if "-->" in line] == ["n0 --> n1", "n1 --> n2"]
    assert '  n0["<b>Cluster</b>' in text


def test_components_in_the_same_place_share_a_box() -> None:
    tenants = [component("Tenant", name) for name in ("a", "b")]
    spaces = [child(tenant, "space", CONTROL.urn) for tenant in tenants]
    text = layers_diagram(plan(CLUSTER, CONTROL, *tenants, *spaces))
    assert '["<b>Tenant</b> x 2<br/>2 resources"]' in text


def test_the_page_counts_what_each_component_is_made_of() -> None:
    more = [child(NETWORK, f"subnet-{n}", kind="aws:ec2/subnet:Subnet") for n in range(3)]
    text = layers_page(plan(NETWORK, VPC, *more))
    assert "| Network | net | 4 | Subnet x 3, Thing |" in text


def test_a_component_inside_another_counts_as_part_of_it() -> None:
    inner = Resource(urn="urn::Inner::i", type="agentic:x:Inner", name="i", parent=NETWORK.urn, custom=False)
    text = layers_diagram(plan(NETWORK, inner, child(inner, "thing")))
    assert "Inner" not in text
    assert "1 resource" in text


def test_the_order_puts_what_needs_the_same_step_into_one_box() -> None:
    pods = child(PODS, "pod", CONTROL.urn)
    tenants = [component("Tenant", name) for name in ("a", "b")]
    spaces = [child(tenant, "space", CONTROL.urn) for tenant in tenants]
    text = order_diagram(plan(NETWORK, VPC, CLUSTER, CONTROL, PODS, pods, *tenants, *spaces))
    assert text.splitlines() == [
        "```mermaid",
        "flowchart TD",
        '  n0["<b>Network</b><br/>1 resource"]',
        '  n1["<b>Cluster</b><br/>1 resource"]',
        '  n2["<b>Pods, Tenant</b><br/>3 resources"]',
        "  n0 --> n1",
        "  n1 --> n2",
        "```",
    ]


def test_the_order_breaks_a_row_of_many_names() -> None:
    many = [component(f"Kind{number}", "x") for number in range(6)]
    text = order_diagram(plan(*many, *(child(one, "thing") for one in many)))
    assert "Kind0, Kind1, Kind2, Kind3,<br/>Kind4, Kind5</b><br/>6 resources" in text
