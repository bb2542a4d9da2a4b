from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.bootstrap_nodes.bootstrap_nodes import BootstrapNodes, BootstrapNodesArgs
from components.bootstrap_nodes.spec import BootstrapSpec
from components.core.aws import Place

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform"},
)


def plan_of(capture: Capture, place: Place = PLACE, **spec: Any) -> Plan:
    def program() -> None:
        cni = aws.eks.Addon("vpc-cni", cluster_name="ai-dev", addon_name="vpc-cni")
        nodes = BootstrapNodes(
            "bootstrap",
            BootstrapNodesArgs(
                place=place,
                spec=BootstrapSpec.model_validate(spec),
                cluster_name="ai-dev",
                kubernetes_version="1.35",
                subnet_ids=["subnet-a", "subnet-b"],
                after=(cni,),
            ),
        )
        assert len(nodes.ready) == 1

    return capture(program)


def test_workloads_stay_off(capture: Capture) -> None:
    group = plan_of(capture).one(NODE_GROUP).inputs
    assert group["taints"] == [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}]
    assert group["labels"] == {"agentic.dev/pool": "bootstrap"}


def test_there_are_two_on_demand_nodes_in_every_subnet_given(capture: Capture) -> None:
    group = plan_of(capture).one(NODE_GROUP).inputs
    assert group["capacityType"] == "ON_DEMAND"
    assert group["scalingConfig"] == {"minSize": 2, "desiredSize": 2, "maxSize": 4}
    assert group["subnetIds"] == ["subnet-a", "subnet-b"]
    assert group["updateConfig"] == {"maxUnavailable": 1}


def test_the_version_is_written_so_that_an_upgrade_reaches_the_nodes(capture: Capture) -> None:
    assert plan_of(capture).one(NODE_GROUP).inputs["version"] == "1.35"
    pinned = plan_of(capture, release_version="1.35.2-20260714").one(NODE_GROUP).inputs
    assert pinned["releaseVersion"] == "1.35.2-20260714"


@pytest.mark.parametrize(
    ("types", "ami_type"),
    [(["m7i.large"], "AL2023_x86_64_STANDARD"), (["m8g.large"], "AL2023_ARM_64_STANDARD")],
)
def test_the_image_fits_the_machines(capture: Capture, types: list[str], ami_type: str) -> None:
    assert plan_of(capture, instance_types=types).one(NODE_GROUP).inputs["amiType"] == ami_type


def test_a_pod_cannot_take_its_nodes_role(capture: Capture) -> None:
    assert plan_of(capture).one(TEMPLATE).inputs["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }


def test_the_disk_is_encrypted(capture: Capture) -> None:
    (mapping,) = plan_of(capture, disk_gib=60).one(TEMPLATE).inputs["blockDeviceMappings"]
    assert mapping["deviceName"] == "/dev/xvda"
    assert mapping["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 60,
        "encrypted": "true",
        "deleteOnTermination": "true",
    }


def test_instances_disks_and_interfaces_carry_the_cost_tags(capture: Capture) -> None:
    tags = {"Owner": "platform", "Name": "ai-dev-bootstrap", "agentic.dev/pool": "bootstrap"}
    assert plan_of(capture).one(TEMPLATE).inputs["tagSpecifications"] == [
        {"resourceType": kind, "tags": tags} for kind in ("instance", "volume", "network-interface")
    ]


def test_nodes_wait_for_their_network_and_go_before_it_and_their_policies(capture: Capture) -> None:
    plan = plan_of(capture)
    group = plan.one(NODE_GROUP).urn
    assert plan.deleted_before(group, plan.one("aws:eks/addon:Addon").urn)
    attached = plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert plan.deleted_before(group, [one.urn for one in attached])


def test_nodes_cannot_move_network_interfaces(capture: Capture) -> None:
    attached = plan_of(capture).all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert sorted(one.inputs["policyArn"].rpartition("/")[2] for one in attached) == [
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
        "AmazonSSMManagedInstanceCore",
    ]


def test_eks_makes_the_access_entry_itself(capture: Capture) -> None:
    assert plan_of(capture).all("aws:eks/accessEntry:AccessEntry") == []


def test_a_new_group_can_stand_beside_the_old(capture: Capture) -> None:
    plan = plan_of(capture)
    assert "nodeGroupName" not in plan.one(NODE_GROUP).inputs
    assert "name" not in plan.one(TEMPLATE).inputs


def test_only_ec2_takes_the_role_in_any_partition(capture: Capture) -> None:
    china = Place(**{**vars(PLACE), "partition": "aws-cn", "region": "cn-north-1"})
    role = plan_of(capture, china).one("aws:iam/role:Role").inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com.cn"}
