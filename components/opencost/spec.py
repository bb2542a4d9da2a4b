"""What may be said about costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec


class Pool(Protocol):
    """As much of a node pool as matters here."""

    @property
    def capacity_types(self) -> Sequence[str]:
        """`on-demand`, `spot`, `reserved`."""
        ...


class OpenCostSpec(Spec):
    """How much OpenCost there is. Prices are AWS's list prices: discounts and commitments are not known."""

    enabled: bool = Field(
        default=True,
        description="Install OpenCost; it needs Prometheus, from which it reads what was used.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="1Gi"),
        description="Of its one pod; it reads AWS's price list of the whole region.",
    )


def buys_spot(pools: Iterable[Pool]) -> bool:
    """Whether a node of these pools may be Spot, whose price is no list price."""
    return any("spot" in pool.capacity_types for pool in pools)
