from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.models.machines import (
    COMPUTE_CAPABILITY,
    NVME_GB,
    allocatable_memory_mib,
    kubelet_cpu,
    machines_of,
)
from components.node_pools.instances import AS_OF, GPU_TYPES, INSTANCE_TYPES
from components.node_pools.spec import GpuPoolSpec
from tests.components.models import scene


def test_every_gpu_type_of_the_node_pools_has_its_disks_and_its_gpu_here() -> None:
    assert set(NVME_GB) == set(GPU_TYPES)
    there = {one.accelerator.name for one in INSTANCE_TYPES.values() if one.accelerator is not None}
    assert set(COMPUTE_CAPABILITY) == there


def test_the_date_is_that_of_the_catalogue_it_extends() -> None:
    from components.models import machines

    assert machines.AS_OF == AS_OF


@pytest.mark.parametrize(
    ("gib", "pods", "mib"),
    # "Instance Types" of Karpenter v1.14: g4dn.xlarge, g6e.12xlarge, g5.48xlarge, p4d.24xlarge.
    [(16, 29, 14481), (384, 292, 360157), (768, 345, 723299), (1152, 737, 1082712)],
)
def test_memory_for_pods_is_what_karpenter_publishes(gib: int, pods: int, mib: int) -> None:
    assert allocatable_memory_mib(gib, pods) == mib


@pytest.mark.parametrize(("vcpu", "milli"), [(4, 3920), (8, 7910), (48, 47810), (192, 191450)])
def test_cpu_for_pods_is_what_karpenter_publishes(vcpu: int, milli: int) -> None:
    assert (vcpu - kubelet_cpu(vcpu)) * 1000 == milli


@given(st.sampled_from(sorted(GPU_TYPES)))
def test_pods_get_less_than_the_machine_has_and_most_of_it(name: str) -> None:
    (machine,) = machines_of(
        GpuPoolSpec(instance_types=[name], limit_gpus=INSTANCE_TYPES[name].gpus), auto_mode=False
    )
    assert machine.memory_gib * 1024 * 0.6 < machine.memory_for_pods_mib < machine.memory_gib * 1024
    assert machine.vcpu * 0.7 < machine.cpu_for_pods < machine.vcpu


def test_the_smallest_machine_comes_first_and_auto_mode_has_only_the_nodes_volume() -> None:
    pool = scene.POOLS["l4"]
    assert [one.name for one in machines_of(pool, auto_mode=False)] == ["g6.12xlarge", "g6.48xlarge"]
    assert [one.disk_gib for one in machines_of(pool, auto_mode=False)] == [3501, 7003]
    assert [one.disk_gib for one in machines_of(pool, auto_mode=True)] == [500, 500]
