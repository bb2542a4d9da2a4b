from __future__ import annotations

import pulumi_kubernetes as k8s
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.load_balancer_controller.controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.load_balancer_controller.spec import LoadBalancerControllerSpec

RELEASE = "kubernetes:helm.sh/v3:Release"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def captured(capture: Capture, place: Place) -> Plan:
    def program() -> None:
        nodes = k8s.core.v1.ConfigMap("nodes", metadata={"name": "nodes"})
        component = LoadBalancerController(
            "load-balancers",
            LoadBalancerControllerArgs(
                place=place, spec=LoadBalancerControllerSpec(), cluster_name="ai-dev", after=(nodes,)
            ),
        )
        k8s.core.v1.Service(
            "gateway",
            metadata={"name": "gateway", "namespace": "ai-gateway"},
            opts=ResourceOptions(depends_on=list(component.ready)),
        )

    return capture(program)


def test_the_role_is_for_the_controllers_service_account_only(capture: Capture, place: Place) -> None:
    association = captured(capture, place).one(ASSOCIATION).inputs
    assert association["namespace"] == "kube-system"
    assert association["serviceAccount"] == "aws-load-balancer-controller"


def test_it_has_its_three_policies_and_no_managed_one(capture: Capture, place: Place) -> None:
    plan = captured(capture, place)
    assert sorted(policy.inputs["name"] for policy in plan.all("aws:iam/policy:Policy")) == [
        "ai-dev-load-balancers-balancers",
        "ai-dev-load-balancers-discovery",
        "ai-dev-load-balancers-firewall",
    ]
    assert len(plan.all(ATTACHMENT)) == 3


def test_pods_start_after_their_permissions_and_nodes_and_go_before_them(
    capture: Capture, place: Place
) -> None:
    plan = captured(capture, place)
    release = plan.one(RELEASE).urn
    earlier = [
        plan.one(ASSOCIATION).urn,
        plan.one("kubernetes:core/v1:ConfigMap").urn,
        *(one.urn for one in plan.all(ATTACHMENT)),
    ]
    assert plan.deleted_before(release, earlier)


def test_a_service_is_gone_before_the_controller_that_has_to_delete_its_load_balancer(
    capture: Capture, place: Place
) -> None:
    plan = captured(capture, place)
    assert plan.deleted_before(plan.one("kubernetes:core/v1:Service").urn, plan.one(RELEASE).urn)


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture, place: Place) -> None:
    assert captured(capture, place).one(RELEASE).unknowns == {}
