"""What should be there, by the plan of the stack file: nothing of it was asked of any cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agentic.plan.demands import demands
from agentic.plan.model import Plan, Resource
from agentic.plan.shapes import RELEASE
from agentic.plan.summary import NODE_POOLS, layer_of
from components.charts.pods import Workload
from components.core.labels import TENANT_LABEL

KEPT_RUNNING = (Workload.DEPLOYMENT, Workload.STATEFUL_SET, Workload.DAEMON_SET)


@dataclass(frozen=True, kw_only=True)
class ExpectedRelease:
    """A Helm release at the version that is pinned."""

    component: str
    namespace: str
    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ExpectedWorkload:
    """Pods that are kept running; how many is the cluster's business where something scales them."""

    component: str
    namespace: str
    kind: str
    name: str
    may_rest: bool
    """Whether no pod at all is as it should be."""


@dataclass(frozen=True, kw_only=True, order=True)
class ExpectedObject:
    """An object of the plan."""

    api_version: str
    kind: str
    namespace: str
    name: str
    component: str


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A whole stack."""

    stack: str
    cluster: str
    account_id: str
    region: str
    kubernetes: str
    releases: tuple[ExpectedRelease, ...]
    workloads: tuple[ExpectedWorkload, ...]
    objects: tuple[ExpectedObject, ...]
    namespaces: frozenset[str]
    tenants: tuple[str, ...]
    pools: tuple[str, ...]
    addons: tuple[str, ...]
    node_groups: int

    @property
    def components(self) -> tuple[str, ...]:
        """Those that have a release or a workload, by name."""
        return tuple(sorted({one.component for one in (*self.releases, *self.workloads)}))


def expected(plan: Plan, *, cluster: str, account_id: str, region: str) -> Expected:
    """What a plan says should be there."""
    owners = {_release_name(one): layer_of(one) for one in plan.all(RELEASE)}
    versions = [str(one.inputs.get("version", "")) for one in plan.all("aws:eks/cluster:Cluster")]
    spaces = plan.all("kubernetes:core/v1:Namespace")
    return Expected(
        stack=plan.stack,
        cluster=cluster,
        account_id=account_id,
        region=region,
        kubernetes=versions[0] if versions else "",
        releases=tuple(
            ExpectedRelease(
                component=layer_of(one),
                namespace=str(one.inputs.get("namespace", "default")),
                name=_release_name(one),
                version=str(one.inputs.get("version", "")),
            )
            for one in plan.all(RELEASE)
        ),
        workloads=tuple(_workloads(plan, owners)),
        objects=tuple(sorted(_object(one) for one in plan if _is_object(one))),
        namespaces=frozenset(_metadata(one)[1] for one in spaces),
        tenants=tuple(
            sorted(_metadata(one)[1] for one in spaces if TENANT_LABEL in one.section("metadata", "labels"))
        ),
        pools=tuple(sorted(_metadata(one)[1] for one in plan.all(NODE_POOLS))),
        addons=tuple(sorted(str(one.inputs.get("addonName")) for one in plan.all("aws:eks/addon:Addon"))),
        node_groups=len(plan.all("aws:eks/nodeGroup:NodeGroup")),
    )


def _workloads(plan: Plan, owners: Mapping[str, str]) -> list[ExpectedWorkload]:
    layers = {(_metadata(one), _kind(one)): layer_of(one) for one in plan if _is_object(one)}
    found = [
        ExpectedWorkload(
            component=owners.get(one.group.removeprefix("release "), "")
            if one.declared
            else layers.get(((one.namespace, one.name), one.kind), ""),
            namespace=one.namespace,
            kind=one.kind,
            name=one.name,
            may_rest=one.replicas == 0,
        )
        for one in demands(plan)
        if one.kind in KEPT_RUNNING and not one.transient
    ]
    return sorted(found, key=lambda one: (one.component, one.namespace, one.name))


def _object(resource: Resource) -> ExpectedObject:
    namespace, name = _metadata(resource)
    token = resource.type.removeprefix("kubernetes:").rpartition(":")[0].removeprefix("core/")
    return ExpectedObject(
        api_version=str(resource.inputs.get("apiVersion") or token),
        kind=_kind(resource),
        namespace=namespace,
        name=name,
        component=layer_of(resource),
    )


def _is_object(resource: Resource) -> bool:
    return (
        resource.custom
        and resource.type.startswith("kubernetes:")
        and resource.type != RELEASE
        and not resource.type.endswith("Patch")
        and "name" in resource.section("metadata")
    )


def _kind(resource: Resource) -> str:
    return str(resource.inputs.get("kind") or resource.type.rpartition(":")[2])


def _metadata(resource: Resource) -> tuple[str, str]:
    metadata = resource.section("metadata")
    return str(metadata.get("namespace", "")), str(metadata.get("name", resource.name))


def _release_name(release: Resource) -> str:
    return str(release.inputs.get("name", release.name))
