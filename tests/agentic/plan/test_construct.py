from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.errors import PlanError
from agentic.plan.model import Plan

URN = "urn:pulumi:dev::agentic-platform::"
CLUSTER = "aws:eks/cluster:Cluster"


def creator_is_no_admin(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if args.type_ != CLUSTER:
        return None
    access = {**args.props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}
    return pulumi.ResourceTransformResult({**args.props, "accessConfig": access}, args.opts)


def control_plane(*transforms: pulumi.ResourceTransform, **more: Any) -> eks.Cluster:
    provider = aws.Provider("aws", region="us-east-1")
    theirs = ResourceOptions(provider=provider)
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", opts=theirs)
    subnets = [
        aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24", opts=theirs)
        for index, zone in enumerate("ab")
    ]
    role = aws.iam.Role("cluster", assume_role_policy="{}", opts=theirs)
    return eks.Cluster(
        "ai",
        name="ai-dev",
        vpc_id=vpc.id,
        subnet_ids=[subnet.id for subnet in subnets],
        service_role=role,
        skip_default_node_group=True,
        skip_default_security_groups=True,
        use_default_vpc_cni=True,
        coredns_addon_options={"enabled": False},
        kube_proxy_addon_options={"enabled": False},
        authentication_mode=eks.AuthenticationMode.API,
        opts=ResourceOptions(providers=[provider], transforms=list(transforms)),
        **more,
    )


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    def program() -> None:
        cluster = control_plane(creator_is_no_admin)
        inner = cluster.eks_cluster
        pulumi.export("endpoint", inner.endpoint)
        pulumi.export("ca", inner.certificate_authority.data)
        pulumi.export("name", inner.name)
        pulumi.export("group", cluster.cluster_security_group_id)
        pulumi.export("issuer", cluster.oidc_issuer)
        pulumi.export("kubeconfig", cluster.kubeconfig_json)
        aws.eks.Addon("cni", cluster_name=inner.name, addon_name="vpc-cni")

    return capture(program)


def test_children_are_marked_and_stand_below_the_component(plan: Plan) -> None:
    component = plan.one("eks:index:Cluster")
    assert (component.remote, component.custom, component.expanded) == (True, False, False)
    children = plan.children(component.urn)
    assert [(child.type, child.name, child.expanded) for child in children] == [
        (CLUSTER, "ai-eksCluster", True),
        ("pulumi:providers:kubernetes", "ai-eks-k8s", True),
    ]
    assert children[0].urn == f"{URN}eks:index:Cluster${CLUSTER}::ai-eksCluster"


def test_children_use_the_components_provider(plan: Plan) -> None:
    assert plan.one(CLUSTER).provider == f"{URN}pulumi:providers:aws::aws"


def test_a_role_given_as_a_resource_becomes_its_arn_and_a_dependency(plan: Plan) -> None:
    cluster = plan.one(CLUSTER)
    role = f"{URN}aws:iam/role:Role::cluster"
    assert cluster.inputs["roleArn"] == "@{aws:iam/role:Role::cluster.arn}"
    assert cluster.property_dependencies["roleArn"] == [role]
    assert plan.one("eks:index:Cluster").inputs["serviceRole"] == {"@resource": role}


def test_dependencies_follow_the_inputs_they_came_from(plan: Plan) -> None:
    cluster = plan.one(CLUSTER)
    subnets = [f"{URN}aws:ec2/subnet:Subnet::{zone}" for zone in "ab"]
    assert cluster.property_dependencies["vpcConfig"] == subnets
    assert set(subnets) < set(cluster.dependencies)


def test_a_transform_of_the_component_reaches_its_children(plan: Plan) -> None:
    assert plan.one(CLUSTER).inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert plan.one(CLUSTER).options["ignore_changes"] == [
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
    ]


def test_outputs_lead_to_the_cluster_inside(plan: Plan) -> None:
    kubeconfig = json.loads(plan.outputs["kubeconfig"])
    assert kubeconfig["clusters"][0]["cluster"]["server"] == plan.outputs["endpoint"]
    assert {key: plan.outputs[key] for key in ("endpoint", "ca", "name", "group", "issuer")} == {
        "endpoint": f"@{{{CLUSTER}::ai-eksCluster.endpoint}}",
        "ca": f"@{{{CLUSTER}::ai-eksCluster.certificateAuthority.data}}",
        "name": "ai-dev",
        "group": f"@{{{CLUSTER}::ai-eksCluster.vpcConfig.clusterSecurityGroupId}}",
        "issuer": f"@{{{CLUSTER}::ai-eksCluster.identities[0].oidcs[0].issuer}}",
    }


def test_whoever_uses_the_component_waits_for_its_children(plan: Plan) -> None:
    addon = plan.one("aws:eks/addon:Addon")
    assert addon.inputs["clusterName"] == "ai-dev"
    assert plan.deleted_before(addon.urn, plan.one(CLUSTER).urn)


def test_an_input_outside_the_table_fails_the_capture(capture: Capture) -> None:
    with pytest.raises(PlanError) as fault:
        capture(lambda: control_plane(gpu=True))
    assert str(fault.value) == (
        "eks:index:Cluster 'ai': gpu is not in the expansion table\n"
        "  remedy: set the component as the table in agentic/expansion expects, or extend the table"
    )


def test_a_secret_input_of_the_component_is_refused(capture: Capture) -> None:
    with pytest.raises(PlanError, match="property version: a secret in a component that is expanded"):
        capture(lambda: control_plane(version=pulumi.Output.secret("1.35")))
