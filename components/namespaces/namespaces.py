"""The platform's namespaces, complete before anything is installed into them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import ConfigMap, Namespace
from pulumi_kubernetes.scheduling.v1 import PriorityClass

from components.core.labels import DOMAIN, managed_labels
from components.isolation.bounds import PRIORITY, priority_class_name
from components.isolation.ends import Flow
from components.isolation.guard import Guard, guard_namespace
from components.isolation.pod_security import MESH_LABEL, pod_security_labels
from components.isolation.policies import network_policies
from components.isolation.render import policies
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import NAMESPACES, POLICIES_ONLY, PlatformNamespace
from components.namespaces.grants import GpuPool, gpu_grant
from components.namespaces.spec import NamespaceSpec

PURPOSE_ANNOTATION = f"{DOMAIN}/purpose"
EXCEPTION_ANNOTATION = f"{DOMAIN}/pod-security-exception"
_LABELS = managed_labels("namespaces")


@dataclass(frozen=True, kw_only=True)
class NamespacesArgs:
    """Which namespaces, what is changed about them, and which flows are in force."""

    cluster_version: str
    names: Collection[str]
    """From `namespaces_for`."""
    more: Mapping[str, PlatformNamespace] = field(default_factory=dict[str, PlatformNamespace])
    """Namespaces that only this stack has, by name: of stores that are one tenant's own."""
    overrides: Mapping[str, NamespaceSpec] = field(default_factory=dict[str, NamespaceSpec])
    gpu_pools: Mapping[str, GpuPool] = field(default_factory=dict[str, GpuPool])
    flows: tuple[Flow, ...]
    """From `in_force`."""
    around: Surroundings
    auto_mode: bool
    """Whether AWS runs nodes and network: policies are then enforced only when a ConfigMap says so."""


class Namespaces(ComponentResource):
    """Namespaces that are closed and bounded from the first moment."""

    namespaces: dict[str, Output[str]]
    """Names as outputs: whoever takes one comes after the namespace."""
    ready: tuple[Resource, ...]
    """Every namespace, quota and policy: what a release waits for."""

    def __init__(self, name: str, args: NamespacesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:namespaces:Namespaces", name, None, opts)
        self._child = ResourceOptions(parent=self)
        self.namespaces = {}
        classes = [self._priority_class(name, pool) for pool in args.gpu_pools]
        rows = {**{namespace: NAMESPACES[namespace] for namespace in args.names}, **args.more}
        made = [
            resource
            for namespace, row in rows.items()
            for resource in self._namespace(name, namespace, row, args)
        ]
        closed = [
            policy
            for namespace in POLICIES_ONLY
            for policy in network_policies(
                f"{name}-{namespace}",
                namespace,
                policies(namespace, args.flows, args.around),
                labels=_LABELS,
                opts=self._child,
            )
        ]
        switch = [self._enforcement_switch(name)] if args.auto_mode else []
        self.ready = (*switch, *classes, *made, *closed)
        self.register_outputs({})

    def _enforcement_switch(self, name: str) -> Resource:
        # Auto Mode accepts policies and enforces none without it (EKS user guide, "Use Network Policies with
        # EKS Auto Mode"). With nodes of our own the switch is a setting of the VPC CNI add-on.
        return ConfigMap(
            f"{name}-policy-enforcement",
            metadata={"name": "amazon-vpc-cni", "namespace": "kube-system", "labels": _LABELS},
            data={"enable-network-policy-controller": "true"},
            opts=self._child,
        )

    def _priority_class(self, name: str, pool: str) -> Resource:
        class_name = priority_class_name(pool)
        return PriorityClass(
            f"{name}-{class_name}",
            metadata={"name": class_name, "labels": _LABELS},
            value=PRIORITY,
            preemption_policy="Never",
            description=f"Counts a pod's GPUs against the quota on pool {pool}.",
            opts=self._child,
        )

    def _namespace(
        self, name: str, namespace: str, row: PlatformNamespace, args: NamespacesArgs
    ) -> list[Resource]:
        override = args.overrides.get(namespace, NamespaceSpec())
        exception = override.pod_security
        level = exception.level if exception else row.pod_security
        reason = {EXCEPTION_ANNOTATION: exception.reason} if exception else {}
        mesh: Mapping[str, str] = MESH_LABEL if namespace in args.around.mesh_namespaces else {}
        made = Namespace(
            f"{name}-{namespace}",
            metadata={
                "name": namespace,
                "labels": {**_LABELS, **pod_security_labels(level, args.cluster_version), **mesh},
                "annotations": {PURPOSE_ANNOTATION: row.purpose, **reason},
            },
            opts=self._child,
        )
        self.namespaces[namespace] = made.metadata.name
        guard = Guard(
            quota=override.quota or row.quota,
            gpus=gpu_grant(namespace, override, args.gpu_pools) if namespace in NAMESPACES else row.gpus,
            container_defaults=override.container_defaults or row.container_defaults,
            policies=policies(namespace, args.flows, args.around),
            load_balancers=row.load_balancers,
        )
        return [
            made,
            *guard_namespace(
                f"{name}-{namespace}", made.metadata.name, guard, labels=_LABELS, opts=self._child
            ),
        ]
