"""What one pod counts against a quota, as the API server's quota evaluator counts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from components.charts.pods import PodClass
from components.core.quantities import parse

Amounts = Mapping[str, Fraction]
"""By the name a quota has for it: requests.cpu, limits.memory, requests.nvidia.com/gpu, pods."""

BOUNDED = ("cpu", "memory")
"""What a LimitRange of ours fills in, and a quota on it demands of every container."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The amounts of one pod, what of it no plan can know, and which bounds it does not state."""

    amounts: Amounts
    unknown: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    """`container: limits.cpu`: refused in a namespace whose quota counts it, unless something fills it in."""


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a namespace's LimitRange gives to a container that names nothing."""

    requests: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: Mapping[str, str] = field(default_factory=dict[str, str])


def added(*parts: Amounts) -> dict[str, Fraction]:
    """The sum, resource by resource."""
    total: dict[str, Fraction] = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, Fraction(0)) + amount
    return total


def greatest(*parts: Amounts) -> dict[str, Fraction]:
    """The largest of each resource."""
    most: dict[str, Fraction] = {}
    for part in parts:
        for name, amount in part.items():
            most[name] = max(most.get(name, Fraction(0)), amount)
    return most


def times(amounts: Amounts, count: int) -> dict[str, Fraction]:
    """The same for so many pods."""
    return {name: amount * count for name, amount in amounts.items()}


def of_class(declared: PodClass) -> Room:
    """A declared pod: its containers state every request and limit."""
    amounts = {"pods": Fraction(1)}
    for resource in ("cpu", "memory"):
        amounts[f"requests.{resource}"] = declared.requests(resource)
        amounts[f"limits.{resource}"] = declared.limits(resource)
    return Room(amounts=amounts)


def of_template(spec: Mapping[str, Any], defaults: Defaults) -> Room:
    """A pod of the plan: containers and sidecars together, or the largest init container if that is more."""
    running = [_container(one, defaults) for one in _entries(spec, "containers")]
    initial = [(_is_sidecar(one), _container(one, defaults)) for one in _entries(spec, "initContainers")]
    sidecars = [room for is_sidecar, room in initial if is_sidecar]
    steady = added(*(room.amounts for room in (*running, *sidecars)))
    peak = steady
    for index, (is_sidecar, room) in enumerate(initial):
        if not is_sidecar:
            # Those that were started before it run beside it (Kubernetes, sidecar containers).
            before = (other.amounts for beside, other in initial[:index] if beside)
            peak = greatest(peak, added(room.amounts, *before))
    every = [*running, *(room for _, room in initial)]
    return Room(
        amounts={**peak, "pods": Fraction(1)},
        unknown=tuple(reason for room in every for reason in room.unknown),
        unstated=tuple(bound for room in every for bound in room.unstated),
    )


def _entries(spec: Mapping[str, Any], key: str) -> Iterable[Mapping[str, Any]]:
    found = spec.get(key)
    return cast("list[Mapping[str, Any]]", found) if isinstance(found, list) else []


def _is_sidecar(container: Mapping[str, Any]) -> bool:
    return container.get("restartPolicy") == "Always"


def _container(container: Mapping[str, Any], defaults: Defaults) -> Room:
    resources = _mapping(container.get("resources"))
    limits = {**defaults.limits, **_mapping(resources.get("limits"))}
    # A limit without a request is its own request, before a LimitRange is asked.
    requests = {
        **defaults.requests,
        **_mapping(resources.get("limits")),
        **_mapping(resources.get("requests")),
    }
    name = str(container.get("name", "container"))
    amounts: dict[str, Fraction] = {}
    unknown: list[str] = []
    for prefix, stated in (("requests", requests), ("limits", limits)):
        for resource, quantity in stated.items():
            try:
                amounts[f"{prefix}.{resource}"] = parse(str(quantity))
            except ValueError:
                unknown.append(f"{name}: {prefix}.{resource}")
    unstated = (
        f"{name}: {prefix}.{resource}"
        for prefix, stated in (("requests", requests), ("limits", limits))
        for resource in BOUNDED
        if resource not in stated
    )
    return Room(amounts=amounts, unknown=tuple(unknown), unstated=tuple(unstated))


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
