"""In which order the whole platform is deleted: what failure modes of others taught, asserted from the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from agentic.plan.model import Plan, Resource
from components.charts.pins import PINS, Crds

RELEASE = "kubernetes:helm.sh/v3:Release"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
CLUSTER = "aws:eks/cluster:Cluster"
ACCESS_ENTRY = "aws:eks/accessEntry:AccessEntry"
ACCESS_POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
NAMESPACE = "kubernetes:core/v1:Namespace"

# Kinds that a controller must still be there to clean up after.
CONTROLLED = {
    "karpenter": ("karpenter.sh/", "karpenter.k8s.aws/"),
    "external-secrets": ("external-secrets.io/",),
    "cert-manager": ("cert-manager.io/",),
    "clickhouse-operator": ("clickhouse.com/",),
}


@pytest.fixture(scope="module", params=["dev", "staging", "prod"])
def plan(request: pytest.FixtureRequest, stack_plan: Callable[[str], Plan]) -> Plan:
    return stack_plan(request.param)


def urns(resources: Iterable[Resource]) -> list[str]:
    return [resource.urn for resource in resources]


def kubernetes(plan: Plan) -> list[Resource]:
    return [r for r in plan if r.custom and r.type.startswith("kubernetes:")]


def release(plan: Plan, name: str) -> str:
    return plan.one(RELEASE, name).urn


def assert_before(plan: Plan, first: list[str], second: list[str]) -> None:
    assert first
    assert second
    late = [(one, two) for one in first for two in second if not plan.deleted_before(one, two)]
    assert late == []


def test_nodes_are_drained_while_karpenter_runs(plan: Plan) -> None:
    """F-1: finalizers clear only while their controller, its CRDs and its own nodes are there."""
    chain = [
        urns(plan.all(NODE_CLASS)),
        [release(plan, "karpenter")],
        [release(plan, "karpenter-crd")],
        urns(plan.all(NODE_GROUP)),
        urns(plan.all(CLUSTER)),
    ]
    for first, second in pairwise(chain):
        assert_before(plan, first, second)
    for pool in plan.all(NODE_POOL):
        assert_before(plan, [pool.urn], [plan.one(NODE_CLASS, pool.name).urn])


def test_karpenter_keeps_its_permissions_until_its_nodes_are_gone(plan: Plan) -> None:
    """F-2: a node class whose controller may no longer look up instance profiles hangs for ever."""
    controller = [
        r.urn
        for r in plan
        if "agentic:karpenter:" in r.urn and r.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    ]
    association = [
        r.urn
        for r in plan.all("aws:eks/podIdentityAssociation:PodIdentityAssociation")
        if "karpenter" in r.urn
    ]
    assert_before(plan, urns(plan.all(NODE_POOL)) + urns(plan.all(NODE_CLASS)), [*controller, *association])


def test_load_balancers_go_before_their_controller(plan: Plan) -> None:
    """F-6: a load balancer without controller stays, and holds the network."""
    kinds = ("Gateway", "Ingress")
    doors = [
        r.urn
        for r in kubernetes(plan)
        if r.type.rpartition(":")[2] in kinds or r.section("spec").get("type") == "LoadBalancer"
    ]
    for door in doors:
        assert plan.deleted_before(door, release(plan, "aws-load-balancer-controller"))
    assert_before(plan, [release(plan, "aws-load-balancer-controller")], urns(plan.all(NODE_GROUP)))


@pytest.mark.parametrize("controller", sorted(CONTROLLED))
def test_custom_resources_go_before_their_controller(plan: Plan, controller: str) -> None:
    """F-7: a namespace with an object whose finalizer nobody clears stays Terminating."""
    groups = CONTROLLED[controller]
    for resource in kubernetes(plan):
        if resource.type.removeprefix("kubernetes:").startswith(groups):
            assert plan.deleted_before(resource.urn, release(plan, controller)), resource.urn


def test_the_deployer_may_enter_until_nothing_is_left_inside(plan: Plan) -> None:
    """F-8: without its access entry the deployer is Unauthorized in the middle of a destroy."""
    deployer = [
        r.urn for kind in (ACCESS_ENTRY, ACCESS_POLICY) for r in plan.all(kind) if "deployer" in r.name
    ]
    assert len(deployer) == 2
    assert_before(plan, urns(kubernetes(plan)), deployer)


def test_crds_of_karpenter_are_a_release_of_their_own(plan: Plan) -> None:
    """F-13: CRDs that ride in a chart's crds/ directory are never upgraded."""
    assert plan.one(RELEASE, "karpenter").inputs["skipCrds"] is True
    versions = {plan.one(RELEASE, name).inputs["version"] for name in ("karpenter", "karpenter-crd")}
    assert len(versions) == 1


def test_namespaces_and_custom_resources_have_fixed_names(plan: Plan) -> None:
    """F-14: a name that Pulumi makes up changes, and takes what it holds with it."""
    unnamed = [
        r.urn
        for r in kubernetes(plan)
        if r.type != RELEASE and not isinstance(r.section("metadata").get("name"), str)
    ]
    assert unnamed == []
    assert [r.urn for r in plan.all(RELEASE) if not r.inputs.get("name")] == []


def test_what_stands_in_a_namespace_goes_before_it(plan: Plan) -> None:
    namespaces = {r.inputs["metadata"]["name"]: r.urn for r in plan.all(NAMESPACE)}
    for resource in kubernetes(plan):
        inside = resource.section("metadata").get("namespace") or resource.inputs.get("namespace")
        if inside in namespaces:
            assert plan.deleted_before(resource.urn, namespaces[inside]), resource.urn


def test_pods_go_before_the_nodes_they_run_on(plan: Plan) -> None:
    only_kinds = {pin.chart for pin in PINS if pin.crds is Crds.ONLY}
    runs_pods = [one for one in plan.all(RELEASE) if one.inputs["chart"] not in only_kinds]
    assert_before(plan, urns(runs_pods), urns(plan.all(NODE_GROUP)))


def test_what_runs_on_pools_goes_before_they_drain(plan: Plan) -> None:
    on_pools = ("milvus", "kube-prometheus-stack", "langfuse", "clickhouse-operator", "opencost", "velero")
    pools = [one.urn for one in plan.all(NODE_POOL) if "agentic:node_pools:" in one.urn]
    assert_before(plan, [release(plan, name) for name in on_pools], pools)


def test_pod_network_and_identity_outlive_the_nodes(plan: Plan) -> None:
    before_nodes = [
        r.urn
        for r in plan.all("aws:eks/addon:Addon")
        if r.inputs["addonName"] in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
    ]
    assert_before(plan, urns(plan.all(NODE_GROUP)), before_nodes)


def test_a_role_keeps_its_policies_as_long_as_nodes_use_it(plan: Plan) -> None:
    roles = {"bootstrap": NODE_GROUP}
    for name, kind in roles.items():
        attached = [
            r.urn
            for r in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            if f"::{name}" in r.urn and "agentic:bootstrap_nodes:" in r.urn
        ]
        assert_before(plan, urns(plan.all(kind)), attached)


def test_the_way_out_of_the_network_outlives_the_nodes(plan: Plan) -> None:
    """Nodes that cannot reach AWS any more cannot leave it either."""
    out = [
        *urns(plan.all("aws:ec2/natGateway:NatGateway")),
        *urns(plan.all("aws:ec2/route:Route")),
        *urns(plan.all("aws:ec2/vpcEndpoint:VpcEndpoint")),
    ]
    assert_before(plan, urns(plan.all(NODE_POOL)) + urns(plan.all(NODE_GROUP)), out)


def test_the_cluster_goes_before_its_network(plan: Plan) -> None:
    assert_before(plan, urns(plan.all(CLUSTER)), urns(plan.all("aws:ec2/vpc:Vpc")))
    control_plane = [r.urn for r in plan.all("aws:ec2/subnet:Subnet") if "control-plane" in r.name]
    assert_before(plan, urns(plan.all(CLUSTER)), control_plane)


def test_namespaces_are_closed_before_anything_runs_in_them(plan: Plan) -> None:
    kinds = (NAMESPACE, *(f"kubernetes:{kind}" for kind in ("core/v1:LimitRange", "core/v1:ResourceQuota")))
    closing = [
        r.urn for kind in (*kinds, "kubernetes:networking.k8s.io/v1:NetworkPolicy") for r in plan.all(kind)
    ]
    assert any("agentic:tenants:" in urn for urn in closing)
    assert_before(plan, urns(plan.all(RELEASE)), closing)
