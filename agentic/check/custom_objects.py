"""Which objects of a plan are of kinds that something in it has to install first, and whether they wait for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import networkx

from agentic.plan.model import Plan, Resource
from agentic.plan.shapes import RELEASE
from agentic.sandbox.providers.kubernetes.definitions import (
    ADDONS,
    AUTO_MODE,
    BUILT_IN,
    group_of,
    is_known,
    of_manifest,
    of_release,
)
from policies.rules.rule import CustomObject

_ADDON = "aws:eks/addon:Addon"
_CLUSTER = "aws:eks/cluster:Cluster"
_DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
_MANIFEST = "kubernetes:yaml/v2:ConfigFile"


def custom_objects(plan: Plan) -> Iterator[CustomObject]:
    """Each object of a kind that no API server has by itself, in the plan's order."""
    sources = _sources(plan)
    waiting = _waiting(plan, sources)
    for resource in plan:
        api_version = str(resource.inputs.get("apiVersion", ""))
        group = group_of(api_version)
        if not resource.custom or not resource.type.startswith("kubernetes:") or group in BUILT_IN:
            continue
        yield CustomObject(
            where=f"{resource.type} {resource.name}",
            kind=f"{resource.inputs.get('kind', '')}.{group}",
            brought_by=tuple(source.name for source in sources.get(group, ())),
            comes_after=resource.urn in waiting.get(group, ()),
            known=is_known(group),
        )


def _sources(plan: Plan) -> dict[str, list[Resource]]:
    """What installs the definitions of each API group."""
    found: dict[str, list[Resource]] = {}
    for resource in plan:
        for group in _brought(resource):
            found.setdefault(group, []).append(resource)
    return found


def _brought(resource: Resource) -> tuple[str, ...]:
    inputs = resource.inputs
    if resource.type == RELEASE:
        return of_release(inputs)
    if resource.type == _MANIFEST:
        return of_manifest(str(inputs.get("file", "")))
    if resource.type == _ADDON:
        return ADDONS.get(str(inputs.get("addonName")), ())
    if resource.type == _DEFINITION:
        return (str(resource.section("spec").get("group", "")),)
    if resource.type == _CLUSTER and resource.section("computeConfig").get("enabled"):
        return AUTO_MODE
    return ()


def _waiting(plan: Plan, sources: Mapping[str, list[Resource]]) -> dict[str, set[str]]:
    """URNs of all that needs a source of each group, directly or not."""
    networks: Any = networkx  # the stubs lose the node type behind a dispatching decorator
    edges = plan.graph()
    after = {one.urn: networks.ancestors(edges, one.urn) for found in sources.values() for one in found}
    return {group: set[str]().union(*(after[one.urn] for one in found)) for group, found in sources.items()}
