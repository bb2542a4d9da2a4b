"""Objects that somebody has to act on and that say themselves whether it worked: one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentic.ops.status.cluster import (
    CLAIMS,
    Api,
    Cluster,
    Listing,
    Object,
    condition,
    name_of,
    namespace_of,
    part,
    place_of,
    said_by,
    told,
)
from agentic.ops.status.expected import Expected, ExpectedObject
from agentic.ops.status.finding import Finding, Section, State

AREA = "objects"


@dataclass(frozen=True)
class Row:
    """A kind and the condition that is True when it works."""

    api: Api
    condition: str = "Ready"
    always: bool = False
    """Looked at even where the plan has none: charts and tenants make their own."""
    phase: str = ""
    """For kinds that have a phase and no conditions: the one in which they work."""


ROWS: tuple[Row, ...] = (
    Row(Api("external-secrets.io/v1", "clustersecretstores", "ClusterSecretStore")),
    Row(Api("external-secrets.io/v1", "secretstores", "SecretStore"), always=True),
    Row(Api("external-secrets.io/v1", "externalsecrets", "ExternalSecret"), always=True),
    Row(Api("external-secrets.io/v1alpha1", "pushsecrets", "PushSecret")),
    Row(Api("cert-manager.io/v1", "clusterissuers", "ClusterIssuer")),
    Row(Api("cert-manager.io/v1", "issuers", "Issuer")),
    Row(Api("cert-manager.io/v1", "certificates", "Certificate"), always=True),
    Row(Api("karpenter.k8s.aws/v1", "ec2nodeclasses", "EC2NodeClass")),
    Row(Api("clickhouse.com/v1alpha1", "keeperclusters", "KeeperCluster")),
    Row(Api("clickhouse.com/v1alpha1", "clickhouseclusters", "ClickHouseCluster")),
    Row(Api("gateway.networking.k8s.io/v1", "gateways", "Gateway"), "Programmed"),
    Row(Api("keda.sh/v1alpha1", "scaledobjects", "ScaledObject"), always=True),
    Row(Api("kagent.dev/v1alpha2", "modelconfigs", "ModelConfig"), "Accepted"),
    Row(Api("kagent.dev/v1alpha2", "remotemcpservers", "RemoteMCPServer"), "Accepted"),
    Row(Api("kagent.dev/v1alpha2", "agents", "Agent"), "Ready"),
    Row(Api("argoproj.io/v1alpha1", "appprojects", "AppProject"), ""),
    Row(
        Api("velero.io/v1", "backupstoragelocations", "BackupStorageLocation"),
        "",
        always=True,
        phase="Available",
    ),
    Row(Api("velero.io/v1", "schedules", "Schedule"), "", phase="Enabled"),
)
"""A kind of a new component is one row; without a condition its objects only have to be there."""


def objects(expected: Expected, cluster: Cluster) -> tuple[Section, tuple[Finding, ...]]:
    """Planned objects that are missing, objects that are not ready, claims without a volume."""
    findings: list[Finding] = []
    seen = 0
    for row in ROWS:
        planned = [one for one in expected.objects if one.kind == row.api.kind and _is(row.api, one)]
        if not planned and not row.always:
            continue
        listing = cluster.list(row.api)
        missing = told(AREA, row.api.plural, listing)
        if missing:
            findings.append(missing)
            continue
        seen += len(listing.items)
        findings += _of(row, planned, listing, has_controllers=cluster.has_controllers)
    claims = cluster.list(CLAIMS)
    missing = told(AREA, CLAIMS.plural, claims)
    findings += [missing] if missing else list(_of_claims(claims))
    seen += len(claims.items)
    found = tuple(findings)
    bad = sum(finding.state is State.DEGRADED for finding in found)
    what = "ready" if cluster.has_controllers else "there (nobody acts on them here)"
    return Section(area=AREA, line=f"{max(seen - bad, 0)} of {seen} {what}", findings=found), found


def _is(api: Api, one: ExpectedObject) -> bool:
    return one.api_version.partition("/")[0] == api.group_version.partition("/")[0]


def _of(
    row: Row, planned: list[ExpectedObject], listing: Listing, *, has_controllers: bool
) -> Iterator[Finding]:
    there = {(namespace_of(item), name_of(item)): item for item in listing.items}
    component = {(one.namespace, one.name): one.component for one in planned}
    if planned and not listing.served:
        yield Finding(
            area=AREA,
            what=row.api.kind,
            state=State.DEGRADED,
            said=f"the cluster does not know this kind; {len(planned)} planned",
            component=planned[0].component,
            next="its definitions come with a release: see releases above",
        )
        return
    for one in planned:
        if (one.namespace, one.name) not in there:
            place = f"{one.namespace}/{one.name}" if one.namespace else one.name
            yield Finding(
                area=AREA,
                what=f"{one.kind} {place}",
                state=State.DEGRADED,
                said="is not there",
                component=one.component,
                next="pulumi up",
            )
    if not has_controllers:
        return
    for key, item in there.items():
        said = _amiss(row, item)
        if said:
            yield _unready(f"{row.api.kind} {place_of(item)}", said, item, row.api, component.get(key, ""))


def _amiss(row: Row, item: Object) -> str:
    """What an object says is wrong with it; empty where it works, or has nothing to say."""
    if row.phase:
        status = part(item, "status")
        phase = status.get("phase")
        return "" if phase in (None, row.phase) else f"is {phase}: {status.get('message', 'no reason given')}"
    if not row.condition:
        return ""
    found = condition(item, row.condition)
    if found.get("status") == "True":
        return ""
    return said_by(found) if found else "nobody has looked at it yet"


def _of_claims(claims: Listing) -> Iterator[Finding]:
    for claim in claims.items:
        phase = part(claim, "status").get("phase")
        if phase is not None and phase != "Bound":
            size = part(claim, "spec", "resources", "requests").get("storage", "?")
            said = f"is {phase}, {size} of class {part(claim, 'spec').get('storageClassName', 'default')}"
            yield _unready(f"volume claim {place_of(claim)}", said, claim, CLAIMS, "")


def _unready(what: str, said: str, item: Object, api: Api, component: str) -> Finding:
    namespace = namespace_of(item)
    where = f" -n {namespace}" if namespace else ""
    return Finding(
        area=AREA,
        what=what,
        state=State.DEGRADED,
        said=said,
        component=component,
        next=f"kubectl describe {api.kind.lower()} {name_of(item)}{where}",
    )
