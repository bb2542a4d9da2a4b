"""Doors to the internet that a plan opens: what is not stated counts as unknown, never as closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentic.plan.model import Plan, Resource
from agentic.plan.references import OPENING

CLUSTER = "aws:eks/cluster:Cluster"
SCHEMES = (
    "alb.ingress.kubernetes.io/scheme",
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
)
# Reachable from anywhere by what they are; what they let in is decided behind them.
ALWAYS_PUBLIC = {
    "aws:cloudfront/distribution:Distribution": "CloudFront",
    "aws:cognito/userPoolDomain:UserPoolDomain": "sign-in page",
}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One address, and who can reach it as far as the plan says."""

    kind: str
    name: str
    reachable_from: str


def public_endpoints(plan: Plan) -> tuple[Endpoint, ...]:
    """Every endpoint the internet reaches, or might: private ones are left out."""
    found = [*_clusters(plan), *_load_balancers(plan)]
    return tuple(sorted(found, key=lambda endpoint: (endpoint.kind, endpoint.name)))


def _clusters(plan: Plan) -> list[Endpoint]:
    found: list[Endpoint] = []
    for resource in plan.all(CLUSTER):
        vpc = resource.section("vpcConfig")
        # EKS opens the endpoint when nothing is said (CreateCluster, endpointPublicAccess defaults to true).
        if vpc.get("endpointPublicAccess", True) is not False:
            cidrs = vpc.get("publicAccessCidrs") or ["0.0.0.0/0"]
            name = str(resource.inputs.get("name", resource.name))
            reach = ", ".join(str(cidr) for cidr in cidrs)
            found.append(Endpoint(kind="Kubernetes API", name=name, reachable_from=reach))
    return found


def _load_balancers(plan: Plan) -> list[Endpoint]:
    found: list[Endpoint] = []
    for resource in plan:
        kind = resource.type.rpartition(":")[2]
        if resource.type in ALWAYS_PUBLIC:
            name = str(resource.inputs.get("domain", resource.name))
            found.append(Endpoint(kind=ALWAYS_PUBLIC[resource.type], name=name, reachable_from="internet"))
        elif resource.type.startswith("aws:lb/loadBalancer:"):
            if resource.inputs.get("internal") is not True:
                found.append(Endpoint(kind="load balancer", name=resource.name, reachable_from="internet"))
        elif resource.type.startswith("kubernetes:") and (kind == "Ingress" or _balances(resource, kind)):
            reach = _reach({**_parameters(plan, resource), **resource.section("metadata", "annotations")})
            if reach:
                found.append(Endpoint(kind=kind, name=_name(resource), reachable_from=reach))
    return found


def _balances(resource: Resource, kind: str) -> bool:
    spec = resource.section("spec")
    return kind == "Gateway" or (kind == "Service" and spec.get("type") == "LoadBalancer")


def _parameters(plan: Plan, gateway: Resource) -> Mapping[str, Any]:
    """The annotations of the Service that a Gateway's controller makes, where the object it names states them."""
    named = gateway.section("spec", "infrastructure", "parametersRef")
    for resource in plan:
        group = str(resource.inputs.get("apiVersion", "")).partition("/")[0]
        if (
            resource.inputs.get("kind") == named.get("kind", "")
            and group == named.get("group")
            and resource.section("metadata").get("name") == named.get("name")
            and resource.section("metadata").get("namespace") == gateway.section("metadata").get("namespace")
        ):
            return resource.section("spec", "service", "metadata", "annotations")
    return {}


def _reach(annotations: Mapping[str, Any]) -> str:
    schemes = [str(annotations[key]) for key in SCHEMES if key in annotations]
    if not schemes or any(OPENING in scheme for scheme in schemes):
        return "unknown: no load balancer scheme is stated"
    return "" if set(schemes) == {"internal"} else "internet"


def _name(resource: Resource) -> str:
    metadata = resource.section("metadata")
    return "/".join(str(metadata[key]) for key in ("namespace", "name") if key in metadata)
