"""Who asks for room in a namespace: declared pods and the workloads of a plan, in one form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

from agentic.plan import pod_room
from agentic.plan.model import Plan, Resource
from agentic.plan.pod_room import Defaults, Room
from components.charts.pods import PodClass, Workload

USUAL_SURGE = Fraction(1, 4)
"""Of a Deployment that says nothing (apps/v1, maxSurge 25 %, rounded up): a chart's template is unseen."""

_POD_SPECS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "apps/v1:DaemonSet": ("spec", "template", "spec"),
        "apps/v1:Deployment": ("spec", "template", "spec"),
        "apps/v1:ReplicaSet": ("spec", "template", "spec"),
        "apps/v1:StatefulSet": ("spec", "template", "spec"),
        "batch/v1:CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
        "batch/v1:Job": ("spec", "template", "spec"),
        "core/v1:Pod": ("spec",),
    }
)
_RUN_ONCE = frozenset({"CronJob", "Job"})
_SCALERS = ("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:keda.sh/v1alpha1:ScaledObject")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Pods that are alike, how many there are of them, and when."""

    namespace: str
    kind: str
    name: str
    group: str
    """Demands of one release follow one another when it is upgraded; those of different ones meet."""
    room: Room
    replicas: int | None
    """None: one a node, or a number that only the cloud knows."""
    surge: int = 0
    """Pods more than `replicas` while it is updated."""
    most: int | None = None
    """What an autoscaler may raise it to."""
    transient: bool = False
    """A hook or a Job: there for minutes."""
    priority_class: str | None = None
    declared: bool = False
    claims: tuple[str, ...] = ()
    """Storage requests of the volume claims that each pod brings."""

    @property
    def title(self) -> str:
        """As a person names it."""
        return f"{self.kind} {self.name}"

    @property
    def per_node(self) -> bool:
        """Whether there is one on every node it fits."""
        return self.kind == Workload.DAEMON_SET


def demands(plan: Plan) -> tuple[Demand, ...]:
    """Every workload once: what the plan itself holds wins over a declaration of the same name."""
    raw = tuple(_of_plan(plan))
    # A CronJob's pods are declared as a Job's: that is what runs.
    known = {(one.namespace, one.kind.removeprefix("Cron"), one.name) for one in raw}
    declared = (_of_class(pod) for pod in plan.pods or ())
    return (*raw, *(one for one in declared if (one.namespace, one.kind, one.name) not in known))


def pod_templates(plan: Plan) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Every workload of the plan with the spec of its pods."""
    for resource in plan:
        path = _POD_SPECS.get(resource.type.removeprefix("kubernetes:"))
        if path is not None and resource.type.startswith("kubernetes:"):
            yield resource, resource.section(*path)


def _of_class(pod: PodClass) -> Demand:
    rolls = pod.kind is Workload.DEPLOYMENT and pod.replicas and not pod.hook
    return Demand(
        namespace=pod.namespace,
        kind=pod.kind.value,
        name=pod.name,
        group=f"release {pod.release}",
        room=pod_room.of_class(pod),
        replicas=pod.replicas,
        surge=math.ceil((pod.replicas or 0) * USUAL_SURGE) if rolls else 0,
        transient=pod.hook or pod.kind is Workload.JOB,
        declared=True,
    )


def _of_plan(plan: Plan) -> Iterator[Demand]:
    defaults = {_namespace(one): _defaults(one) for one in plan.all("kubernetes:core/v1:LimitRange")}
    scaled = dict(_scaled(plan))
    for resource, pod in pod_templates(plan):
        kind, name, namespace = resource.type.rpartition(":")[2], _name(resource), _namespace(resource)
        least, most = scaled.get((namespace, kind, name), (None, None))
        replicas = least if most is not None else _replicas(kind, resource.section("spec"))
        priority = pod.get("priorityClassName")
        yield Demand(
            namespace=namespace,
            kind=kind,
            name=name,
            group=f"{kind} {name}",
            room=pod_room.of_template(pod, defaults.get(namespace, Defaults())),
            replicas=replicas,
            surge=_surge(resource.section("spec"), replicas or 0) if kind == Workload.DEPLOYMENT else 0,
            most=most,
            transient=kind in _RUN_ONCE,
            priority_class=str(priority) if priority else None,
            claims=_claims(resource) if kind == Workload.STATEFUL_SET else (),
        )


def _replicas(kind: str, spec: Mapping[str, Any]) -> int | None:
    if kind == Workload.DAEMON_SET:
        return None
    if kind in _RUN_ONCE:
        job = spec
        if kind == "CronJob":
            template = cast("Mapping[str, Any]", spec.get("jobTemplate") or {})
            job = cast("Mapping[str, Any]", template.get("spec") or {})
        return _count(job.get("parallelism", 1))
    return 1 if kind == "Pod" else _count(spec.get("replicas", 1))


def _count(value: object) -> int | None:
    """A whole number, however it is spelt; None for what only the cloud knows."""
    try:
        return int(str(value))
    except ValueError:
        return int(value) if isinstance(value, float) else None


def _surge(spec: Mapping[str, Any], replicas: int) -> int:
    strategy = cast("Mapping[str, Any]", spec.get("strategy") or {})
    if strategy.get("type") == "Recreate":
        return 0
    rolling = cast("Mapping[str, Any]", strategy.get("rollingUpdate") or {})
    said = rolling.get("maxSurge", "25%")
    if isinstance(said, str) and said.endswith("%"):
        return math.ceil(replicas * Fraction(_count(said.removesuffix("%")) or 0, 100))
    return _count(said) or 0


def _scaled(plan: Plan) -> Iterator[tuple[tuple[str, str, str], tuple[int | None, int | None]]]:
    """Least and most pods of whatever an autoscaler of the plan scales."""
    for token in _SCALERS:
        is_keda = "keda" in token
        keys = ("minReplicaCount", "maxReplicaCount") if is_keda else ("minReplicas", "maxReplicas")
        for scaler in plan.all(token):
            spec, target = scaler.section("spec"), scaler.section("spec", "scaleTargetRef")
            least = _count(spec.get(keys[0], 0 if is_keda else 1))
            most = _count(spec.get(keys[1], 100))
            kind = str(target.get("kind", "Deployment"))
            yield (_namespace(scaler), kind, str(target.get("name"))), (least, most)


def _claims(resource: Resource) -> tuple[str, ...]:
    templates = resource.section("spec").get("volumeClaimTemplates")
    found = cast("list[Mapping[str, Any]]", templates) if isinstance(templates, list) else []
    return tuple(_storage(cast("Mapping[str, Any]", one.get("spec") or {})) for one in found)


def _storage(spec: Mapping[str, Any]) -> str:
    resources = cast("Mapping[str, Any]", spec.get("resources") or {})
    requests = cast("Mapping[str, Any]", resources.get("requests") or {})
    return str(requests.get("storage", "unknown"))


def _defaults(limit_range: Resource) -> Defaults:
    entries = limit_range.section("spec").get("limits")
    for entry in cast("list[Mapping[str, Any]]", entries) if isinstance(entries, list) else []:
        if entry.get("type") == "Container":
            limits = cast("Mapping[str, str]", entry.get("default") or {})
            # A LimitRange that gives only a limit gives it as the request too.
            requests = {**limits, **cast("Mapping[str, str]", entry.get("defaultRequest") or {})}
            return Defaults(requests=requests, limits=limits)
    return Defaults()


def _name(resource: Resource) -> str:
    return str(resource.section("metadata").get("name", resource.name))


def _namespace(resource: Resource) -> str:
    return str(resource.section("metadata").get("namespace", "default"))
