"""Each tenant on one line: is its namespace there, does what it runs run, how full is its quota."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from agentic.ops.status.cluster import NAMESPACES, Cluster, Object, name_of, part, told
from agentic.ops.status.expected import Expected
from agentic.ops.status.finding import Finding, Section, State
from agentic.ops.status.pending import count_by_namespace
from agentic.ops.status.quota_use import Use
from agentic.ops.status.workloads import Key, Running

AREA = "tenants"


def tenants(
    expected: Expected,
    cluster: Cluster,
    *,
    running: Mapping[Key, Running],
    pending: Collection[Object],
    uses: Collection[Use],
    objects: Collection[Finding],
) -> Section:
    """Namespaces of the plan that are missing or going, and a line a tenant."""
    listing = cluster.list(NAMESPACES)
    missing = told(AREA, "namespaces", listing)
    if missing:
        return Section(area=AREA, line=missing.state.value, findings=(missing,))
    spaces = {name_of(item): item for item in listing.items}
    findings = tuple(
        finding
        for name in sorted(expected.namespaces)
        if (finding := _judged(name, spaces.get(name), expected))
    )
    waiting = count_by_namespace(pending)
    lines = [
        _line(name, running, waiting.get(name, 0), uses, objects)
        for name in expected.tenants
        if name in spaces
    ]
    there = sum(name in spaces for name in expected.tenants)
    return Section(
        area=AREA,
        line=f"{there} of {len(expected.tenants)} there",
        findings=findings,
        details=tuple(text for _, text in sorted(lines)),
    )


def _judged(name: str, space: Object | None, expected: Expected) -> Finding | None:
    what = f"{'tenant' if name in expected.tenants else 'namespace'} {name}"
    if space is None:
        return Finding(area=AREA, what=what, state=State.DEGRADED, said="is not there", next="pulumi up")
    if part(space, "status").get("phase") == "Terminating":
        return Finding(
            area=AREA,
            what=what,
            state=State.DEGRADED,
            said="is being deleted",
            next=f"kubectl describe namespace {name}",
        )
    return None


def _line(
    name: str,
    running: Mapping[Key, Running],
    waiting: int,
    uses: Collection[Use],
    objects: Collection[Finding],
) -> tuple[bool, str]:
    """Whether all is quiet there, and what is to be said."""
    mine = [one for one in running.values() if one.namespace == name]
    well = sum(one.is_well for one in mine)
    said = [f"{well} of {len(mine)} workloads ready"] if running else ["there"]
    if waiting:
        said.append(f"{waiting} pods pending")
    unready = sum(f" {name}/" in finding.what for finding in objects)
    if unready:
        said.append(f"{unready} objects not ready")
    fullest = max((use for use in uses if use.namespace == name), key=lambda use: use.share, default=None)
    if fullest and fullest.share:
        said.append(str(fullest))
    is_quiet = well == len(mine) and not waiting and not unready
    return is_quiet, f"{name}: {', '.join(said)}"
