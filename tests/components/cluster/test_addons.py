from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.addons import AUTO_MODE, KARPENTER_MODE, Addons, AddonsArgs, Stage, version_faults
from components.core.aws import Place

ADDON = "aws:eks/addon:Addon"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def _planned(
    capture: Capture, place: Place, *, auto_mode: bool, versions: dict[str, str] | None = None
) -> Plan:
    def program() -> None:
        node = aws.sqs.Queue("nodes")

        def stage(name: Stage, after: tuple[Any, ...]) -> Addons:
            return Addons(
                name,
                AddonsArgs(
                    place=place,
                    cluster_name="ai-dev",
                    stage=name,
                    auto_mode=auto_mode,
                    versions=versions or {},
                    after=after,
                ),
            )

        stage("before-nodes", ())
        stage("after-nodes", (node,))

    return capture(program)


@pytest.fixture(scope="module")
def plan(capture: Capture, place: Place) -> Plan:
    return _planned(capture, place, auto_mode=False)


def _settings(plan: Plan, name: str) -> dict[str, Any]:
    (addon,) = [addon for addon in plan.all(ADDON) if addon.inputs["addonName"] == name]
    return json.loads(addon.inputs["configurationValues"])


def test_the_network_plugin_enforces_policies_and_logs_what_it_denies(plan: Plan) -> None:
    settings = _settings(plan, "vpc-cni")
    assert settings["enableNetworkPolicy"] == "true"
    assert settings["nodeAgent"] == {"enablePolicyEventLogs": "true"}


def test_pods_are_not_limited_by_network_interfaces(plan: Plan) -> None:
    assert _settings(plan, "vpc-cni")["env"]["ENABLE_PREFIX_DELEGATION"] == "true"


def test_what_a_node_needs_to_become_ready_does_not_wait_for_nodes(plan: Plan) -> None:
    nodes = plan.one("aws:sqs/queue:Queue").urn
    waits = {
        addon.inputs["addonName"]: nodes in plan.graph()[addon.urn]  # an edge to what it needs
        for addon in plan.all(ADDON)
    }
    assert waits == {
        "eks-pod-identity-agent": False,
        "vpc-cni": False,
        "kube-proxy": False,
        "coredns": True,
        "aws-ebs-csi-driver": True,
        "snapshot-controller": True,
    }


def test_an_add_on_has_its_identity_before_its_pods_start(plan: Plan) -> None:
    identities = {association.inputs["serviceAccount"]: association for association in plan.all(ASSOCIATION)}
    assert set(identities) == {"aws-node", "ebs-csi-controller-sa"}
    for name, account in (("vpc-cni", "aws-node"), ("aws-ebs-csi-driver", "ebs-csi-controller-sa")):
        (addon,) = [addon for addon in plan.all(ADDON) if addon.inputs["addonName"] == name]
        assert identities[account].inputs["namespace"] == "kube-system"
        assert plan.deleted_before(addon.urn, identities[account].urn)


def test_an_add_on_has_one_policy_and_no_wider_one(plan: Plan) -> None:
    attached = {
        attachment.inputs["policyArn"]
        for attachment in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert attached == {
        "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    }
    assert plan.all("aws:iam/policy:Policy") == []


def test_an_emergency_change_is_kept_by_an_upgrade(plan: Plan) -> None:
    for addon in plan.all(ADDON):
        assert addon.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert addon.inputs["resolveConflictsOnUpdate"] == "PRESERVE"


def test_auto_mode_brings_all_but_snapshots(capture: Capture, place: Place) -> None:
    plan = _planned(capture, place, auto_mode=True)
    assert [addon.inputs["addonName"] for addon in plan.all(ADDON)] == ["snapshot-controller"]
    assert plan.all(ASSOCIATION) == []
    assert {addon.name for addon in AUTO_MODE} < {addon.name for addon in KARPENTER_MODE}


def test_a_pinned_version_is_used_and_others_are_left_to_eks(capture: Capture, place: Place) -> None:
    plan = _planned(capture, place, auto_mode=False, versions={"coredns": "v1.13.1-eksbuild.1"})
    versions = {addon.inputs["addonName"]: addon.inputs.get("addonVersion") for addon in plan.all(ADDON)}
    assert versions.pop("coredns") == "v1.13.1-eksbuild.1"
    assert set(versions.values()) == {None}


def test_a_pin_for_an_add_on_of_the_other_mode_is_a_fault() -> None:
    assert version_faults({"vpc-cni": "v1"}, auto_mode=False) == []
    assert [str(fault) for fault in version_faults({"vpc-cni": "v1"}, auto_mode=True)] == [
        "cluster.addon_versions.vpc-cni: this compute mode installs no such add-on; remove it; "
        "it installs snapshot-controller"
    ]


def test_add_ons_that_schedule_pods_stand_on_the_bootstrap_nodes() -> None:
    # CoreDNS and the EBS driver tolerate CriticalAddonsOnly by default; the snapshot controller does not.
    (snapshots,) = [addon for addon in KARPENTER_MODE if addon.name == "snapshot-controller"]
    assert snapshots.settings == {"tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}]}
