from __future__ import annotations

import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.ingress import admit


def captured(capture: Capture, *cidrs: str) -> Plan:
    def program() -> None:
        admit(
            "store",
            physical_name="ai-dev-store",
            vpc_id="vpc-1",
            port=5432,
            cidrs=cidrs,
            why="Postgres from nodes and pods",
            opts=ResourceOptions(),
        )

    return capture(program)


def test_one_port_is_open_to_each_block_and_nothing_outward(capture: Capture) -> None:
    plan = captured(capture, "10.0.0.0/18", "10.0.64.0/18")
    rules = plan.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [(rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules] == [
        ("10.0.0.0/18", 5432, 5432),
        ("10.0.64.0/18", 5432, 5432),
    ]
    assert "egress" not in plan.one("aws:ec2/securityGroup:SecurityGroup").inputs


def test_a_store_that_nobody_could_reach_is_refused(capture: Capture) -> None:
    with pytest.raises(Exception, match="store: no blocks to admit; nobody could reach it"):
        captured(capture)
