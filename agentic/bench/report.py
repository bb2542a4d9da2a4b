"""Every measurement in a fresh process, the middle of a few, and one row a tenant count."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

TENANTS = (1, 10, 50, 200)
RUNS = 3
AIM_RATIO = 1.0
AIM_MS = 3.0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The middle of a few runs of one kind."""

    seconds: float
    resources: int
    peak_mib: int

    @property
    def ms_each(self) -> float:
        """Milliseconds a registration."""
        return 1000 * self.seconds / self.resources


@dataclass(frozen=True, kw_only=True)
class Row:
    """One tenant count."""

    tenants: int
    capture: Measured
    floor: Measured
    bare: Measured

    @property
    def ratio(self) -> float:
        """Capture against the floor: below 1 is faster than the SDK alone."""
        return self.capture.seconds / self.floor.seconds

    def line(self) -> str:
        """One line of the table."""
        capture = self.capture
        return (
            f"{self.tenants:>4} tenants  {capture.resources:>5} resources  {capture.seconds:>6.2f} s  "
            f"{capture.ms_each:>5.2f} ms each  {capture.peak_mib:>4} MiB  "
            f"floor {self.floor.seconds:>6.2f} s  {self.ratio:.2f}x  "
            f"bare {self.bare.seconds:>6.2f} s  {capture.seconds / self.bare.seconds:.2f}x"
        )


def middle(kind: str, tenants: int, root: Path, runs: int) -> Measured:
    """Measure `runs` times, each in a new process, and keep the run in the middle."""
    found = sorted((_once(kind, tenants, root) for _ in range(runs)), key=lambda run: run.seconds)
    return Measured(
        seconds=statistics.median(run.seconds for run in found),
        resources=found[0].resources,
        peak_mib=max(run.peak_mib for run in found),
    )


def growth(rows: Iterable[Row]) -> float:
    """Milliseconds a resource added by the last step, over those added by the first: 1 is linear."""
    rows = list(rows)
    steps = [
        (after.capture.seconds - before.capture.seconds)
        / (after.capture.resources - before.capture.resources)
        for before, after in pairwise(rows)
    ]
    # The step with fewest tenants is mostly noise; the two longest are compared.
    return steps[-1] / steps[-2] if len(steps) > 1 else 1.0


def verdicts(rows: list[Row]) -> list[str]:
    """What was aimed at and what came out, a line each."""
    last = rows[-1]
    return [
        f"ratio at {last.tenants} tenants: {last.ratio:.2f}x of the floor (aim: at most {AIM_RATIO:.1f}x)",
        f"a registration: {last.capture.ms_each:.2f} ms (aim: under {AIM_MS:.0f} ms)",
        f"growth: the last tenants cost {growth(rows):.2f} times the earlier ones, a resource (linear is 1)",
    ]


def main(
    root: Path, tenants: Iterable[int] = TENANTS, runs: int = RUNS, say: Callable[[str], object] = print
) -> list[Row]:
    """Measure and print everything; the rows are returned for those who check them."""
    say("capture: `agentic plan` of the dev stack, imports left out")
    say(
        "floor:   the same registrations through the SDK's generated classes, default settings, only answered"
    )
    say("bare:    the same through pulumi.CustomResource, without generated classes")
    say("")
    rows: list[Row] = []
    for number in tenants:
        found = {kind: middle(kind, number, root, runs) for kind in ("capture", "floor", "bare")}
        rows.append(Row(tenants=number, **found))
        say(rows[-1].line())
    say("")
    for verdict in verdicts(rows):
        say(verdict)
    return rows


def _once(kind: str, tenants: int, root: Path) -> Measured:
    command = [sys.executable, "-m", "agentic.bench.worker", kind, str(tenants), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))
