"""The control plane as registered: private, encrypted, logged, and with nobody let in unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.control_plane import AUTO_MODE_POLICIES, key_policy, key_use
from components.cluster.spec import ClusterSpec, api_service_ip, dns_service_ip
from components.cluster.storage import provisioner
from components.cluster.versions import SUPPORTED
from components.core.aws import Place

CLUSTER = "aws:eks/cluster:Cluster"
PROVIDER = "pulumi:providers:kubernetes"
ROLE = "arn:aws:iam::111122223333:role/"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def spec(**said: Any) -> ClusterSpec:
    return ClusterSpec.model_validate(
        {"name": "ai-dev", "access": {"deployer_arn": f"{ROLE}deployer"}, **said}
    )


def made(capture: Capture, *, auto_mode: bool = False, protect: bool = False, **said: Any) -> Plan:
    def program() -> None:
        Cluster(
            "platform",
            ClusterArgs(
                place=PLACE,
                spec=spec(**said),
                vpc_id="vpc-1",
                subnet_ids=["subnet-1", "subnet-2"],
                auto_mode=auto_mode,
                protect=protect,
                after=(),
            ),
        )

    return capture(program)


def test_the_endpoint_is_private(capture: Capture) -> None:
    network = made(capture).one(CLUSTER).inputs["vpcConfig"]
    assert (network["endpointPrivateAccess"], network["endpointPublicAccess"]) == (True, False)


def test_listed_blocks_and_no_others_open_it(capture: Capture) -> None:
    network = made(capture, public_endpoint_cidrs=["203.0.113.0/24"]).one(CLUSTER).inputs["vpcConfig"]
    assert network["endpointPublicAccess"] is True
    assert network["publicAccessCidrs"] == ["203.0.113.0/24"]


@pytest.mark.parametrize("block", ["0.0.0.0/0", "128.0.0.0/1"])
def test_a_block_that_stands_for_the_internet_is_refused(block: str) -> None:
    with pytest.raises(ValidationError, match="opens the API server to the internet"):
        spec(public_endpoint_cidrs=[block])


def test_secrets_are_encrypted_with_a_key_that_rotates(capture: Capture) -> None:
    plan = made(capture)
    encryption = plan.one(CLUSTER).inputs["encryptionConfig"]
    assert encryption["resources"] == ["secrets"]
    assert encryption["provider"]["keyArn"] == "@{aws:kms/key:Key::platform-basis.arn}"
    assert plan.one("aws:kms/key:Key").inputs["enableKeyRotation"] is True


def test_all_five_logs_are_on_and_their_group_is_there_first(capture: Capture) -> None:
    plan = made(capture, log_retention_days=365)
    assert len(plan.one(CLUSTER).inputs["enabledClusterLogTypes"]) == 5
    group = plan.one("aws:cloudwatch/logGroup:LogGroup")
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/aws/eks/ai-dev/cluster", 365)
    assert plan.deleted_before(plan.one(CLUSTER).urn, group.urn)


def test_whoever_makes_the_cluster_gets_no_entry_but_the_stated_one(capture: Capture) -> None:
    plan = made(capture)
    access = plan.one(CLUSTER).inputs["accessConfig"]
    assert access == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    entries = [one.inputs["principalArn"] for one in plan.all("aws:eks/accessEntry:AccessEntry")]
    assert entries == [f"{ROLE}deployer"]


def test_the_component_makes_no_nodes_and_no_addons(capture: Capture) -> None:
    plan = made(capture)
    types = {one.type for one in plan.resources}
    assert not {"aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"} & types
    assert {one.type for one in plan.resources if one.expanded} == {CLUSTER, PROVIDER}


def test_what_goes_through_the_provider_comes_after_the_deployers_entry(capture: Capture) -> None:
    plan = made(capture)
    provider = plan.one(PROVIDER, "platform")
    association = plan.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "platform-deployer")
    assert plan.deleted_before(provider.urn, association.urn)


def test_neither_a_version_nor_a_tag_touches_the_provider(capture: Capture) -> None:
    versions = [row.version for row in SUPPORTED]
    inputs = [made(capture, version=version).one(PROVIDER, "platform").inputs for version in versions]
    assert all(one == inputs[0] for one in inputs)
    assert "token" not in json.loads(inputs[0]["kubeconfig"])["users"][0]["user"]


def test_the_security_group_is_found_by_the_tag_the_subnets_have(capture: Capture) -> None:
    tag = made(capture).one("aws:ec2/tag:Tag").inputs
    assert (tag["key"], tag["value"]) == ("karpenter.sh/discovery", "ai-dev")
    assert tag["resourceId"] == (
        "@{aws:eks/cluster:Cluster::platform-eksCluster.vpcConfig.clusterSecurityGroupId}"
    )


def test_auto_mode_switches_its_three_parts_together_and_keeps_the_unlimited_pool_off(
    capture: Capture,
) -> None:
    plan = made(capture, auto_mode=True)
    inputs = plan.one(CLUSTER).inputs
    assert inputs["computeConfig"]["enabled"] is True
    assert inputs["computeConfig"]["nodePools"] == ["system"]
    assert inputs["storageConfig"]["blockStorage"]["enabled"] is True
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"]["enabled"] is True
    attached = {
        one.inputs["policyArn"].rpartition("/")[2]
        for one in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert attached >= set(AUTO_MODE_POLICIES)
    assert "AmazonEKSWorkerNodeMinimalPolicy" in attached


def test_protection_is_on_the_control_plane_and_its_key_and_lets_access_change(capture: Capture) -> None:
    plan = made(capture, protect=True)
    protected = {one.type for one in plan.resources if one.options.get("protect")}
    assert protected >= {"eks:index:Cluster", "aws:kms/key:Key"}
    assert not protected & {
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    }
    assert plan.one(CLUSTER).inputs["deletionProtection"] is True


def test_the_key_is_administered_by_this_account_and_used_by_eks_for_grants_only() -> None:
    (statement,) = key_policy(PLACE)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    use, grant = key_use("arn:key")["Statement"]
    assert {use["Resource"], grant["Resource"]} == {"arn:key"}
    assert "kms:*" not in use["Action"]
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_services_have_their_two_fixed_addresses() -> None:
    assert api_service_ip("172.20.0.0/16") == "172.20.0.1"
    assert dns_service_ip("172.20.0.0/16") == "172.20.0.10"


@pytest.mark.parametrize("block", ["8.8.0.0/16", "10.0.0.0/25", "10.0.0.0/8"])
def test_a_service_block_that_eks_refuses_is_refused_here(block: str) -> None:
    with pytest.raises(ValidationError, match="cannot hold Services"):
        spec(service_cidr=block)


def test_volumes_come_from_the_driver_of_the_compute_mode() -> None:
    assert provisioner(auto_mode=False) == "ebs.csi.aws.com"
    assert provisioner(auto_mode=True) == "ebs.csi.eks.amazonaws.com"
