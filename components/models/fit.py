"""Whether a server fits a machine, with the arithmetic that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from components.core.quantities import GIB, parse
from components.models.machines import Machine
from components.models.shape import GpuServerSpec
from components.models.sizing import (
    GIB_MIB,
    disk_gib,
    gpu_memory,
    host_memory_mib,
    usable_mib,
    vcpus,
)
from components.models.spec import ByoModel, ModelSpec, TgiModel, VllmModel

BFLOAT16_SINCE = (8, 0)
SHARES: tuple[Literal[1, 2, 4, 8], ...] = (1, 2, 4, 8)


def shortfalls(spec: ModelSpec, machine: Machine) -> list[str]:
    """What this machine lacks, each with need and supply; empty: the server fits it."""
    lacks: list[str] = []
    if spec.gpus > machine.gpus:
        lacks.append(f"{spec.gpus} GPUs of one node, it has {machine.gpus}")
    if isinstance(spec, GpuServerSpec):
        lacks += _gpu_shortfalls(spec, machine)
    cpu, memory_mib = reserved(spec)
    if cpu > machine.cpu_for_pods:
        lacks.append(
            f"{float(cpu):g} vCPUs, it has {float(machine.cpu_for_pods):.1f} for pods of {machine.vcpu}"
        )
    if memory_mib > machine.memory_for_pods_mib:
        lacks.append(
            f"{gib(memory_mib)} GiB of memory, it has {gib(machine.memory_for_pods_mib)} for pods of "
            f"{machine.memory_gib}"
        )
    if isinstance(spec, GpuServerSpec) and disk_gib(spec) > machine.disk_for_pods_gib:
        lacks.append(
            f"{disk_gib(spec)} GiB of disk for weights and scratch, it has {machine.disk_for_pods_gib} for pods of "
            f"{machine.disk_gib}"
        )
    return lacks


def fits(spec: ModelSpec, machine: Machine) -> bool:
    """Whether one pod of the server can run there."""
    return not shortfalls(spec, machine)


def reserved(spec: ModelSpec) -> tuple[float, int]:
    """VCPUs and MiB that a pod reserves."""
    said = spec.resources
    if said is not None:
        return float(parse(said.cpu)), int(parse(said.memory) * GIB_MIB / GIB)
    return float(vcpus(spec.gpus)[0]), host_memory_mib(spec.gpus)


def explained(spec: ModelSpec, machines: Iterable[Machine]) -> str:
    """For every machine what it lacks: one sentence."""
    return "; ".join(
        f"{machine.name} lacks {', and '.join(shortfalls(spec, machine))}" for machine in machines
    )


def remedy(spec: ModelSpec, machines: Iterable[Machine]) -> str:
    """The smallest change of the parallel size that would do, or what else there is."""
    there = list(machines)
    if isinstance(spec, GpuServerSpec):
        for share in SHARES:
            if _divides(spec, share) and any(fits(_with(spec, share), machine) for machine in there):
                return f"tensor_parallel {share} would fit"
    if isinstance(spec, ByoModel):
        return "ask for less, or name a pool of larger machines"
    return (
        "name a pool whose GPUs have more memory, lower max_model_len or full_requests, or take a quantized "
        "checkpoint and its weights_gib"
    )


def gib(mib: int) -> str:
    """MiB as GiB with one decimal."""
    return f"{mib / GIB_MIB:.1f}"


def _gpu_shortfalls(spec: GpuServerSpec, machine: Machine) -> list[str]:
    lacks: list[str] = []
    needs, usable = gpu_memory(spec), usable_mib(machine.gpu_mib, spec)
    if needs.total > usable:
        adapters = f" + adapters {gib(needs.adapters)}" if needs.adapters else ""
        requests = "1 request" if spec.full_requests == 1 else f"{spec.full_requests} requests"
        lacks.append(
            f"{gib(needs.total)} GiB on each GPU (weights {gib(needs.weights)} + KV cache {gib(needs.cache)} "
            f"for {requests} of {spec.max_model_len} tokens{adapters} + overhead {gib(needs.overhead)}), "
            f"usable are {gib(usable)}: {spec.gpu_memory_utilization:g} of the {machine.gpu.upper()}'s "
            f"{gib(machine.gpu_mib)}"
        )
    if spec.dtype == "bfloat16" and machine.compute_capability < BFLOAT16_SINCE:
        major, minor = machine.compute_capability
        lacks.append(
            f"bfloat16, which a {machine.gpu.upper()} (compute capability {major}.{minor}) does not have: "
            "write dtype: float16"
        )
    return lacks


def _divides(spec: GpuServerSpec, share: int) -> bool:
    shape = spec.architecture
    return shape.attention_heads % share == 0 and (shape.kv_heads % share == 0 or share % shape.kv_heads == 0)


def _with(spec: VllmModel | TgiModel, share: int) -> VllmModel | TgiModel:
    return spec.model_copy(update={"tensor_parallel": share})
