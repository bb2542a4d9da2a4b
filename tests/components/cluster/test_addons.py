"""Add-ons: in two stages around the first nodes, with an identity where they call AWS."""

from __future__ import annotations

import json
from typing import Literal

import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.addons import Addons, AddonsArgs, addons, version_faults
from components.core.aws import Place

ADDON = "aws:eks/addon:Addon"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a",),
    environment="dev",
    cluster_name="ai-dev",
)


def made(
    capture: Capture,
    stage: Literal["before-nodes", "after-nodes"],
    *,
    auto_mode: bool = False,
    versions: dict[str, str] | None = None,
) -> Plan:
    def program() -> None:
        route = aws.ec2.RouteTable("first", vpc_id="vpc-1")
        Addons(
            "addons",
            AddonsArgs(
                place=PLACE,
                cluster_name="ai-dev",
                stage=stage,
                auto_mode=auto_mode,
                versions=versions or {},
                after=(route,),
            ),
        )

    return capture(program)


def test_a_node_finds_network_proxy_and_identity_before_it_boots(capture: Capture) -> None:
    names = {one.inputs["addonName"] for one in made(capture, "before-nodes").all(ADDON)}
    assert names == {"eks-pod-identity-agent", "vpc-cni", "kube-proxy"}


def test_what_is_scheduled_comes_after_nodes(capture: Capture) -> None:
    names = {one.inputs["addonName"] for one in made(capture, "after-nodes").all(ADDON)}
    assert names == {"coredns", "aws-ebs-csi-driver", "snapshot-controller"}


def test_the_cni_enforces_network_policies(capture: Capture) -> None:
    settings = json.loads(
        made(capture, "before-nodes").one(ADDON, "addons-vpc-cni").inputs["configurationValues"]
    )
    assert settings["enableNetworkPolicy"] == "true"


@pytest.mark.parametrize(
    ("stage", "addon", "account"),
    [
        ("before-nodes", "vpc-cni", "aws-node"),
        ("after-nodes", "aws-ebs-csi-driver", "ebs-csi-controller-sa"),
    ],
)
def test_an_addon_that_calls_aws_has_its_identity_first(
    capture: Capture, stage: Literal["before-nodes", "after-nodes"], addon: str, account: str
) -> None:
    plan = made(capture, stage)
    association = plan.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", f"addons-{addon}")
    assert association.inputs["serviceAccount"] == account
    assert association.urn in plan.one(ADDON, f"addons-{addon}").dependencies


def test_every_addon_waits_for_what_comes_before_its_stage(capture: Capture) -> None:
    plan = made(capture, "after-nodes")
    first = plan.one("aws:ec2/routeTable:RouteTable").urn
    assert all(first in one.dependencies for one in plan.all(ADDON))


def test_auto_mode_brings_everything_but_snapshots(capture: Capture) -> None:
    assert made(capture, "before-nodes", auto_mode=True).all(ADDON) == []
    assert [one.inputs["addonName"] for one in made(capture, "after-nodes", auto_mode=True).all(ADDON)] == [
        "snapshot-controller"
    ]


def test_a_version_is_pinned_where_the_stack_pins_one_and_eks_choice_elsewhere(capture: Capture) -> None:
    plan = made(capture, "before-nodes", versions={"vpc-cni": "v1.20.4-eksbuild.2"})
    assert plan.one(ADDON, "addons-vpc-cni").inputs["addonVersion"] == "v1.20.4-eksbuild.2"
    assert "addonVersion" not in plan.one(ADDON, "addons-kube-proxy").inputs


def test_a_pin_of_an_addon_that_is_not_installed_is_a_fault() -> None:
    (fault,) = version_faults({"coredns": "v1"}, auto_mode=True)
    assert str(fault) == (
        "cluster.addon_versions.coredns: this compute mode installs no such add-on; remove it; "
        "it installs snapshot-controller"
    )
    assert version_faults({addon.name: "v1" for addon in addons(auto_mode=False)}, auto_mode=False) == []
