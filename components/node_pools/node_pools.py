"""The node pools of a stack: objects that tell Karpenter, ours or Auto Mode's, what it may buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, CustomTimeouts, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.labels import managed_labels
from components.node_pools.compute import AutoCompute, KarpenterCompute
from components.node_pools.node_classes import auto_node_class, ec2_node_class
from components.node_pools.render import (
    API_VERSION,
    KIND,
    NODE_CLASS_KINDS,
    cpu_node_pool,
    gpu_node_pool,
    object_name,
)
from components.node_pools.spec import CPU_POOL, CpuPoolSpec, GpuPoolSpec

DELETE_MARGIN_MINUTES = 15
"""On top of the longest drain: instances shut down, and Karpenter lets go of its finalizers."""


@dataclass(frozen=True, kw_only=True)
class NodePoolsArgs:
    """What was said about the pools, and which role their nodes take."""

    place: Place
    compute: KarpenterCompute | AutoCompute
    gpu_pools: Mapping[str, GpuPoolSpec]
    node_role_name: str
    after: tuple[Resource, ...]
    """What finalizes the pools: Karpenter itself, or the Auto Mode cluster. It has to outlive them."""


class NodePools(ComponentResource):
    """One pool for CPU and one per accelerator class, each with a class of its own and a hard limit."""

    ready: tuple[Resource, ...]
    """The pools: what asks for nodes of theirs depends on them, and so goes before they do."""

    def __init__(self, name: str, args: NodePoolsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:node_pools:NodePools", name, None, opts)
        pools: dict[str, CpuPoolSpec | GpuPoolSpec] = {
            CPU_POOL: args.compute.cpu_pool,
            **dict(sorted(args.gpu_pools.items())),
        }
        self.ready = tuple(self._pool(name, args, key, pool) for key, pool in pools.items())
        self.register_outputs({})

    def _pool(self, name: str, args: NodePoolsArgs, key: str, pool: CpuPoolSpec | GpuPoolSpec) -> Resource:
        mode = args.compute.mode
        kind = NODE_CLASS_KINDS[mode]
        node_class = CustomResource(
            f"{name}-{key}",
            api_version=kind.api_version,
            kind=kind.kind,
            metadata=_metadata(key),
            spec=_node_class(args, key, pool),
            opts=ResourceOptions(
                parent=self,
                depends_on=list(args.after),
                custom_timeouts=CustomTimeouts(delete=f"{DELETE_MARGIN_MINUTES}m"),
            ),
        )
        # A delete waits until the pool's nodes are gone: they are its dependents, and the provider deletes
        # in the foreground. Its default of ten minutes is less than a drain may take.
        return CustomResource(
            f"{name}-{key}",
            api_version=API_VERSION,
            kind=KIND,
            metadata=_metadata(key),
            spec=gpu_node_pool(key, pool, mode)
            if isinstance(pool, GpuPoolSpec)
            else cpu_node_pool(pool, mode),
            opts=ResourceOptions(
                parent=self,
                depends_on=[node_class],
                custom_timeouts=CustomTimeouts(
                    delete=f"{pool.termination_grace_minutes + DELETE_MARGIN_MINUTES}m"
                ),
            ),
        )


def _metadata(key: str) -> dict[str, Any]:
    return {"name": object_name(key), "labels": managed_labels("node-pools")}


def _node_class(args: NodePoolsArgs, key: str, pool: CpuPoolSpec | GpuPoolSpec) -> dict[str, Any]:
    if args.compute.mode == "auto":
        return auto_node_class(args.place, key, pool.disk, node_role=args.node_role_name)
    return ec2_node_class(
        args.place,
        key,
        pool,
        pool.disk,
        node_role=args.node_role_name,
        ami_alias=args.compute.ami_alias,
    )
