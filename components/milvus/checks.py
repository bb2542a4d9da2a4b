"""What Milvus asks of the nodes: a pod that no node can hold waits for ever, and says so only in its events."""

from __future__ import annotations

from components.charts.pods import PodClass
from components.core.faults import Fault
from components.core.quantities import GIB
from components.milvus.pods import pods
from components.milvus.spec import SHARED, ClusterMilvus, Instance, MilvusSpec
from components.node_pools.spec import CpuPoolSpec

LEFT_FOR_PODS = 0.9
"""Of a node's memory, about, after the kubelet and DaemonSets have their share."""

KEPT_BY_THE_NODE_GIB = 20
"""Of its disk: system, images, logs, and what the kubelet wants free before it evicts."""


def room_faults(spec: MilvusSpec, pool: CpuPoolSpec, instance: Instance = SHARED) -> list[Fault]:
    """Pods that are larger than the largest node of the pool, and disks larger than its disk."""
    if not spec.enabled:
        return []
    return [*_too_large(spec, pool, instance), *_too_much_disk(spec, pool, instance)]


def _too_large(spec: MilvusSpec, pool: CpuPoolSpec, instance: Instance) -> list[Fault]:
    largest = max(pool.instance_types, key=lambda one: (one.memory_gib, one.vcpu))
    return [
        Fault(
            f"{_path(pod, instance)}.resources",
            f"a pod that reserves {float(pod.requests('cpu')):g} CPUs and "
            f"{float(pod.requests('memory') / GIB):g} GiB fits no node of compute.cpu_pool, whose largest, "
            f"{largest.name}, has {largest.vcpu} and {largest.memory_gib}",
            "reserve less and use more replicas, or raise compute.cpu_pool.max_vcpu",
        )
        for pod in pods(spec, instance)
        if not any(
            pod.requests("cpu") < one.vcpu and pod.requests("memory") <= one.memory_gib * GIB * LEFT_FOR_PODS
            for one in pool.instance_types
        )
    ]


def _too_much_disk(spec: MilvusSpec, pool: CpuPoolSpec, instance: Instance) -> list[Fault]:
    cluster = isinstance(spec, ClusterMilvus)
    section = "query_node." if cluster else ""
    asked = spec.query_node.local_disk_gib if cluster else spec.local_disk_gib
    left = pool.disk.size_gib - KEPT_BY_THE_NODE_GIB
    if asked <= left:
        return []
    return [
        Fault(
            f"{instance.path}.{section}local_disk_gib",
            f"is {asked}, and a node of compute.cpu_pool has {left} GiB for pods: {pool.disk.size_gib} GiB "
            f"less {KEPT_BY_THE_NODE_GIB} for images and the system",
            "lower it, or raise compute.cpu_pool.disk.size_gib",
        )
    ]


_SECTIONS = {
    "mixcoord": "coordinator",
    "proxy": "proxy",
    "querynode": "query_node",
    "datanode": "data_node",
    "streamingnode": "streaming_node",
    "etcd": "etcd",
}


def _path(pod: PodClass, instance: Instance) -> str:
    """Where the config has these pods; a standalone Milvus says its own at the top."""
    section = _SECTIONS.get(pod.name.removeprefix(f"{instance.name}-"))
    return instance.path if section is None else f"{instance.path}.{section}"
