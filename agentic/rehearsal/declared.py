"""Which pods a plan's releases bring: what their components declare, as the plan records it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentic.plan.model import Plan
from agentic.plan.replacements import RELEASE
from components.charts.pins import PINS, Crds
from components.charts.pods import PodClass


@dataclass(frozen=True, slots=True)
class Declared:
    """The pods, and what has to be said about those that are missing."""

    pods: tuple[PodClass, ...]
    notes: tuple[str, ...]


def of_plan(plan: Plan) -> Declared:
    """The declared pods that the plan does not hold itself; a plan that records none gets a note."""
    if plan.pods is None:
        return Declared((), ("pods of releases are not tried: the plan does not say which there are",))
    own = set(_workloads(plan))
    silent = sorted(set(_releases(plan)) - {pod.release for pod in plan.pods})
    notes = (f"declares no pods, none tried: {', '.join(silent)}",) if silent else ()
    return Declared(tuple(pod for pod in plan.pods if (pod.namespace, pod.kind, pod.name) not in own), notes)


def _workloads(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for resource in plan:
        metadata = resource.section("metadata")
        # A CronJob's pods are declared as a Job's: that is what runs.
        kind = resource.type.rpartition(":")[2].removeprefix("Cron")
        yield str(metadata.get("namespace")), kind, str(metadata.get("name"))


def _releases(plan: Plan) -> list[str]:
    """Releases that run something: a chart of nothing but definitions has no pods to declare."""
    only_definitions = {pin.chart for pin in PINS if pin.crds is Crds.ONLY}
    return [
        str(release.inputs.get("name", release.name))
        for release in plan.all(RELEASE)
        if release.inputs.get("chart") not in only_definitions
    ]
