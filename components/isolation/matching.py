"""Whether a selector, a port or a block matches: three answers, because a plan does not know everything."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from components.isolation.ends import Port

Verdict = Literal["allowed", "denied", "unknown"]
UNKNOWN_MARK = "@{"
"""How a plan writes a value that only the cloud knows."""

AWS_RESERVED = 4
"""First addresses of a subnet that no pod has (VPC user guide); the VPC's resolver is the third of a VPC."""


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Allowed where all are: one denial denies, whatever else is unknown."""
    found = set(verdicts)
    return "denied" if "denied" in found else "unknown" if "unknown" in found else "allowed"


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Allowed where one is."""
    found = set(verdicts)
    return "allowed" if "allowed" in found else "unknown" if "unknown" in found else "denied"


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    """The one answer that all give, else unknown."""
    found = set(verdicts)
    return found.pop() if len(found) == 1 else "unknown"


def same(one: str, other: str) -> Verdict:
    """Whether two texts are equal, where both are known."""
    if UNKNOWN_MARK in one or UNKNOWN_MARK in other:
        return "unknown"
    return "allowed" if one == other else "denied"


def selector_matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> Verdict:
    """Whether a label selector matches; an absent or empty one matches everything."""
    if not selector:
        return "allowed"
    wanted: Mapping[str, str] = selector.get("matchLabels") or {}
    expressions: Sequence[Mapping[str, Any]] = selector.get("matchExpressions") or ()
    return every(
        (
            *(same(labels[key], value) if key in labels else "denied" for key, value in wanted.items()),
            *(_expression(expression, labels) for expression in expressions),
        )
    )


_OPERATORS: Mapping[str, Callable[[str | None, Sequence[str]], bool]] = {
    "In": lambda value, values: value in values,
    "NotIn": lambda value, values: value not in values,
    "Exists": lambda value, _: value is not None,
    "DoesNotExist": lambda value, _: value is None,
}


def _expression(expression: Mapping[str, Any], labels: Mapping[str, str]) -> Verdict:
    holds = _OPERATORS.get(str(expression.get("operator")))
    if holds is None:
        return "unknown"
    return "allowed" if holds(labels.get(expression["key"]), expression.get("values") or ()) else "denied"


def port_matches(allowed: Mapping[str, Any], asked: Port) -> Verdict:
    """Whether a port of a rule includes the one asked about; a named port is anybody's guess."""
    if allowed.get("protocol", "TCP") != asked.protocol:
        return "denied"
    number = allowed.get("port")
    if number is None:
        return "allowed"
    if isinstance(number, str) or asked.number is None:
        return "unknown"
    last = allowed.get("endPort", number)
    return "allowed" if number <= asked.number <= last else "denied"


def block_matches(network: str, block: Mapping[str, Any], *, of_pods: bool) -> Verdict:
    """Allowed where every address of `network` is in the block, denied where none is that can be had."""
    stated = [str(block["cidr"]), *map(str, block.get("except") or ())]
    if any(UNKNOWN_MARK in text for text in (network, *stated)):
        return "unknown"
    asked, (cidr, *holes) = _network(network), map(_network, stated)
    if not asked.overlaps(cidr) or any(asked.subnet_of(hole) for hole in holes):
        return "denied"
    if of_pods and cidr.subnet_of(asked) and int(cidr.broadcast_address) < int(asked[0]) + AWS_RESERVED:
        return "denied"
    if asked.subnet_of(cidr) and not any(asked.overlaps(hole) for hole in holes):
        return "allowed"
    return "unknown"


@cache
def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr)
