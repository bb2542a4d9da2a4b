"""The hard limits of a pool: what its nodes may have together, computed from the machines it may buy."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from components.core.labels import GPU_RESOURCE
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec


def cpu_pool_limits(pool: CpuPoolSpec) -> dict[str, str]:
    """VCPU as written, and memory: as written, or as much as the families' most generous type has for it."""
    most = max(Fraction(machine.memory_gib, machine.vcpu) for machine in pool.instance_types)
    memory_gib = pool.limit_memory_gib or ceil(pool.limit_cpu * most)
    return {"cpu": str(pool.limit_cpu), "memory": f"{memory_gib}Gi"}


def gpu_pool_limits(pool: GpuPoolSpec) -> dict[str, str]:
    """GPUs as written, with the vCPU and memory of the most generous machines that carry so many.

    Three limits, because a limit that is not named does not limit: the CPU of a GPU node costs no less for
    being a by-product.
    """
    vcpu = max(Fraction(machine.vcpu, machine.gpus) for machine in pool.machines)
    memory_gib = max(Fraction(machine.memory_gib, machine.gpus) for machine in pool.machines)
    return {
        GPU_RESOURCE: str(pool.limit_gpus),
        "cpu": str(ceil(pool.limit_gpus * vcpu)),
        "memory": f"{ceil(pool.limit_gpus * memory_gib)}Gi",
    }
