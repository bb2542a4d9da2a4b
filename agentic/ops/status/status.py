"""The status of a stack: its plan, its cluster and its AWS side, asked at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from agentic.ops.status.cluster import Cluster, Unreachable
from agentic.ops.status.conditions import objects
from agentic.ops.status.eks import Eks, eks
from agentic.ops.status.expected import Expected
from agentic.ops.status.finding import EXIT_CODES, Finding, Section, State, worst
from agentic.ops.status.nodes import nodes
from agentic.ops.status.pending import pending
from agentic.ops.status.quota_use import quota_use
from agentic.ops.status.releases import releases
from agentic.ops.status.tenants import tenants
from agentic.ops.status.workloads import workloads


@dataclass(frozen=True, kw_only=True)
class Component:
    """One planned component: what of it is as planned."""

    name: str
    releases: int
    workloads: int
    state: State
    findings: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """A stack as it is."""

    expected: Expected
    source: str
    """What the cluster was read through."""
    label: str
    """What this status can and cannot show; empty for a real cluster."""
    components: tuple[Component, ...]
    sections: tuple[Section, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that needs reading, in the order of the areas."""
        return tuple(finding for section in self.sections for finding in section.findings)

    @property
    def state(self) -> State:
        """What is certainly wrong counts before what could not be found out."""
        return worst(finding.state for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 healthy, 1 degraded, 2 cannot tell."""
        return EXIT_CODES[self.state]


def status(
    expected: Expected, reach: Callable[[], Cluster], aws: Eks, now: datetime, *, label: str = ""
) -> Status:
    """Ask the cluster and AWS; whichever does not answer leaves the other's part standing."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        from_aws = beside.submit(eks, expected, aws)
        source, sections = _of_cluster(expected, reach, now)
        every = (from_aws.result(), *sections)
    return Status(
        expected=expected,
        source=source,
        label=label,
        components=_components(expected, every),
        sections=every,
    )


def _of_cluster(
    expected: Expected, reach: Callable[[], Cluster], now: datetime
) -> tuple[str, tuple[Section, ...]]:
    try:
        cluster = reach()
        return cluster.title, _sections(expected, cluster, now)
    except Unreachable as error:
        finding = Finding(
            area="cluster",
            what=expected.cluster,
            state=State.UNKNOWN,
            said=" ".join(error.problem.split()),
            next=error.remedy,
        )
        return "nothing", (Section(area="cluster", line="cannot be read", findings=(finding,)),)


def _sections(expected: Expected, cluster: Cluster, now: datetime) -> tuple[Section, ...]:
    """Every area; the lists are independent, so a slow connection is waited for once and not ten times."""
    with ThreadPoolExecutor(max_workers=6) as pool:
        of_releases = pool.submit(releases, expected, cluster)
        of_workloads = pool.submit(workloads, expected, cluster)
        of_nodes = pool.submit(nodes, expected, cluster, now)
        of_pods = pool.submit(pending, cluster, now)
        of_objects = pool.submit(objects, expected, cluster)
        of_quotas = pool.submit(quota_use, cluster)
        kept, running = of_workloads.result()
        waiting, pods = of_pods.result()
        made, not_ready = of_objects.result()
        quotas, uses = of_quotas.result()
    tenant = tenants(expected, cluster, running=running, pending=pods, uses=uses, objects=not_ready)
    return (of_releases.result(), kept, of_nodes.result(), waiting, made, quotas, tenant)


def _components(expected: Expected, sections: tuple[Section, ...]) -> tuple[Component, ...]:
    findings = [finding for section in sections for finding in section.findings]
    blind = [finding for finding in findings if not finding.component and finding.area in _PER_COMPONENT]
    unseen = worst(finding.state for finding in blind if finding.state is not State.DEGRADED)
    if any(finding.area == "cluster" for finding in findings):
        unseen = State.UNKNOWN
    found: list[Component] = []
    for name in expected.components:
        own = [finding for finding in findings if finding.component == name]
        found.append(
            Component(
                name=name,
                releases=sum(one.component == name for one in expected.releases),
                workloads=sum(one.component == name for one in expected.workloads),
                state=worst((unseen, *(finding.state for finding in own))),
                findings=len(own),
            )
        )
    return tuple(found)


_PER_COMPONENT = ("releases", "workloads")
