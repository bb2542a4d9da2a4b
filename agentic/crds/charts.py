"""Definitions from the pinned charts themselves, where there is a Helm that can reach them.

Only for charts whose definitions no module has at the chart's version. What cannot be reached is said and is
no failure: the module's definitions, or a known gap, stand in.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import yaml

from agentic.crds.directory import read
from agentic.crds.errors import CrdError
from agentic.crds.placing import holds, place
from agentic.crds.sources import Source
from agentic.sandbox.providers.kubernetes.definitions import CHARTS
from components.charts.pins import PINS, Crds, Pin

DIRECTORY = "_charts"
"""Read before every module's directory: the first definition of a kind counts, and the chart's is exact."""
HELM_SECONDS = 60.0


def uncovered(sources: Iterable[Source], pins: Iterable[Pin] = PINS) -> list[Pin]:
    """Charts with definitions that no source has at the chart's version."""
    exact = [source.pin for source in sources if source.pin and not source.differs]
    return [pin for pin in pins if pin.crds is not Crds.NONE and pin not in exact]


def of_groups(groups: Collection[str], pins: Iterable[Pin] = PINS) -> list[Pin]:
    """Charts that bring definitions of any of these groups."""
    return [pin for pin in pins if pin.crds is not Crds.NONE and not groups_of(pin).isdisjoint(groups)]


def groups_of(pin: Pin) -> frozenset[str]:
    """API groups that a chart's definitions belong to."""
    chart = CHARTS.get(pin.chart.rpartition("/")[2])
    return frozenset(chart.groups if chart else ())


def fetch(directory: Path, pins: Iterable[Pin], say: Callable[[str], None]) -> None:
    """Place the definitions of each chart that can be had."""
    helm = shutil.which("helm")
    for pin in pins:
        home, stamp = directory / DIRECTORY / pin.name, f"{pin.chart} {pin.version}\n"
        if holds(home, stamp):
            continue
        try:
            definitions = _of_chart(helm, pin)
        except CrdError as fault:
            say(f"chart {pin.name} {pin.version}: left out, {fault.problem}")
        else:
            place(home, [("definitions.yaml", definitions)], stamp)
            say(f"chart {pin.name} {pin.version}: definitions as Helm installs them")


def _of_chart(helm: str | None, pin: Pin) -> bytes:
    if helm is None:
        raise CrdError("there is no `helm` on PATH", remedy="")
    command = [helm, "template", pin.name, pin.chart, "--version", pin.version, "--include-crds"]
    command += ["--repo", pin.repo] if pin.repo else []
    try:
        answer = subprocess.run(command, capture_output=True, timeout=HELM_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as failure:
        raise CrdError(f"helm failed: {failure}", remedy="") from None
    if answer.returncode:
        words = answer.stderr.decode(errors="replace").strip().splitlines()
        raise CrdError(f"helm says: {words[-1] if words else 'nothing'}", remedy="")
    found = [dict(one.manifest) for one in read(Path(pin.name), answer.stdout)]
    if not found:
        raise CrdError("it renders no definitions", remedy="")
    return yaml.safe_dump_all(found, sort_keys=False).encode()
