"""AWS's side of the cluster: control plane, add-ons, node groups, in EKS's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from agentic.errors import OperatorError
from agentic.ops.status.cluster import part
from agentic.ops.status.expected import Expected
from agentic.ops.status.finding import Finding, Section, State

AREA = "EKS"
GOOD = "ACTIVE"


class Eks(Protocol):
    """The calls, as boto3 names them."""

    def ask(self, method: str, **arguments: Any) -> Mapping[str, Any] | None:
        """The answer; None where what is asked about is not there. OperatorError where AWS cannot be asked."""
        ...


def eks(expected: Expected, aws: Eks) -> Section:
    """The control plane at its planned version, every planned add-on, every node group."""
    try:
        answer = aws.ask("describe_cluster", name=expected.cluster)
        if answer is None:
            finding = _finding(
                f"cluster {expected.cluster}",
                f"is not there in {expected.region}",
                "pulumi up, or check the region",
            )
            return Section(area=AREA, line="no cluster", findings=(finding,))
        cluster = part(answer, "cluster")
        findings = [
            *_of_cluster(expected, cluster),
            *_of_addons(expected, aws),
            *_of_node_groups(expected, aws),
        ]
    except OperatorError as error:
        unknown = Finding(
            area=AREA,
            what="AWS",
            state=State.UNKNOWN,
            said=" ".join(error.problem.split()),
            next=error.remedy,
        )
        return Section(area=AREA, line="cannot be asked", findings=(unknown,))
    line = f"{cluster.get('name')} {cluster.get('status')}, Kubernetes {cluster.get('version')}"
    return Section(area=AREA, line=line, findings=tuple(findings))


def _of_cluster(expected: Expected, cluster: Mapping[str, Any]) -> Iterator[Finding]:
    what = f"cluster {expected.cluster}"
    console = f"aws eks describe-cluster --name {expected.cluster} --region {expected.region}"
    if cluster.get("status") != GOOD:
        yield _finding(what, f"is {cluster.get('status')}", console)
    if expected.kubernetes and cluster.get("version") != expected.kubernetes:
        yield _finding(
            what,
            f"is at {cluster.get('version')}, {expected.kubernetes} is planned",
            "pulumi up, in a quiet hour",
        )
    yield from _issues(what, cluster, console)


def _of_addons(expected: Expected, aws: Eks) -> Iterator[Finding]:
    for name in expected.addons:
        describe = f"aws eks describe-addon --cluster-name {expected.cluster} --addon-name {name}"
        answer = aws.ask("describe_addon", clusterName=expected.cluster, addonName=name)
        if answer is None:
            yield _finding(f"add-on {name}", "is not there", "pulumi up")
            continue
        addon = part(answer, "addon")
        if addon.get("status") != GOOD:
            yield _finding(f"add-on {name}", f"is {addon.get('status')}", describe)
        yield from _issues(f"add-on {name}", addon, describe)


def _of_node_groups(expected: Expected, aws: Eks) -> Iterator[Finding]:
    answer = aws.ask("list_nodegroups", clusterName=expected.cluster) or {}
    names: list[str] = answer.get("nodegroups") or []
    if len(names) < expected.node_groups:
        yield _finding("node groups", f"{len(names)} there, {expected.node_groups} planned", "pulumi up")
    for name in names:
        found = aws.ask("describe_nodegroup", clusterName=expected.cluster, nodegroupName=name)
        group = part(found or {}, "nodegroup")
        describe = f"aws eks describe-nodegroup --cluster-name {expected.cluster} --nodegroup-name {name}"
        if group.get("status") != GOOD:
            yield _finding(f"node group {name}", f"is {group.get('status')}", describe)
        yield from _issues(f"node group {name}", group, describe)


def _issues(what: str, found: Mapping[str, Any], next_step: str) -> Iterator[Finding]:
    issues: list[Mapping[str, Any]] = part(found, "health").get("issues") or []
    for issue in issues:
        ids: list[str] = issue.get("resourceIds") or []
        about = f" ({', '.join(ids[:3])})" if ids else ""
        yield _finding(what, f"{issue.get('code')}: {issue.get('message', 'no message')}{about}", next_step)


def _finding(what: str, said: str, next_step: str) -> Finding:
    return Finding(area=AREA, what=what, state=State.DEGRADED, said=said, next=next_step)
