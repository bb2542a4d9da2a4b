"""The proxy that tools leave the cluster by, where one of them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.labels import managed_labels
from components.egress_proxy.doors import DOOR, SERVICE, AnyDoor
from components.egress_proxy.render import FILE, LABELS, configuration, deployment
from components.egress_proxy.spec import EgressProxySpec


@dataclass(frozen=True, kw_only=True)
class EgressProxyArgs:
    """Who may leave, and where to."""

    spec: EgressProxySpec
    doors: Sequence[AnyDoor]
    """From `doors` of the flows that tools add, and from `reverse_doors`; at least one."""
    namespace: Input[str]
    after: tuple[Resource, ...]
    """Nodes, quotas and policies."""


class EgressProxy(ComponentResource):
    """A way out that leads to declared hosts and to nothing else."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: EgressProxyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:egress_proxy:EgressProxy", name, None, opts)
        child = ResourceOptions(parent=self)
        metadata: Any = {
            "name": SERVICE,
            "namespace": args.namespace,
            "labels": {**managed_labels(SERVICE), **LABELS},
        }
        told = k8s.core.v1.ConfigMap(
            name, metadata=metadata, data={FILE: configuration(args.doors)}, opts=child
        )
        account = k8s.core.v1.ServiceAccount(
            name, metadata=metadata, automount_service_account_token=False, opts=child
        )
        pods = k8s.apps.v1.Deployment(
            name,
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("k8s.apps.v1.DeploymentSpecArgsDict", deployment(args.spec, args.doors)),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, told, account]),
        )
        k8s.core.v1.Service(
            name,
            metadata=metadata | {"annotations": {f"{DOOR}{door.port}": door.leads_to for door in args.doors}},
            spec={
                "selector": dict(LABELS),
                "ports": [
                    {"name": f"door-{door.port}", "port": door.port, "target_port": door.port}
                    for door in args.doors
                ],
            },
            opts=child,
        )
        if args.spec.replicas > 1:
            k8s.policy.v1.PodDisruptionBudget(
                name,
                metadata=metadata,
                spec={"max_unavailable": 1, "selector": {"match_labels": dict(LABELS)}},
                opts=child,
            )
        self.ready = (pods,)
        self.register_outputs({"doors": {door.client: list(door.hosts) for door in args.doors}})
