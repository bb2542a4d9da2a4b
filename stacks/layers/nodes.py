"""Nodes: the ones that controllers start on, and the pools that everything else runs on."""

from __future__ import annotations

from pulumi import Output, Resource

from components.bootstrap_nodes.bootstrap_nodes import BootstrapNodes, BootstrapNodesArgs
from components.cluster.addons import Addons, AddonsArgs, Stage
from components.cluster.cluster import Cluster
from components.cluster.spec import AUTO_NODE_ROLE_PURPOSE
from components.cluster.storage import Storage, StorageArgs
from components.core.names import role_name
from components.karpenter.spec import NODE_ROLE_PURPOSE
from components.network.network import Network
from components.node_pools.auto_mode import AutoNodeTagging, AutoNodeTaggingArgs
from components.node_pools.compute import KarpenterCompute
from components.node_pools.node_pools import NodePools, NodePoolsArgs
from stacks.layers.ground import Ground


def first_nodes(ground: Ground, network: Network) -> tuple[Resource, ...]:
    """Add-ons, the nodes of controllers, and storage; what comes after may schedule pods."""
    compute = ground.config.compute
    ready = _addons(ground, "before-nodes", after=network.ready)
    if isinstance(compute, KarpenterCompute):
        ready = BootstrapNodes(
            "bootstrap",
            BootstrapNodesArgs(
                place=ground.place,
                spec=compute.bootstrap,
                cluster_name=ground.cluster_name,
                kubernetes_version=ground.config.cluster.version,
                subnet_ids=network.subnet_ids("private"),
                after=(*ready, *network.ready),
            ),
            opts=ground.aws,
        ).ready
    return (*ready, *_addons(ground, "after-nodes", after=ready))


def storage(ground: Ground, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """The storage class that every volume of the platform is of."""
    auto = ground.config.compute.mode == "auto"
    return Storage("storage", StorageArgs(auto_mode=auto, after=after), opts=ground.kubernetes).ready


def node_pools(ground: Ground, cluster: Cluster, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """The pools: whatever runs on their nodes waits for them, and so is gone before they drain."""
    purpose = NODE_ROLE_PURPOSE
    if ground.config.compute.mode == "auto":
        purpose = AUTO_NODE_ROLE_PURPOSE
        tagging = AutoNodeTagging(
            "auto-node-tagging",
            AutoNodeTaggingArgs(place=ground.place, cluster_role_name=cluster.role_name),
            opts=ground.aws,
        )
        after = (*after, *tagging.ready)
    return NodePools(
        "node-pools",
        NodePoolsArgs(
            place=ground.place,
            compute=ground.config.compute,
            gpu_pools=ground.config.gpu_pools,
            node_role_name=role_name(ground.place, purpose),
            after=(*after, *cluster.ready),
        ),
        opts=ground.kubernetes,
    ).ready


def _addons(ground: Ground, stage: Stage, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    name: Output[str] = ground.cluster_name
    return Addons(
        f"addons-{stage}",
        AddonsArgs(
            place=ground.place,
            cluster_name=name,
            stage=stage,
            auto_mode=ground.config.compute.mode == "auto",
            versions=ground.config.cluster.addon_versions,
            after=after,
        ),
        opts=ground.aws,
    ).ready
