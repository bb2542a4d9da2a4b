from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.endpoints import Endpoint, public_endpoints
from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

CLUSTER = "aws:eks/cluster:Cluster"
SERVICE = "kubernetes:core/v1:Service"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
NLB = "service.beta.kubernetes.io/aws-load-balancer-scheme"
ALB = "alb.ingress.kubernetes.io/scheme"
UNKNOWN = "unknown: no load balancer scheme is stated"


def named(**annotations: str) -> dict[str, Any]:
    return {"name": "web", "namespace": "ai", "annotations": annotations}


@pytest.mark.parametrize(
    ("vpc", "reach"),
    [
        ({"endpointPublicAccess": False}, None),
        (
            {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24", "198.51.100.1/32"]},
            "203.0.113.0/24, 198.51.100.1/32",
        ),
        ({"endpointPublicAccess": True}, "0.0.0.0/0"),
        ({}, "0.0.0.0/0"),
    ],
)
def test_a_cluster_endpoint_is_open_unless_it_is_closed(
    resource: Make, plan_of: PlanOf, vpc: dict[str, Any], reach: str | None
) -> None:
    found = public_endpoints(plan_of(resource(CLUSTER, "c", name="ai-dev", vpcConfig=vpc)))
    expected = Endpoint(kind="Kubernetes API", name="ai-dev", reachable_from=reach or "")
    assert found == ((expected,) if reach else ())


@pytest.mark.parametrize(
    ("type_token", "inputs", "reach"),
    [
        (SERVICE, {"spec": {"type": "ClusterIP"}, "metadata": named()}, None),
        (SERVICE, {"spec": {"type": "LoadBalancer"}, "metadata": named(**{NLB: "internal"})}, None),
        (
            SERVICE,
            {"spec": {"type": "LoadBalancer"}, "metadata": named(**{NLB: "internet-facing"})},
            "internet",
        ),
        (SERVICE, {"spec": {"type": "LoadBalancer"}, "metadata": named()}, UNKNOWN),
        (SERVICE, {"spec": {"type": "LoadBalancer"}, "metadata": named(**{NLB: "@{a:b:C::d.e}"})}, UNKNOWN),
        (INGRESS, {"metadata": named(**{ALB: "internet-facing"})}, "internet"),
        (INGRESS, {"metadata": named()}, UNKNOWN),
        (GATEWAY, {"metadata": named(**{NLB: "internal"})}, None),
        (GATEWAY, {"metadata": named()}, UNKNOWN),
    ],
)
def test_a_door_whose_scheme_is_not_stated_is_unknown_and_never_closed(
    resource: Make, plan_of: PlanOf, type_token: str, inputs: dict[str, Any], reach: str | None
) -> None:
    found = public_endpoints(plan_of(resource(type_token, "web", **inputs)))
    kind = type_token.rpartition(":")[2]
    assert found == ((Endpoint(kind=kind, name="ai/web", reachable_from=reach),) if reach else ())


def test_a_load_balancer_of_aws_is_public_unless_internal(resource: Make, plan_of: PlanOf) -> None:
    token = "aws:lb/loadBalancer:LoadBalancer"
    found = public_endpoints(plan_of(resource(token, "in", internal=True), resource(token, "out")))
    assert [endpoint.name for endpoint in found] == ["out"]


def parameters(namespace: str, scheme: str, name: str = "edge") -> dict[str, Any]:
    return {
        "apiVersion": "agentgateway.dev/v1alpha1",
        "kind": "AgentgatewayParameters",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"service": {"metadata": {"annotations": {NLB: scheme}}}},
    }


@pytest.mark.parametrize(
    ("stated", "reach"),
    [
        (parameters("ai", "internal"), None),
        (parameters("ai", "internet-facing"), "internet"),
        (parameters("other", "internal"), UNKNOWN),
        (parameters("ai", "internal", name="other"), UNKNOWN),
    ],
)
def test_a_gateways_scheme_is_read_where_its_parameters_state_it(
    resource: Make, plan_of: PlanOf, stated: dict[str, Any], reach: str | None
) -> None:
    named_by = {"group": "agentgateway.dev", "kind": "AgentgatewayParameters", "name": "edge"}
    door = resource(GATEWAY, "web", metadata=named(), spec={"infrastructure": {"parametersRef": named_by}})
    token = "kubernetes:agentgateway.dev/v1alpha1:AgentgatewayParameters"
    found = public_endpoints(plan_of(door, resource(token, "parameters", **stated)))
    assert found == ((Endpoint(kind="Gateway", name="ai/web", reachable_from=reach),) if reach else ())


def test_what_the_internet_reaches_by_its_nature_is_listed(resource: Make, plan_of: PlanOf) -> None:
    pages = resource("aws:cognito/userPoolDomain:UserPoolDomain", "login", domain="ai-dev")
    front = resource("aws:cloudfront/distribution:Distribution", "edge")
    assert public_endpoints(plan_of(pages, front)) == (
        Endpoint(kind="CloudFront", name="edge", reachable_from="internet"),
        Endpoint(kind="sign-in page", name="ai-dev", reachable_from="internet"),
    )


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_stack_opens_nothing_but_the_page_where_people_sign_in(
    stack_plan: Callable[[str], Plan], stack: str
) -> None:
    assert {endpoint.kind for endpoint in public_endpoints(stack_plan(stack))} <= {"sign-in page"}
