"""Workloads: pods that are ready, of those that are wanted; planned ones, and whoever else runs beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentic.ops.status.cluster import (
    DAEMON_SETS,
    DEPLOYMENTS,
    JOBS,
    PODS,
    STATEFUL_SETS,
    Cluster,
    Object,
    condition,
    name_of,
    namespace_of,
    part,
    said_by,
    told,
)
from agentic.ops.status.expected import Expected, ExpectedWorkload
from agentic.ops.status.finding import Finding, Section, State
from agentic.ops.status.pod_troubles import troubles

AREA = "workloads"
KINDS = (DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS)
MOST_ASKED = 20
"""Workloads whose pods are looked at: a cluster that lost its nodes has hundreds."""

Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Running:
    """One workload as it is."""

    namespace: str
    kind: str
    name: str
    ready: int
    wanted: int
    selector: Mapping[str, str]
    said: str
    """What its controller complains of; empty where it does not."""
    behind: bool
    """Whether its newest version is not out everywhere."""

    @property
    def is_well(self) -> bool:
        """Whether all that is wanted is ready."""
        return self.ready >= self.wanted and not self.said and not self.behind

    @property
    def what(self) -> str:
        """As a person names it."""
        return f"{self.kind} {self.namespace}/{self.name}"


def running(found: Object, kind: str) -> Running:
    """One Deployment, StatefulSet or DaemonSet of a list, which does not say its kind."""
    status = part(found, "status")
    if kind == DAEMON_SETS.kind:
        wanted, ready = _count(status, "desiredNumberScheduled"), _count(status, "numberReady")
        updated = _count(status, "updatedNumberScheduled")
    else:
        wanted, ready = _count(part(found, "spec"), "replicas", 1), _count(status, "readyReplicas")
        updated = _count(status, "updatedReplicas")
    seen = _count(status, "observedGeneration") >= _count(part(found, "metadata"), "generation")
    return Running(
        namespace=namespace_of(found),
        kind=kind,
        name=name_of(found),
        ready=ready,
        wanted=wanted,
        selector={key: str(value) for key, value in part(found, "spec", "selector", "matchLabels").items()},
        said=_complaint(found),
        behind=not seen or updated < wanted,
    )


def workloads(expected: Expected, cluster: Cluster) -> tuple[Section, Mapping[Key, Running]]:
    """Every planned workload, every other one that is not well, failed Jobs; and all that was found."""
    found: dict[Key, Running] = {}
    findings: list[Finding] = []
    for api in KINDS:
        listing = cluster.list(api)
        missing = told(AREA, f"{api.plural}", listing)
        if missing:
            findings.append(missing)
        for item in listing.items:
            one = running(item, api.kind)
            found[one.namespace, one.kind, one.name] = one
    if findings:
        line = f"{len(expected.workloads)} planned, {findings[0].state.value}"
        return Section(area=AREA, line=line, findings=_once(findings)), found
    planned = {(one.namespace, one.kind, one.name): one for one in expected.workloads}
    findings += _of_planned(planned, found)
    findings += [_unwell(one, "") for key, one in found.items() if key not in planned and not one.is_well]
    findings += _failed_jobs(cluster)
    ranked = tuple(_explained(finding, found, cluster, index) for index, finding in enumerate(findings))
    good = sum(_is_fine(wanted, found.get(key)) for key, wanted in planned.items())
    others = len(found.keys() - planned.keys())
    line = f"{good} of {len(planned)} planned ready, {others} others"
    return Section(area=AREA, line=line, findings=ranked), found


def _is_fine(wanted: ExpectedWorkload, one: Running | None) -> bool:
    return one is not None and one.is_well and (one.wanted > 0 or _may_rest(wanted))


def _may_rest(wanted: ExpectedWorkload) -> bool:
    # A DaemonSet for GPUs has no pod while there is no such node.
    return wanted.may_rest or wanted.kind == DAEMON_SETS.kind


def _of_planned(planned: Mapping[Key, ExpectedWorkload], found: Mapping[Key, Running]) -> Iterator[Finding]:
    for key, wanted in planned.items():
        one = found.get(key)
        what = f"{wanted.kind} {wanted.namespace}/{wanted.name}"
        if one is None:
            if not wanted.may_rest:
                yield Finding(
                    area=AREA,
                    what=what,
                    state=State.DEGRADED,
                    said="is not there",
                    component=wanted.component,
                    next="pulumi up; a release's own: see its Helm history",
                )
        elif not one.is_well:
            yield _unwell(one, wanted.component)
        elif not one.wanted and not _may_rest(wanted):
            yield Finding(
                area=AREA,
                what=what,
                state=State.DEGRADED,
                said="was scaled to nothing",
                component=wanted.component,
                next="pulumi refresh, then pulumi up; or see what scales it: kubectl get hpa,scaledobjects -A",
            )


def _unwell(one: Running, component: str) -> Finding:
    said = f"{one.ready} of {one.wanted} ready" + (f"; {one.said}" if one.said else "")
    if one.ready >= one.wanted and not one.said:
        said = f"{said}; the newest version is not out everywhere yet"
    return Finding(
        area=AREA,
        what=one.what,
        state=State.DEGRADED,
        said=said,
        component=component,
        next=f"kubectl describe {one.kind.lower()} {one.name} -n {one.namespace}",
    )


def _explained(finding: Finding, found: Mapping[Key, Running], cluster: Cluster, index: int) -> Finding:
    """The finding with what the pods themselves complain of."""
    one = next((one for one in found.values() if one.what == finding.what), None)
    if one is None or not one.selector or one.ready >= one.wanted or index >= MOST_ASKED:
        return finding
    labels = ",".join(f"{key}={value}" for key, value in sorted(one.selector.items()))
    pods = cluster.list(PODS, labels=labels)
    said = sorted(
        {trouble for pod in pods.items if namespace_of(pod) == one.namespace for trouble in troubles(pod)}
    )
    if not said:
        return finding
    return Finding(
        area=finding.area,
        what=finding.what,
        state=finding.state,
        said=f"{finding.said}; {'; '.join(said[:3])}",
        component=finding.component,
        next=f"kubectl get pods -n {one.namespace} -l {labels}",
    )


def _failed_jobs(cluster: Cluster) -> Iterator[Finding]:
    listing = cluster.list(JOBS)
    missing = told(AREA, "jobs", listing)
    if missing:
        yield missing
    for job in listing.items:
        failed = condition(job, "Failed")
        if failed.get("status") == "True":
            yield Finding(
                area=AREA,
                what=f"Job {namespace_of(job)}/{name_of(job)}",
                state=State.DEGRADED,
                said=f"failed: {said_by(failed)}",
                next=f"kubectl logs job/{name_of(job)} -n {namespace_of(job)}",
            )


def _complaint(found: Object) -> str:
    refused = condition(found, "ReplicaFailure")
    if refused.get("status") == "True":
        return said_by(refused)
    progressing = condition(found, "Progressing")
    return said_by(progressing) if progressing.get("status") == "False" else ""


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """One line for several kinds that are missing for the same reason."""
    names: dict[tuple[State, str], list[str]] = {}
    for finding in findings:
        names.setdefault((finding.state, finding.said), []).append(finding.what)
    return tuple(
        Finding(area=AREA, what=", ".join(what), state=state, said=said)
        for (state, said), what in names.items()
    )


def _count(mapping: Mapping[str, object], key: str, default: int = 0) -> int:
    value = mapping.get(key, default)
    return value if isinstance(value, int) else default
