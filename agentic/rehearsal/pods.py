"""The pods that would run: Pod Security and quotas judge pods, and no controller here makes any.

Each is made for real and stays, so that the sum of a namespace is the server's own. What comes on top for a
while, a hook's pods and the one more that an update of a Deployment makes, is tried with all of them there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from agentic.rehearsal.objects import DEFAULT_NAMESPACE, Ref, section
from components.charts.pods import Container, PodClass, PodSecurity, Workload

Manifest = dict[str, Any]

_TEMPLATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CronJob": ("spec", "jobTemplate", "spec", "template"),
        "DaemonSet": ("spec", "template"),
        "Deployment": ("spec", "template"),
        "Job": ("spec", "template"),
        "ReplicaSet": ("spec", "template"),
        "ReplicationController": ("spec", "template"),
        "StatefulSet": ("spec", "template"),
    }
)
WORKLOADS = frozenset(_TEMPLATES)
_BUILT_IN = frozenset({"v1", "apps/v1", "batch/v1"})


@dataclass(frozen=True, slots=True)
class Trial:
    """Pods of one workload: those that stay, what has to be there first, and those on top for a while."""

    title: str
    first: tuple[Manifest, ...]
    pods: tuple[Manifest, ...]
    passing: tuple[Manifest, ...] = ()


def of_workload(manifest: Mapping[str, Any]) -> Trial | None:
    """The pods a workload of the plan would have, with their volume claims; None for other kinds.

    One per node is counted as one: how many nodes there will be is no part of a plan.
    """
    kind = str(manifest.get("kind"))
    if kind not in _TEMPLATES or manifest.get("apiVersion") not in _BUILT_IN:
        return None
    template = section(manifest, *_TEMPLATES[kind])
    if not template:
        return None  # the server has refused the workload and said why
    ref, spec = Ref.of(manifest), section(manifest, "spec")
    name, namespace = ref.name, ref.namespace or DEFAULT_NAMESPACE
    names = [f"{name}-{index}" for index in range(_count(kind, spec))]
    claims: list[Manifest] = spec.get("volumeClaimTemplates") or []
    return Trial(
        title=f"{kind} {namespace}/{name}",
        first=tuple(_claim(claim, pod, namespace) for pod in names for claim in claims),
        pods=tuple(_from_template(template, pod, namespace, claims) for pod in names),
        passing=(_from_template(template, f"{name}-more", namespace, []),)
        if names and _surges(kind, spec)
        else (),
    )


def of_class(declared: PodClass) -> Trial:
    """The pods a release would bring, as far as they are declared, with the service account it brings.

    Their security context is the loosest that the declared level allows: a stricter namespace refuses them.
    """
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": declared.service_account, "namespace": declared.namespace},
    }
    count = 1 if declared.replicas is None else declared.replicas
    pods = tuple(_from_class(declared, f"{declared.name}-{index}") for index in range(count))
    surges = bool(pods) and declared.kind is Workload.DEPLOYMENT
    more = (_from_class(declared, f"{declared.name}-more"),) if surges else ()
    return Trial(
        title=f"{declared.kind.value} {declared.namespace}/{declared.name} of release {declared.release}",
        first=(account,),
        pods=() if declared.hook else pods,
        passing=pods if declared.hook else more,
    )


def _surges(kind: str, spec: Mapping[str, Any]) -> bool:
    """Whether an update makes a new pod before it ends an old one; apps/v1 does unless told otherwise."""
    strategy = section(spec, "strategy")
    most = section(strategy, "rollingUpdate").get("maxSurge")
    return kind == "Deployment" and strategy.get("type") != "Recreate" and most not in (0, "0", "0%")


def _count(kind: str, spec: Mapping[str, Any]) -> int:
    if kind in {"CronJob", "DaemonSet"}:
        return 1
    if kind == "Job":
        parallel = int(spec.get("parallelism", 1))
        return min(parallel, int(spec.get("completions") or parallel))
    return int(spec.get("replicas", 1))


def _claim(template: Mapping[str, Any], pod: str, namespace: str) -> Manifest:
    metadata = section(template, "metadata")
    return {
        **template,
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {**metadata, "name": f"{metadata.get('name')}-{pod}", "namespace": namespace},
    }


def _from_template(template: Manifest, name: str, namespace: str, claims: list[Manifest]) -> Manifest:
    spec = section(template, "spec")
    if claims:
        named = [section(claim, "metadata").get("name") for claim in claims]
        volumes: list[Manifest] = spec.get("volumes") or []
        spec["volumes"] = [
            *(volume for volume in volumes if volume.get("name") not in named),
            *({"name": one, "persistentVolumeClaim": {"claimName": f"{one}-{name}"}} for one in named),
        ]
    metadata = {**section(template, "metadata"), "name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _from_class(declared: PodClass, name: str) -> Manifest:
    restricted = declared.pod_security is PodSecurity.RESTRICTED
    pod_context = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}} if restricted else {}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": declared.namespace, "labels": dict(declared.labels)},
        "spec": {
            "serviceAccountName": declared.service_account,
            "securityContext": pod_context,
            "restartPolicy": "Never" if declared.kind is Workload.JOB else "Always",
            "containers": list(_containers(declared)),
        },
    }


def _containers(declared: PodClass) -> Iterator[Manifest]:
    ports = [
        {"name": port.name, "containerPort": port.number, "protocol": port.protocol}
        for port in declared.ports
    ]
    for index, container in enumerate(declared.containers):
        # Which container listens is not declared; to the server it makes no difference.
        yield _container(container, declared.pod_security, ports if index == 0 else [])


def _container(container: Container, level: PodSecurity, ports: list[Manifest]) -> Manifest:
    contexts: Mapping[PodSecurity, Manifest] = {
        PodSecurity.RESTRICTED: {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        PodSecurity.BASELINE: {},
        PodSecurity.PRIVILEGED: {"privileged": True},
    }
    return {
        "name": container.name,
        "image": container.image.reference,
        "resources": container.resources.values(),
        "ports": ports,
        "securityContext": contexts[level],
    }
