"""Pods that may take long to end, and nodes that would not wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.agents.queues import end_seconds as worker_seconds
from components.core.faults import Fault
from components.models.pod import end_seconds as server_seconds
from components.models.servers import pool_of
from components.node_pools.spec import PoolSpec

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by a rule that asks for these

CPU = "compute.cpu_pool"


def drain_faults(config: PlatformConfig) -> list[Fault]:
    """Pools whose nodes wait for a shorter time than a pod of theirs may take.

    Karpenter deletes such a pod as soon as a drain begins, and it does not get all of its own grace period (its
    documentation, "TerminationGracePeriod"); EKS Auto Mode is Karpenter as well.
    """
    pools: dict[str, PoolSpec] = {
        CPU: config.compute.cpu_pool,
        **{f"gpu_pools.{name}": pool for name, pool in config.gpu_pools.items()},
    }
    return [
        Fault(
            f"{where}.termination_grace_minutes",
            f"is {pools[where].termination_grace_minutes}, and {path} lets a pod take {minutes} min to end: a drain "
            "would not wait for it",
            f"raise it to at least {minutes}, or lower {path}",
        )
        for path, where, seconds in _ends(config)
        if where in pools and (minutes := -(-seconds // 60)) > pools[where].termination_grace_minutes
    ]


def _ends(config: PlatformConfig) -> Iterator[tuple[str, str, int]]:
    """Where it is said, the path of the pool that it runs on, and the seconds."""
    for key, model in config.models.items():
        pool = pool_of(model)
        yield f"models.{key}.drain_seconds", f"gpu_pools.{pool}" if pool else CPU, server_seconds(model)
    for section, agents in (("agents", config.agents), ("workflows", config.workflows)):
        for name, agent in agents.items():
            if agent.scaling.queue:
                path = f"{section}.{name}.scaling.queue.timeout_seconds"
                yield path, CPU, worker_seconds(agent.scaling.queue)
