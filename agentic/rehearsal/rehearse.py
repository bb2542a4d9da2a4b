"""Takes a plan's Kubernetes objects, in plan order, to a real API server and notes what it says."""

from __future__ import annotations

import time
from collections.abc import Sequence

from agentic.crds.directory import Definition
from agentic.plan.model import Plan, Resource
from agentic.plan.order import creation_order
from agentic.plan.replacements import RELEASE
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.result import Rehearsal, Unjudged
from agentic.rehearsal.stage import Stage, manifest_of
from components.charts.pods import PodClass

_PREFIX = "kubernetes:"


def rehearse(
    plan: Plan, server: ApiServer, *, at_hand: Sequence[Definition], declared: Sequence[PodClass] = ()
) -> Rehearsal:
    """Everything in the plan that is Kubernetes' business, judged; the server must be a fresh one.

    `at_hand` are definitions of third-party kinds, `declared` the pods that the plan's releases bring.
    """
    started = time.monotonic()
    stage = Stage(server.objects)
    resources = [plan.by_urn(urn) for urn in creation_order(plan)]
    ours = [resource for resource in resources if resource.type.startswith(_PREFIX)]
    installed = stage.prepare(at_hand, [manifest_of(r) for r in ours if _is_object(r)])
    prepared = time.monotonic()
    for resource in ours:
        if resource.type == RELEASE:
            stage.release(resource, declared)
        elif _is_object(resource):
            stage.object(resource)
        else:
            stage.opaque.append(
                Unjudged(what=_title(resource), urn=resource.urn, why="its objects are made by its provider")
            )
    stage.finish(declared)
    return Rehearsal(
        stack=plan.stack,
        kubernetes=server.version,
        definitions=installed,
        accepted=tuple(stage.accepted),
        pods=stage.pods,
        rejected=tuple(stage.rejected),
        without_schema={kind: tuple(names) for kind, names in sorted(stage.without_schema.items())},
        opaque=tuple(stage.opaque),
        warnings=tuple(dict.fromkeys(stage.warnings)),
        seconds={"definitions": prepared - started, "objects": time.monotonic() - prepared},
    )


def kinds_of(plan: Plan) -> set[tuple[str, str]]:
    """Every (apiVersion, kind) that the plan's own objects have."""
    ours = (resource for resource in plan.resources if resource.type.startswith(_PREFIX))
    manifests = (resource.inputs for resource in ours if _is_object(resource))
    return {(str(one.get("apiVersion", "")), str(one["kind"])) for one in manifests}


def _is_object(resource: Resource) -> bool:
    return resource.custom and not resource.remote and "kind" in resource.inputs


def _title(resource: Resource) -> str:
    return f"{resource.type.removeprefix(_PREFIX)} {resource.name}"
