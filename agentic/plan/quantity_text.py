"""Amounts as a stack file would have them: exact where that is short, rounded up where it is not."""

from __future__ import annotations

import math
from fractions import Fraction

_BINARY = (("Ti", 2**40), ("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10))


def amount(value: Fraction, resource: str) -> str:
    """The amount of a resource, named as a quota names it; never less than it is."""
    if value < 0:
        return f"-{amount(-value, resource)}"
    last = resource.rpartition(".")[2]
    if last in {"memory", "storage"}:
        return _bytes(value)
    if last == "cpu":
        return str(value) if value.denominator == 1 else f"{math.ceil(value * 1000)}m"
    return str(math.ceil(value))


def _bytes(value: Fraction) -> str:
    for unit, size in _BINARY:
        if value >= size and (value / size).denominator == 1:
            return f"{value / size}{unit}"
    for unit, size in _BINARY:
        if value >= 10 * size:
            return f"{math.ceil(value / size)}{unit}"
    return str(math.ceil(value))
