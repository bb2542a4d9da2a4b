from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.model import Plan, Resource
from components.cluster.access import ADMIN_POLICY, VIEW_POLICY
from components.core.aws import Place

CLUSTER = "aws:eks/cluster:Cluster"
COMPONENT = "eks:index:Cluster"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
PROVIDER = "pulumi:providers:kubernetes"
INSIDE = "kubernetes:core/v1:ConfigMap"


@pytest.fixture(scope="module")
def plan(planned: Callable[..., Plan]) -> Plan:
    return planned()


@pytest.fixture(scope="module")
def auto(planned: Callable[..., Plan]) -> Plan:
    return planned(auto_mode=True)


@pytest.fixture(params=["karpenter", "auto"])
def either(request: pytest.FixtureRequest, plan: Plan, auto: Plan) -> Plan:
    return plan if request.param == "karpenter" else auto


def _cluster(plan: Plan) -> dict[str, Any]:
    return plan.one(CLUSTER).inputs


def _provider(plan: Plan) -> Resource:
    return plan.by_urn(plan.one(INSIDE).provider)


def test_the_api_server_is_private_unless_blocks_are_named(either: Plan) -> None:
    access = _cluster(either)["vpcConfig"]
    assert access["endpointPrivateAccess"] is True
    assert access["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in access


def test_named_blocks_and_no_others_may_reach_the_api_server(planned: Callable[..., Plan]) -> None:
    access = _cluster(planned(public_endpoint_cidrs=["203.0.113.0/24"]))["vpcConfig"]
    assert access["endpointPrivateAccess"] is True
    assert access["endpointPublicAccess"] is True
    assert access["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_whoever_creates_the_cluster_is_no_administrator_by_that(either: Plan) -> None:
    assert _cluster(either)["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }


def test_secrets_are_encrypted_with_a_key_of_our_own(either: Plan) -> None:
    assert _cluster(either)["encryptionConfig"] == {
        "provider": {"keyArn": "@{aws:kms/key:Key::platform-basis.arn}"},
        "resources": ["secrets"],
    }


def test_all_five_kinds_of_control_plane_log_are_on(either: Plan) -> None:
    assert sorted(_cluster(either)["enabledClusterLogTypes"]) == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]


def test_the_version_and_the_service_range_are_the_stated_ones(planned: Callable[..., Plan]) -> None:
    cluster = _cluster(planned(version="1.34", service_cidr="10.200.0.0/16", support="EXTENDED"))
    assert cluster["version"] == "1.34"
    assert cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "10.200.0.0/16"
    assert cluster["upgradePolicy"] == {"supportType": "EXTENDED"}


def test_the_component_brings_no_nodes_add_ons_or_security_groups_of_its_own(either: Plan) -> None:
    component = either.one(COMPONENT)
    assert component.inputs["skipDefaultNodeGroup"] is True
    assert {child.type for child in either.children(component.urn)} == {CLUSTER, PROVIDER}
    brought = [resource.type for resource in either if resource.type.startswith(("aws:eks/", "aws:ec2/"))]
    assert "aws:eks/nodeGroup:NodeGroup" not in brought
    assert "aws:eks/addon:Addon" not in brought
    assert "aws:ec2/securityGroup:SecurityGroup" not in brought
    assert _cluster(either)["bootstrapSelfManagedAddons"] is False


def test_auto_mode_has_the_system_pool_and_no_pool_without_a_limit(auto: Plan, plan: Plan) -> None:
    assert _cluster(auto)["computeConfig"] == {
        "enabled": True,
        "nodePools": ["system"],
        "nodeRoleArn": "@{aws:iam/role:Role::platform-basis-nodes.arn}",
    }
    assert _cluster(auto)["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert "computeConfig" not in _cluster(plan)


def test_every_named_principal_has_an_entry_and_a_policy(planned: Callable[..., Plan]) -> None:
    people = {
        "deployer_arn": "arn:aws:iam::111122223333:role/deployer",
        "admin_arns": ["arn:aws:iam::111122223333:role/break-glass"],
        "viewer_arns": ["arn:aws:iam::111122223333:role/preview"],
    }
    plan = planned(access=people)
    assert {entry.inputs["principalArn"] for entry in plan.all(ENTRY)} == {
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws:iam::111122223333:role/break-glass",
        "arn:aws:iam::111122223333:role/preview",
    }
    assert {
        association.inputs["principalArn"].rpartition("/")[2]: association.inputs["policyArn"].rpartition(
            "/"
        )[2]
        for association in plan.all(ASSOCIATION)
    } == {"deployer": ADMIN_POLICY, "break-glass": ADMIN_POLICY, "preview": VIEW_POLICY}
    assert all(a.inputs["accessScope"] == {"type": "cluster"} for a in plan.all(ASSOCIATION))


def test_what_is_inside_goes_before_the_deployers_way_in(either: Plan) -> None:
    way_in = [resource.urn for kind in (ENTRY, ASSOCIATION) for resource in either.all(kind)]
    assert len(way_in) == 2
    assert either.deleted_before(either.one(INSIDE).urn, way_in)
    assert either.deleted_before(way_in, either.one(CLUSTER).urn)


def test_what_goes_through_a_later_provider_comes_after_all_that_it_waits_for(either: Plan) -> None:
    later = either.one("kubernetes:core/v1:Secret")
    assert either.by_urn(later.provider).name == "later"
    assert either.deleted_before(later.urn, either.one(INSIDE).urn)
    assert either.by_urn(later.provider).inputs == _provider(either).inputs


def test_the_kubeconfig_holds_no_token_and_asks_for_one_when_used(either: Plan) -> None:
    (user,) = json.loads(_provider(either).inputs["kubeconfig"])["users"]
    assert user["user"] == {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "aws",
            "args": ["--region", "us-east-1", "eks", "get-token", "--cluster-name", "ai-dev"],
            "interactiveMode": "Never",
        }
    }


def test_the_kubeconfig_is_made_of_endpoint_and_authority_alone(plan: Plan) -> None:
    assert _provider(plan).unknowns == {
        "kubeconfig": [
            "aws:eks/cluster:Cluster::platform-eksCluster.certificateAuthority.data",
            "aws:eks/cluster:Cluster::platform-eksCluster.endpoint",
        ]
    }


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.36"},
        {"public_endpoint_cidrs": ["203.0.113.0/24"]},
        {"log_retention_days": 365},
        {"support": "EXTENDED"},
        {"protect": True},
    ],
    ids=str,
)
def test_a_changed_setting_of_the_cluster_does_not_touch_the_provider(
    planned: Callable[..., Plan], plan: Plan, change: dict[str, Any]
) -> None:
    """A changed provider is a replaced one, and replaces all that went through it."""
    changed = planned(**change)
    assert _provider(changed).inputs == _provider(plan).inputs
    assert _cluster(changed) != _cluster(plan) or "log_retention_days" in change


def test_a_changed_tag_does_not_touch_the_provider(
    planned: Callable[..., Plan], plan: Plan, place: Place
) -> None:
    tagged = Place(**{**vars(place), "tags": {"Environment": "dev", "Team": "search"}, "environment": "qa"})
    assert _provider(planned(place=tagged)).inputs == _provider(plan).inputs


def test_the_provider_keeps_its_identity_when_the_endpoint_changes(plan: Plan) -> None:
    assert _provider(plan).inputs["clusterIdentifier"] == "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"


def test_nodes_find_the_security_group_by_the_tag_they_find_subnets_by(plan: Plan) -> None:
    tag = plan.one("aws:ec2/tag:Tag")
    assert tag.inputs == {
        "key": "karpenter.sh/discovery",
        "resourceId": "@{aws:eks/cluster:Cluster::platform-eksCluster.vpcConfig.clusterSecurityGroupId}",
        "value": "ai-dev",
    }


def test_protection_covers_the_cluster_and_the_key_of_its_secrets(planned: Callable[..., Plan]) -> None:
    plan = planned(protect=True)
    assert {resource.type for resource in plan if resource.options.get("protect")} >= {
        COMPONENT,
        "aws:kms/key:Key",
    }
    assert _cluster(plan)["deletionProtection"] is True
    unprotected = planned(protect=False)
    assert not [resource for resource in unprotected if resource.options.get("protect")]
    assert _cluster(unprotected)["deletionProtection"] is False
