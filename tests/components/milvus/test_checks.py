from __future__ import annotations

import pytest

from components.charts.pods import ContainerResources
from components.milvus.checks import room_faults
from components.milvus.spec import (
    ClusterMilvus,
    DataNodeSpec,
    EtcdSpec,
    MilvusSpec,
    QueryNodeSpec,
    StandaloneMilvus,
)
from components.node_pools.spec import CpuPoolSpec

POOL = CpuPoolSpec(limit_cpu=128)


def sized(memory: str, cpu: str = "2") -> ContainerResources:
    return ContainerResources(cpu=cpu, memory=memory, cpu_limit=cpu, memory_limit=memory)


def said(spec: MilvusSpec, pool: CpuPoolSpec = POOL) -> list[str]:
    return [str(fault) for fault in room_faults(spec, pool)]


@pytest.mark.parametrize("spec", [StandaloneMilvus(mode="standalone"), ClusterMilvus(mode="cluster")])
def test_the_defaults_fit_the_default_pool(spec: MilvusSpec) -> None:
    assert said(spec) == []


def test_a_query_node_that_no_node_can_hold_is_refused_with_the_largest_there_is() -> None:
    spec = ClusterMilvus(mode="cluster", query_node=QueryNodeSpec(resources=sized("250Gi")))
    assert said(spec) == [
        "data.milvus.query_node.resources: a pod that reserves 2 CPUs and 250 GiB fits no node of "
        "compute.cpu_pool, whose largest, r7i.8xlarge, has 32 and 256; "
        "reserve less and use more replicas, or raise compute.cpu_pool.max_vcpu"
    ]
    assert said(spec, CpuPoolSpec(limit_cpu=128, max_vcpu=64)) == []


def test_many_cpus_count_as_well_as_much_memory() -> None:
    spec = ClusterMilvus(mode="cluster", data_node=DataNodeSpec(resources=sized("8Gi", cpu="32")))
    (fault,) = said(spec)
    assert fault.startswith("data.milvus.data_node.resources: a pod that reserves 32 CPUs and 8 GiB fits no")


def test_a_standalone_milvus_and_its_etcd_are_named_where_they_are_written() -> None:
    spec = StandaloneMilvus(
        mode="standalone", resources=sized("300Gi"), etcd=EtcdSpec(resources=sized("300Gi"))
    )
    assert [fault.path for fault in room_faults(spec, POOL)] == [
        "data.milvus.resources",
        "data.milvus.etcd.resources",
    ]


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (StandaloneMilvus(mode="standalone", local_disk_gib=61), "data.milvus.local_disk_gib"),
        (
            ClusterMilvus(mode="cluster", query_node=QueryNodeSpec(local_disk_gib=61)),
            "data.milvus.query_node.local_disk_gib",
        ),
    ],
)
def test_more_disk_than_a_node_has_left_is_refused(spec: MilvusSpec, path: str) -> None:
    assert said(spec) == [
        f"{path}: is 61, and a node of compute.cpu_pool has 60 GiB for pods: 80 GiB less 20 for images and "
        "the system; lower it, or raise compute.cpu_pool.disk.size_gib"
    ]


def test_what_is_off_needs_no_room() -> None:
    spec = StandaloneMilvus(mode="standalone", enabled=False, resources=sized("1Ti"))
    assert said(spec) == []
