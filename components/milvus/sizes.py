"""How large a process of Milvus may be: what it cannot start in, and what no machine has."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from components.charts.pods import ContainerResources
from components.core.quantities import parse

LEAST_MEMORY = "1Gi"
LEAST_MEMORY_OF_SEARCH = "2Gi"
MOST_MEMORY = "1536Gi"
"""Of the largest machine a CPU pool can have (r7i.48xlarge): more is a slip of the pen."""


def _within(resources: ContainerResources, least: str) -> ContainerResources:
    if parse(resources.memory) < parse(least):
        raise ValueError(
            f"memory {resources.memory} is below {least}, in which this process cannot even start; "
            f"give it at least {least}"
        )
    if parse(resources.memory_limit) > parse(MOST_MEMORY):
        raise ValueError(
            f"memory_limit {resources.memory_limit} is more than the largest machine has ({MOST_MEMORY}); "
            "use more replicas instead"
        )
    return resources


def _of_a_worker(resources: ContainerResources) -> ContainerResources:
    return _within(resources, LEAST_MEMORY)


def _of_a_searcher(resources: ContainerResources) -> ContainerResources:
    if parse(resources.memory) != parse(resources.memory_limit):
        raise ValueError(
            f"memory {resources.memory} differs from memory_limit {resources.memory_limit}: it loads vectors "
            "until nine tenths of its limit are full, whatever was reserved; write the same amount twice"
        )
    return _within(resources, LEAST_MEMORY_OF_SEARCH)


WorkerResources = Annotated[ContainerResources, AfterValidator(_of_a_worker)]
SearchResources = Annotated[ContainerResources, AfterValidator(_of_a_searcher)]
"""Of a process that holds vectors in memory: queryNode.overloadedMemoryThresholdPercentage is 90."""
