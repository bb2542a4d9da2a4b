"""How much a server takes of a GPU and of a node, and how long it takes to start: arithmetic and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from components.models.shape import GpuServerSpec
from components.models.spec import VllmModel

MIB = 2**20
GIB_MIB = 1024

ADAPTER_BYTES = 2
BASE_HOST_MIB = 4096
HOST_MIB_PER_GPU = 4096
"""API server and engine, and a worker process for each GPU with its CUDA context and pinned buffers. Weights are
read through the page cache, which the kernel takes back before it kills."""

SHM_BASE_MIB, SHM_MIB_PER_GPU = 1024, 1024
"""What workers hand each other through /dev/shm; it is memory of the pod."""

SCRATCH_GIB = 20
"""Compiled kernels and temporary files."""

WARM_SECONDS = 180
"""Compiling, profiling and recording CUDA graphs, after the weights are in place: assumed, not measured."""
PULL_SECONDS = 300
"""Of a server's image, which has about 10 GB."""
NODE_SECONDS = 300
"""From an unschedulable pod to a node with its device plugin."""
PATIENCE = 2
"""What is expected may take twice as long before anything gives up."""


@dataclass(frozen=True, kw_only=True)
class GpuMemory:
    """MiB that one GPU has to hold."""

    weights: int
    adapters: int
    cache: int
    overhead: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.adapters + self.cache + self.overhead


def weights_mib(spec: GpuServerSpec) -> int:
    """The files: as measured, or two bytes for each parameter."""
    if spec.weights_gib is not None:
        return ceil(Fraction(str(spec.weights_gib)) * GIB_MIB)
    return ceil(Fraction(spec.architecture.parameters * 2, MIB))


def gpu_memory(spec: GpuServerSpec) -> GpuMemory:
    """What the fullest GPU of a server holds: its share of the weights, the cache and what every GPU needs."""
    return GpuMemory(
        weights=ceil(Fraction(weights_mib(spec), spec.gpus)),
        adapters=_adapters_mib(spec),
        cache=ceil(Fraction(spec.full_requests * spec.max_model_len * cache_bytes_per_token(spec), MIB)),
        overhead=spec.overhead_mib_per_gpu,
    )


def cache_bytes_per_token(spec: GpuServerSpec) -> int:
    """Of one GPU: keys and values of its layers and its KV heads, of which each GPU has one at least."""
    shape = spec.architecture
    layers = ceil(Fraction(shape.layers, spec.pipeline_stages))
    heads = ceil(Fraction(shape.kv_heads, spec.tensor_parallel))
    return 2 * layers * heads * shape.head_dim * spec.cache_bytes


def usable_mib(gpu_mib: int, spec: GpuServerSpec) -> int:
    """What a server takes of a GPU of this size."""
    return int(gpu_mib * Fraction(str(spec.gpu_memory_utilization)))


def shm_mib(gpus: int) -> int:
    """The size of /dev/shm."""
    return SHM_BASE_MIB + (SHM_MIB_PER_GPU * gpus if gpus > 1 else 0)


def host_memory_mib(gpus: int) -> int:
    """Memory of a server's pod, /dev/shm included."""
    return BASE_HOST_MIB + HOST_MIB_PER_GPU * gpus + shm_mib(gpus)


def vcpus(gpus: int) -> tuple[int, int]:
    """What is reserved, and the limit: a core for each worker, the engine and the API server.

    Twice as many vCPUs as the limit, since vLLM counts physical cores (its docs, "CPU resources for GPU
    deployments"), and not to reserve them lets a server start on a node with four.
    """
    return 2 + gpus, 2 * (2 + gpus)


def disk_gib(spec: GpuServerSpec) -> int:
    """What a server keeps on its node: weights and adapters, a tenth more for slack, and scratch."""
    adapters = _adapters_mib(spec) if isinstance(spec, VllmModel) else 0
    return ceil(Fraction((weights_mib(spec) + adapters) * 11, 10 * GIB_MIB)) + SCRATCH_GIB


def read_seconds(mib: int, mib_per_second: int) -> int:
    """How long so much takes at this rate."""
    return ceil(Fraction(mib, mib_per_second))


def startup_seconds(spec: GpuServerSpec) -> int:
    """How long the startup probe waits: the weights are on disk by then, and go from there to the GPUs."""
    return PATIENCE * (read_seconds(weights_mib(spec), spec.load_mib_per_second) + WARM_SECONDS)


def loading_seconds(spec: GpuServerSpec) -> int:
    """From the moment a pod has its node until it must answer: image, copy, start."""
    copy = PATIENCE * read_seconds(weights_mib(spec), spec.load_mib_per_second)
    return PATIENCE * PULL_SECONDS + copy + startup_seconds(spec)


def cold_start_seconds(spec: GpuServerSpec) -> int:
    """What whoever asks first has to expect where there is no server and no node: not the worst case."""
    twice = 2 * read_seconds(weights_mib(spec), spec.load_mib_per_second)
    return NODE_SECONDS + PULL_SECONDS + twice + WARM_SECONDS


def _adapters_mib(spec: GpuServerSpec) -> int:
    """Room for every adapter at the highest rank, which is how vLLM reserves it; not shared among GPUs."""
    if not isinstance(spec, VllmModel) or not spec.adapters:
        return 0
    shape = spec.architecture
    queries, keys = shape.attention_heads * shape.head_dim, shape.kv_heads * shape.head_dim
    attention = 2 * (shape.hidden + queries) + 2 * (shape.hidden + keys)
    feed_forward = 3 * (shape.hidden + shape.intermediate) * shape.experts
    rank = max(adapter.rank for adapter in spec.adapters.values())
    one = shape.layers * rank * (attention + feed_forward) * ADAPTER_BYTES
    return ceil(Fraction(len(spec.adapters) * one, MIB))
