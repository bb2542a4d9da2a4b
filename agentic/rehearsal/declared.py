"""Which pods a plan's releases bring: what their components declare for the stack it was captured from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentic.plan.model import Plan
from agentic.plan.replacements import RELEASE
from components.charts.pins import PINS, Crds
from components.charts.pods import PodClass
from stacks import config, stack_file
from stacks.errors import ConfigError
from stacks.pods import declared_pods


@dataclass(frozen=True, slots=True)
class Declared:
    """The pods, and what has to be said about those that are missing."""

    pods: tuple[PodClass, ...]
    notes: tuple[str, ...]


def of_plan(plan: Plan, root: Path) -> Declared:
    """The declared pods of every release in the plan; without its stack file there are none, and a note."""
    try:
        file = stack_file.read(root, plan.stack)
        pods = declared_pods(config.parse(file.platform, file.path.name))
    except ConfigError as error:
        reason = str(error).splitlines()[0]
        return Declared((), (f"pods of releases are not tried: {reason}",))
    silent = sorted(set(_releases(plan)) - {pod.release for pod in pods})
    notes = (f"declares no pods, none tried: {', '.join(silent)}",) if silent else ()
    return Declared(pods, notes)


def _releases(plan: Plan) -> list[str]:
    """Releases that run something: a chart of nothing but definitions has no pods to declare."""
    only_definitions = {pin.chart for pin in PINS if pin.crds is Crds.ONLY}
    return [
        str(release.inputs.get("name", release.name))
        for release in plan.all(RELEASE)
        if release.inputs.get("chart") not in only_definitions
    ]
