"""Releases as Helm has them, beside their pins."""

from __future__ import annotations

from collections.abc import Iterator

from agentic.ops.status.cluster import Cluster, ReleaseFact
from agentic.ops.status.expected import Expected, ExpectedRelease
from agentic.ops.status.finding import Finding, Section, State

AREA = "releases"
DEPLOYED = "deployed"


def releases(expected: Expected, cluster: Cluster) -> Section:
    """Every planned release: there, deployed, at its pinned version."""
    found = cluster.releases()
    total = len(expected.releases)
    if found.missing is not None:
        finding = Finding(area=AREA, what="all of them", state=found.missing, said=found.why)
        return Section(area=AREA, line=f"{total} planned, {found.missing.value}", findings=(finding,))
    facts = {(fact.namespace, fact.name): fact for fact in found.facts}
    findings = tuple(
        finding
        for wanted in expected.releases
        for finding in _judged(wanted, facts.get((wanted.namespace, wanted.name)))
    )
    good = total - len({finding.what for finding in findings})
    return Section(area=AREA, line=f"{good} of {total} as planned", findings=findings)


def _judged(wanted: ExpectedRelease, fact: ReleaseFact | None) -> Iterator[Finding]:
    def finding(said: str, next_step: str, state: State = State.DEGRADED) -> Finding:
        return Finding(
            area=AREA,
            what=f"{wanted.namespace}/{wanted.name}",
            state=state,
            said=said,
            component=wanted.component,
            next=next_step,
        )

    history = f"helm history {wanted.name} -n {wanted.namespace}"
    if fact is None:
        yield finding("is planned and not installed", "pulumi up, or pulumi refresh if it was")
    elif fact.status != DEPLOYED:
        why = f": {fact.description}" if fact.description else ""
        yield finding(f"is {fact.status or 'of no status'} (revision {fact.revision}){why}", history)
    elif not fact.version:
        yield finding("its Secret cannot be read, so its version is unknown", history, State.UNKNOWN)
    elif _bare(fact.version) != _bare(wanted.version):
        yield finding(f"is at {fact.version}, {wanted.version} is planned", "pulumi up")


def _bare(version: str) -> str:
    return version.removeprefix("v")
