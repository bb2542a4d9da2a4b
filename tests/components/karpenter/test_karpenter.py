from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as k8s
import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.karpenter.karpenter import Karpenter, KarpenterArgs
from components.karpenter.spec import KarpenterSpec

RELEASE = "kubernetes:helm.sh/v3:Release"
FLOW_SCHEMA = "kubernetes:flowcontrol.apiserver.k8s.io/v1:FlowSchema"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def plan_of(capture: Capture, **spec: Any) -> Plan:
    def program() -> None:
        nodes = aws.eks.NodeGroup(
            "bootstrap",
            cluster_name="ai-dev",
            node_role_arn="arn:aws:iam::111122223333:role/bootstrap",
            scaling_config={"min_size": 2, "desired_size": 2, "max_size": 4},
            subnet_ids=["subnet-1"],
        )
        namespace = k8s.core.v1.Namespace("karpenter", metadata={"name": "karpenter"})
        karpenter = Karpenter(
            "karpenter",
            KarpenterArgs(
                place=PLACE,
                spec=KarpenterSpec(**spec),
                cluster_name="ai-dev",
                namespace="karpenter",
                after=(nodes, namespace),
            ),
        )
        assert karpenter.node_role_name == "ai-dev-karpenter-node"

    return capture(program)


def test_two_releases_in_its_own_namespace_the_definitions_only_once(capture: Capture) -> None:
    plan = plan_of(capture)
    releases = {one.name: one.inputs for one in plan.all(RELEASE)}
    assert set(releases) == {"karpenter", "karpenter-crd"}
    assert {one["namespace"] for one in releases.values()} == {"karpenter"}
    assert releases["karpenter"]["skipCrds"] is True
    assert releases["karpenter"]["version"] == releases["karpenter-crd"]["version"]


@pytest.mark.parametrize(
    "type_token",
    [
        "aws:eks/nodeGroup:NodeGroup",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/role:Role",
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:sqs/queue:Queue",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "kubernetes:core/v1:Namespace",
        FLOW_SCHEMA,
    ],
)
def test_the_controller_goes_before_anything_its_finalizers_need(capture: Capture, type_token: str) -> None:
    plan = plan_of(capture)
    needed = [resource.urn for resource in plan.all(type_token)]
    assert needed
    assert plan.deleted_before(plan.one(RELEASE, "karpenter").urn, needed)


def test_the_controller_goes_before_its_definitions_and_they_before_the_nodes(capture: Capture) -> None:
    plan = plan_of(capture)
    definitions = plan.one(RELEASE, "karpenter-crd").urn
    assert plan.deleted_before(plan.one(RELEASE, "karpenter").urn, definitions)
    assert plan.deleted_before(definitions, plan.one("aws:eks/nodeGroup:NodeGroup").urn)


def test_its_service_account_and_no_other_takes_the_controllers_role(capture: Capture) -> None:
    association = plan_of(capture).one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert association["namespace"] == "karpenter"
    assert association["serviceAccount"] == "karpenter"


def test_nodes_join_by_an_access_entry_with_nothing_added_to_it(capture: Capture) -> None:
    entry = plan_of(capture).one("aws:eks/accessEntry:AccessEntry").inputs
    assert entry["type"] == "EC2_LINUX"
    assert not entry.keys() & {"kubernetesGroups", "userName"}


def test_nodes_cannot_move_network_interfaces(capture: Capture) -> None:
    """The CNI has a role of its own; on the node's role its policy would be every pod's."""
    attached = {
        one.inputs["policyArn"]
        for one in plan_of(capture).all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if one.name.startswith("karpenter-node-")
    }
    assert attached == {
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    }


def test_a_sixth_policy_comes_with_zonal_shift(capture: Capture) -> None:
    assert len(plan_of(capture).all("aws:iam/policy:Policy")) == 5
    assert len(plan_of(capture, zonal_shift=True).all("aws:iam/policy:Policy")) == 6


def test_the_api_server_hears_it_outside_kube_system_too(capture: Capture) -> None:
    plan = plan_of(capture)
    assert {one.inputs["metadata"]["name"] for one in plan.all(FLOW_SCHEMA)} == {
        "karpenter-leader-election",
        "karpenter-workload",
    }
    rule = plan.one(FLOW_SCHEMA, "karpenter-workload").inputs["spec"]["rules"][0]
    assert rule["resourceRules"][0]["clusterScope"] is True
    assert rule["nonResourceRules"] == [{"nonResourceURLs": ["*"], "verbs": ["*"]}]


def test_no_release_holds_a_value_that_only_the_cloud_knows(capture: Capture) -> None:
    assert [one.unknowns for one in plan_of(capture).all(RELEASE)] == [{}, {}]


def test_roles_fit_iam_for_the_longest_cluster_name(capture: Capture) -> None:
    place = Place(**{**vars(PLACE), "cluster_name": "c" * 32})
    plan = capture(
        lambda: Karpenter(
            "karpenter",
            KarpenterArgs(
                place=place,
                spec=KarpenterSpec(),
                cluster_name=place.cluster_name,
                namespace="karpenter",
                after=(),
            ),
        )
    )
    assert max(len(role.inputs["name"]) for role in plan.all("aws:iam/role:Role")) <= 64


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        KarpenterSpec.model_validate({"replicas": 3})
