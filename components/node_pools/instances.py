"""What an EC2 instance type has, as dated data: limits and quotas are arithmetic on these rows.

Source: "Instance Types" of the Karpenter v1.14 documentation
(https://karpenter.sh/v1.14/reference/instance-types/), generated from EC2's own DescribeInstanceTypes. Every row was
compared with commit 1d92708 of aws/karpenter-provider-aws, which is of this date.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

AS_OF = "2026-08-21"

Architecture = Literal["amd64", "arm64"]


@dataclass(frozen=True, order=True)
class Accelerator:
    """A GPU model; two with the same name and different memory are two accelerator classes."""

    name: str
    memory_mib: int

    def __str__(self) -> str:
        return f"{self.name.upper()} ({self.memory_mib} MiB)"


@dataclass(frozen=True)
class InstanceType:
    """Nominal size of one instance type: what EC2 sells, before the kubelet keeps its share."""

    name: str
    vcpu: int
    memory_gib: int
    architecture: Architecture = "amd64"
    gpus: int = 0
    accelerator: Accelerator | None = None

    @property
    def family(self) -> str:
        """The part before the dot, for example `g5`."""
        return self.name.partition(".")[0]


CpuFamilyName = Literal["c7i", "c8g", "m7a", "m7i", "m8g", "r7i", "r8g"]

_CPU_FAMILIES: Mapping[CpuFamilyName, tuple[int, Architecture]] = MappingProxyType(
    {
        "c7i": (2, "amd64"),
        "c8g": (2, "arm64"),
        "m7a": (4, "amd64"),
        "m7i": (4, "amd64"),
        "m8g": (4, "arm64"),
        "r7i": (8, "amd64"),
        "r8g": (8, "arm64"),
    }
)
"""GiB of memory for each vCPU, and the architecture."""

_CPU_SIZES: Mapping[str, int] = MappingProxyType(
    {
        "large": 2,
        "xlarge": 4,
        "2xlarge": 8,
        "4xlarge": 16,
        "8xlarge": 32,
        "12xlarge": 48,
        "16xlarge": 64,
        "24xlarge": 96,
        "48xlarge": 192,
    }
)
"""vCPUs of each size; these families have them all, and bare metal is left out on purpose."""

_T4 = Accelerator("t4", 16384)
_A10G = Accelerator("a10g", 22888)
_L4 = Accelerator("l4", 22888)
_L40S = Accelerator("l40s", 45776)
_A100_40 = Accelerator("a100", 40960)
_A100_80 = Accelerator("a100", 81920)
_H100 = Accelerator("h100", 81920)
_H200 = Accelerator("h200", 144384)

_GPU_TYPES: Mapping[Accelerator, Mapping[str, tuple[int, int, int]]] = MappingProxyType(
    {
        _T4: {
            "g4dn.xlarge": (4, 16, 1),
            "g4dn.2xlarge": (8, 32, 1),
            "g4dn.4xlarge": (16, 64, 1),
            "g4dn.8xlarge": (32, 128, 1),
            "g4dn.12xlarge": (48, 192, 4),
            "g4dn.16xlarge": (64, 256, 1),
        },
        _A10G: {
            "g5.xlarge": (4, 16, 1),
            "g5.2xlarge": (8, 32, 1),
            "g5.4xlarge": (16, 64, 1),
            "g5.8xlarge": (32, 128, 1),
            "g5.12xlarge": (48, 192, 4),
            "g5.16xlarge": (64, 256, 1),
            "g5.24xlarge": (96, 384, 4),
            "g5.48xlarge": (192, 768, 8),
        },
        _L4: {
            "g6.xlarge": (4, 16, 1),
            "g6.2xlarge": (8, 32, 1),
            "g6.4xlarge": (16, 64, 1),
            "g6.8xlarge": (32, 128, 1),
            "g6.12xlarge": (48, 192, 4),
            "g6.16xlarge": (64, 256, 1),
            "g6.24xlarge": (96, 384, 4),
            "g6.48xlarge": (192, 768, 8),
            "gr6.4xlarge": (16, 128, 1),
            "gr6.8xlarge": (32, 256, 1),
        },
        _L40S: {
            "g6e.xlarge": (4, 32, 1),
            "g6e.2xlarge": (8, 64, 1),
            "g6e.4xlarge": (16, 128, 1),
            "g6e.8xlarge": (32, 256, 1),
            "g6e.12xlarge": (48, 384, 4),
            "g6e.16xlarge": (64, 512, 1),
            "g6e.24xlarge": (96, 768, 4),
            "g6e.48xlarge": (192, 1536, 8),
        },
        _A100_40: {"p4d.24xlarge": (96, 1152, 8)},
        _A100_80: {"p4de.24xlarge": (96, 1152, 8)},
        _H100: {"p5.4xlarge": (16, 256, 1), "p5.48xlarge": (192, 2048, 8)},
        _H200: {"p5e.48xlarge": (192, 2048, 8), "p5en.48xlarge": (192, 2048, 8)},
    }
)
"""vCPU, memory in GiB and GPUs of each type, by the accelerator it carries."""


def _catalogue() -> dict[str, InstanceType]:
    cpu = [
        InstanceType(f"{family}.{size}", vcpu, vcpu * gib_per_vcpu, architecture)
        for family, (gib_per_vcpu, architecture) in _CPU_FAMILIES.items()
        for size, vcpu in _CPU_SIZES.items()
    ]
    gpu = [
        InstanceType(name, vcpu, memory_gib, "amd64", gpus, accelerator)
        for accelerator, types in _GPU_TYPES.items()
        for name, (vcpu, memory_gib, gpus) in types.items()
    ]
    return {instance.name: instance for instance in (*cpu, *gpu)}


INSTANCE_TYPES: Mapping[str, InstanceType] = MappingProxyType(_catalogue())

CPU_TYPES = tuple(name for name, instance in INSTANCE_TYPES.items() if not instance.gpus)
GPU_TYPES = tuple(name for name, instance in INSTANCE_TYPES.items() if instance.gpus)


def types_of(family: CpuFamilyName) -> tuple[InstanceType, ...]:
    """Every type of a CPU family, smallest first."""
    return tuple(INSTANCE_TYPES[f"{family}.{size}"] for size in _CPU_SIZES)


def _known(name: str, allowed: tuple[str, ...], kind: str, other: str) -> str:
    if name in allowed:
        return name
    if name in INSTANCE_TYPES:
        raise ValueError(f"{name} is {other}; a type for this field {kind}")
    close = difflib.get_close_matches(name, allowed, n=3, cutoff=0.6) or list(allowed[:3])
    raise ValueError(
        f"{name!r} is not in the instance catalogue of {AS_OF}; did you mean {', '.join(close)}? "
        "A type that EC2 has added since needs a row in components/node_pools/instances.py"
    )


def _cpu_type(name: str) -> str:
    return _known(name, CPU_TYPES, "has none", "a GPU type")


def _gpu_type(name: str) -> str:
    return _known(name, GPU_TYPES, "has at least one", "a type without a GPU")


CpuInstanceType = Annotated[
    str, AfterValidator(_cpu_type), WithJsonSchema({"type": "string", "enum": sorted(CPU_TYPES)})
]
GpuInstanceType = Annotated[
    str, AfterValidator(_gpu_type), WithJsonSchema({"type": "string", "enum": sorted(GPU_TYPES)})
]
