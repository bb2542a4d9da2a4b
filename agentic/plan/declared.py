"""Declared pods inside a plan: written with it and read with every doubt refused, like the rest of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agentic.plan.errors import PlanError
from components.charts.pods import PodClass

MOST_PODS = 10_000
"""Replicas of one class; no cluster has more, and a sum over a made-up number says nothing."""


@cache
def _adapter() -> TypeAdapter[tuple[PodClass, ...]]:
    return TypeAdapter(tuple[PodClass, ...])


def to_records(pods: tuple[PodClass, ...]) -> list[dict[str, Any]]:
    """The pods as JSON has them, in the order they were declared."""
    return _adapter().dump_python(pods, mode="json")


def from_records(records: object, where: str, remedy: str) -> tuple[PodClass, ...]:
    """The pods that `to_records` wrote; PlanError names the place that is not as it should be."""
    try:
        pods = _adapter().validate_python(records)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise PlanError(f"{where}{path}", first["msg"], remedy) from None
    for index, pod in enumerate(pods):
        if pod.replicas is not None and not 0 <= pod.replicas <= MOST_PODS:
            raise PlanError(f"{where}[{index}].replicas", f"it is not between 0 and {MOST_PODS}", remedy)
    return pods
