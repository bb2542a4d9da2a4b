"""Objects that a quota counts: those of the plan, and who may make more than any plan shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

from agentic.plan.demands import Demand
from agentic.plan.model import Plan, Resource
from components.core.quantities import parse

OBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "services": "kubernetes:core/v1:Service",
        "persistentvolumeclaims": "kubernetes:core/v1:PersistentVolumeClaim",
        "configmaps": "kubernetes:core/v1:ConfigMap",
        "secrets": "kubernetes:core/v1:Secret",
    }
)
"""What a quota counts as objects, and a release may make more of than any plan shows."""


def is_counted(resource: str) -> bool:
    """Whether a quota counts objects by this name, and not what pods ask for."""
    return resource in OBJECTS or resource.startswith(("requests.storage", "count/", "services."))


def object_count(
    plan: Plan, namespace: str, resource: str, counted: Iterable[Demand]
) -> tuple[Fraction, list[str]]:
    """Objects of the plan that a quota counts, and who may bring more."""
    releases = sorted({one.group for one in counted if one.declared})
    more = [f"what {release} makes" for release in releases]
    if resource == "requests.storage":
        sizes = [size for one in counted for size in one.claims * (one.replicas or 0)]
        sizes += [
            str(claim.section("spec", "resources", "requests").get("storage", "unknown"))
            for claim in _in(plan, OBJECTS["persistentvolumeclaims"], namespace)
        ]
        try:
            return sum(map(parse, sizes), Fraction(0)), more
        except ValueError:
            return Fraction(0), [*more, "the size of a volume claim"]
    if resource.startswith("services."):
        wanted = {
            "services.loadbalancers": {"LoadBalancer"},
            "services.nodeports": {"LoadBalancer", "NodePort"},
        }
        types = wanted.get(resource, set())
        services = _in(plan, OBJECTS["services"], namespace)
        return Fraction(sum(one.section("spec").get("type") in types for one in services)), []
    if resource not in OBJECTS:
        return Fraction(0), [f"{resource} is not counted here"]
    found = len(_in(plan, OBJECTS[resource], namespace))
    if resource == "persistentvolumeclaims":
        found += sum(len(one.claims) * (one.replicas or 0) for one in counted)
    return Fraction(found), more


def _in(plan: Plan, token: str, namespace: str) -> list[Resource]:
    return [
        found
        for found in plan.all(token)
        if found.section("metadata").get("namespace", "default") == namespace
    ]
