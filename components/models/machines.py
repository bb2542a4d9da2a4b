"""The room a node has for one model server: what EC2 sells, less what never reaches a pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from components.node_pools.spec import GpuPoolSpec

AS_OF = "2026-08-21"

NVME_GB: Mapping[str, int] = MappingProxyType(
    {
        "g4dn.xlarge": 125,
        "g4dn.2xlarge": 225,
        "g4dn.4xlarge": 225,
        "g4dn.8xlarge": 900,
        "g4dn.12xlarge": 900,
        "g4dn.16xlarge": 900,
        "g5.xlarge": 250,
        "g5.2xlarge": 450,
        "g5.4xlarge": 600,
        "g5.8xlarge": 900,
        "g5.12xlarge": 3800,
        "g5.16xlarge": 1900,
        "g5.24xlarge": 3800,
        "g5.48xlarge": 7600,
        "g6.xlarge": 250,
        "g6.2xlarge": 450,
        "g6.4xlarge": 600,
        "g6.8xlarge": 900,
        "g6.12xlarge": 3760,
        "g6.16xlarge": 1880,
        "g6.24xlarge": 3760,
        "g6.48xlarge": 7520,
        "gr6.4xlarge": 600,
        "gr6.8xlarge": 900,
        "g6e.xlarge": 250,
        "g6e.2xlarge": 450,
        "g6e.4xlarge": 600,
        "g6e.8xlarge": 900,
        "g6e.12xlarge": 3800,
        "g6e.16xlarge": 1900,
        "g6e.24xlarge": 3800,
        "g6e.48xlarge": 7600,
        "p4d.24xlarge": 8000,
        "p4de.24xlarge": 8000,
        "p5.4xlarge": 3800,
        "p5.48xlarge": 30400,
        "p5e.48xlarge": 30400,
        "p5en.48xlarge": 30400,
    }
)
"""Instance store in GB (`karpenter.k8s.aws/instance-local-nvme`), from "Instance Types" of the Karpenter v1.14
documentation, as the catalogue of node pools is: every row was compared with commit 1d92708 of its repository."""

COMPUTE_CAPABILITY: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "t4": (7, 5),
        "a100": (8, 0),
        "a10g": (8, 6),
        "l4": (8, 9),
        "l40s": (8, 9),
        "h100": (9, 0),
        "h200": (9, 0),
    }
)
"""Of each GPU (developer.nvidia.com/cuda-gpus, where the A10G is the A10, read on 2026-11-30): below 8.0 there is no
bfloat16."""

PODS_PER_NODE = 110
DAEMONS_CPU = Fraction(3, 4)
DAEMONS_MEMORY_MIB = 1536
"""About what node exporter, collector, device plugin, DCGM exporter, CNI and kube-proxy ask of each GPU node."""
_VM_OVERHEAD = Fraction(75, 1000)
_EVICTION_MIB = 100
_EVICTION_DISK = Fraction(10, 100)
_KUBELET_DISK_GIB = 1


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One instance type as a model server meets it."""

    name: str
    gpus: int
    gpu: str
    gpu_mib: int
    vcpu: int
    memory_gib: int
    disk_gib: int
    """What images and emptyDir volumes share: the instance's own disks, or in Auto Mode the node's volume."""

    @property
    def compute_capability(self) -> tuple[int, int]:
        """What its GPUs can do, as NVIDIA numbers it."""
        return COMPUTE_CAPABILITY[self.gpu]

    @property
    def cpu_for_pods(self) -> Fraction:
        """VCPUs that one server can ask for, after the kubelet's share and the DaemonSets'."""
        return self.vcpu - kubelet_cpu(self.vcpu) - DAEMONS_CPU

    @property
    def memory_for_pods_mib(self) -> int:
        """MiB that one server can ask for, after the hypervisor's, the kubelet's and the DaemonSets' share."""
        return allocatable_memory_mib(self.memory_gib) - DAEMONS_MEMORY_MIB

    @property
    def disk_for_pods_gib(self) -> int:
        """GiB that one server can ask for, as Karpenter reckons it: the kubelet evicts at 10 % and keeps 1 GiB."""
        return int(self.disk_gib * (1 - _EVICTION_DISK)) - _KUBELET_DISK_GIB


def kubelet_cpu(vcpu: int) -> Fraction:
    """What EKS's nodes keep of their vCPUs: 6 % of the first, 1 % of the second, 0.5 % of two more, then 0.25 %."""
    shares = ((1, Fraction(60, 1000)), (1, Fraction(10, 1000)), (2, Fraction(5, 1000)))
    kept, left = Fraction(0), vcpu
    for count, share in shares:
        kept += min(count, left) * share
        left -= min(count, left)
    return kept + left * Fraction(25, 10_000)


def allocatable_memory_mib(memory_gib: int, pods: int = PODS_PER_NODE) -> int:
    """As Karpenter reckons it: 7.5 % for the hypervisor, 11 MiB a pod and 255 for the kubelet, 100 for eviction."""
    whole = memory_gib * 1024
    return int(whole - -(-whole * _VM_OVERHEAD // 1)) - (11 * pods + 255) - _EVICTION_MIB


def machines_of(pool: GpuPoolSpec, *, auto_mode: bool) -> tuple[Machine, ...]:
    """The instance types of a pool, smallest first."""
    made = [
        Machine(
            name=one.name,
            gpus=one.gpus,
            gpu=pool.accelerator.name,
            gpu_mib=pool.accelerator.memory_mib,
            vcpu=one.vcpu,
            memory_gib=one.memory_gib,
            disk_gib=pool.disk.size_gib if auto_mode else NVME_GB[one.name] * 10**9 // 2**30,
        )
        for one in pool.machines
    ]
    return tuple(sorted(made, key=lambda machine: (machine.gpus, machine.vcpu, machine.name)))
