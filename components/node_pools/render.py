"""Node pools: which machines may be bought for whom, and when they may be taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from components.core.labels import GPU_PRESENT_LABEL, GPU_TAINT_KEY, POOL_LABEL
from components.node_pools.limits import cpu_pool_limits, gpu_pool_limits
from components.node_pools.pool import BudgetSpec, PoolSpec
from components.node_pools.spec import (
    ACCELERATOR_LABEL,
    CPU_POOL,
    GPU_MEMORY_LABEL,
    CpuPoolSpec,
    GpuPoolSpec,
)

Mode = Literal["karpenter", "auto"]
API_VERSION = "karpenter.sh/v1"
KIND = "NodePool"

GPU_TAINT: Mapping[str, str] = MappingProxyType({"key": GPU_TAINT_KEY, "effect": "NoSchedule"})
"""Without a value: the schema refuses an empty one, and a toleration with Exists needs none."""


@dataclass(frozen=True)
class NodeClassKind:
    """What a compute mode calls its node class."""

    group: str
    kind: str

    @property
    def api_version(self) -> str:
        """As an object of it writes it."""
        return f"{self.group}/v1"


NODE_CLASS_KINDS: Mapping[Mode, NodeClassKind] = MappingProxyType(
    {
        "karpenter": NodeClassKind("karpenter.k8s.aws", "EC2NodeClass"),
        "auto": NodeClassKind("eks.amazonaws.com", "NodeClass"),
    }
)


def object_name(key: str) -> str:
    """The NodePool and node class of a pool: `cpu`, or `gpu-` and the accelerator class."""
    return key if key == CPU_POOL else f"gpu-{key}"


def cpu_node_pool(pool: CpuPoolSpec, mode: Mode) -> dict[str, Any]:
    """The spec of the CPU pool: packed tightly, because its pods move in seconds."""
    return {
        "template": _template(
            CPU_POOL,
            pool,
            mode,
            labels={POOL_LABEL: CPU_POOL},
            instance_types=[machine.name for machine in pool.instance_types],
            architecture=pool.architecture,
        ),
        "limits": cpu_pool_limits(pool),
        "disruption": {
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
            "consolidateAfter": f"{pool.consolidate_after_seconds}s",
            "budgets": [_budget(budget) for budget in pool.budgets],
        },
        **_weight(pool),
    }


def gpu_node_pool(key: str, pool: GpuPoolSpec, mode: Mode) -> dict[str, Any]:
    """The spec of a GPU pool: one accelerator, tainted, limited, and left alone while anything runs on it."""
    template = _template(
        key,
        pool,
        mode,
        labels={
            POOL_LABEL: key,
            ACCELERATOR_LABEL: pool.accelerator.name,
            GPU_MEMORY_LABEL: str(pool.accelerator.memory_mib),
            GPU_PRESENT_LABEL: "true",
        },
        instance_types=pool.instance_types,
        architecture=pool.machines[0].architecture,
    )
    template["spec"]["taints"] = [dict(GPU_TAINT)]
    return {
        "template": template,
        "limits": gpu_pool_limits(pool),
        "disruption": {
            # Never WhenEmptyOrUnderutilized: it moves model servers whose weights take minutes to load
            # (aws/karpenter-provider-aws#7146).
            "consolidationPolicy": "WhenEmpty",
            "consolidateAfter": f"{pool.consolidate_after_minutes}m",
            "budgets": [_budget(budget) for budget in pool.budgets],
        },
        **_weight(pool),
    }


def _template(
    key: str,
    pool: PoolSpec,
    mode: Mode,
    *,
    labels: Mapping[str, str],
    instance_types: Sequence[str],
    architecture: str,
) -> dict[str, Any]:
    node_class = NODE_CLASS_KINDS[mode]
    return {
        "metadata": {"labels": dict(labels)},
        "spec": {
            "nodeClassRef": {
                "group": node_class.group,
                "kind": node_class.kind,
                "name": object_name(key),
            },
            # Instance types by name: well known in both modes, and the list that limits are computed from.
            "requirements": [
                _one_of("node.kubernetes.io/instance-type", instance_types),
                _one_of("karpenter.sh/capacity-type", pool.capacity_types),
                _one_of("kubernetes.io/arch", [architecture]),
            ],
            "expireAfter": f"{pool.expire_after_hours}h",
            "terminationGracePeriod": f"{pool.termination_grace_minutes}m",
        },
    }


def _one_of(key: str, values: Sequence[str]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}


def _budget(budget: BudgetSpec) -> dict[str, Any]:
    return {
        "nodes": budget.nodes,
        **({"reasons": list(budget.reasons)} if budget.reasons else {}),
        **(
            {"schedule": budget.schedule, "duration": f"{budget.duration_hours}h"}
            if budget.schedule is not None
            else {}
        ),
    }


def _weight(pool: PoolSpec) -> dict[str, int]:
    return {} if pool.weight is None else {"weight": pool.weight}
