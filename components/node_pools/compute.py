"""Who runs the nodes: Karpenter of our own, or EKS Auto Mode; a typed choice, so that no stack mixes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, cast

from pydantic import Field, model_validator

from components.bootstrap_nodes.spec import BootstrapSpec
from components.core.faults import Fault
from components.core.spec import Spec
from components.karpenter.spec import KarpenterSpec
from components.node_pools.boot import DEFAULT_AMI_ALIAS, AmiAlias
from components.node_pools.pool import PoolSpec
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec

AUTO_MODE_MAX_HOURS = 21 * 24
"""EKS Auto Mode replaces a node after 21 days, drain included (EKS user guide, "EKS Auto Mode")."""


class KarpenterCompute(Spec):
    """Karpenter on a bootstrap node group: full control over images, disks and reservations."""

    mode: Literal["karpenter"]
    bootstrap: BootstrapSpec = Field(
        default_factory=BootstrapSpec, description="The nodes that Karpenter and the controllers run on."
    )
    karpenter: KarpenterSpec = Field(default_factory=KarpenterSpec, description="The controller.")
    ami_alias: AmiAlias = Field(
        default=DEFAULT_AMI_ALIAS,
        description="The node image of every pool; a change replaces nodes as fast as the budgets allow.",
    )
    cpu_pool: CpuPoolSpec = Field(description="The pool of everything that asks for no GPU.")


class AutoCompute(Spec):
    """EKS Auto Mode: AWS runs Karpenter, the CNI, the volume driver and the GPU plugin."""

    mode: Literal["auto"]
    cpu_pool: CpuPoolSpec = Field(description="The pool of everything that asks for no GPU.")

    @model_validator(mode="before")
    @classmethod
    def _has_no_karpenter_settings(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        written = cast("Mapping[str, object]", data)
        foreign = sorted((KarpenterCompute.model_fields.keys() - cls.model_fields.keys()) & written.keys())
        if foreign:
            raise ValueError(
                f"{', '.join(foreign)}: for mode karpenter only; in mode auto AWS runs Karpenter and its "
                f"nodes; remove {'it' if len(foreign) == 1 else 'them'}, or set mode: karpenter"
            )
        return written


Compute = Annotated[KarpenterCompute | AutoCompute, Field(discriminator="mode")]
"""The type of the config's `compute` section."""

_NOT_IN_AUTO_MODE: Mapping[str, str] = {
    "ami_alias": "AWS owns the image",
    "capacity_reservations": "the NodeClass schema the platform checks has no field for them",
}


def mode_faults(compute: KarpenterCompute | AutoCompute, gpu_pools: Mapping[str, GpuPoolSpec]) -> list[Fault]:
    """Every setting of a pool that the chosen mode cannot honour, with its path."""
    if compute.mode == "karpenter":
        return []
    pools: dict[str, tuple[PoolSpec, bool]] = {
        "compute.cpu_pool": (compute.cpu_pool, compute.cpu_pool.disk.kms_key_arn is not None),
        **{
            f"gpu_pools.{name}": (pool, pool.disk.kms_key_arn is not None)
            for name, pool in sorted(gpu_pools.items())
        },
    }
    return [fault for path, (pool, own_key) in pools.items() for fault in _auto_faults(path, pool, own_key)]


def _auto_faults(path: str, pool: PoolSpec, own_key: bool) -> list[Fault]:
    remedy = "remove it, or set compute.mode: karpenter"
    faults = [
        Fault(f"{path}.{field}", f"for compute.mode karpenter only: {why}", remedy)
        for field, why in _NOT_IN_AUTO_MODE.items()
        if getattr(pool, field)
    ]
    if own_key:
        rule = "for compute.mode karpenter only: the NodeClass schema the platform checks has no key field"
        faults.append(Fault(f"{path}.disk.kms_key_arn", rule, remedy))
    lifetime_minutes = pool.expire_after_hours * 60 + pool.termination_grace_minutes
    if lifetime_minutes > AUTO_MODE_MAX_HOURS * 60:
        faults.append(
            Fault(
                f"{path}.expire_after_hours",
                f"EKS Auto Mode keeps a node for {AUTO_MODE_MAX_HOURS} hours at most, its drain included; "
                f"{pool.expire_after_hours} h and {pool.termination_grace_minutes} min are more",
                f"set at most {AUTO_MODE_MAX_HOURS - -(-pool.termination_grace_minutes // 60)}",
            )
        )
    return faults
