from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.errors import PlanError


def test_a_value_only_the_cloud_knows_becomes_a_reference_that_names_it(capture: Capture) -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24")

    subnet = capture(program).one("aws:ec2/subnet:Subnet")
    assert subnet.inputs["vpcId"] == "@{aws:ec2/vpc:Vpc::network.id}"
    assert subnet.unknowns == {"vpcId": ["aws:ec2/vpc:Vpc::network.id"]}


def test_an_invoke_is_refused_by_name(capture: Capture) -> None:
    with pytest.raises(
        PlanError, match="the program invokes aws:index/getRegion:getRegion: a plan has no cloud"
    ):
        capture(lambda: pulumi.export("region", aws.get_region_output().region))
