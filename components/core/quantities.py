"""Kubernetes quantities as exact numbers: parsed, summed and compared without floating point."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator

_UNITS: dict[str, Fraction] = {
    "": Fraction(1),
    "m": Fraction(1, 1000),
    "k": Fraction(10**3),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
    "Ki": Fraction(2**10),
    "Mi": Fraction(2**20),
    "Gi": Fraction(2**30),
    "Ti": Fraction(2**40),
}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"  # not \d, which takes the digits of every script
_QUANTITY = re.compile(rf"({_NUMBER})(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
GIB = 2**30


def parse(quantity: str) -> Fraction:
    """The exact value of a quantity such as `500m`, `2` or `1.5Gi`; ValueError where it is none."""
    match = _QUANTITY.fullmatch(quantity)
    if match is None:
        raise ValueError(
            f"{quantity!r} is not a Kubernetes quantity; write for example 500m, 2, 512Mi or 1Gi"
        )
    return Fraction(match[1]) * _UNITS[match[2] or ""]


def _cpu(value: str) -> str:
    if re.fullmatch(rf"{_NUMBER}m?", value) is None:
        raise ValueError(f"{value!r} is not an amount of CPU; write cores (2) or millicores (500m)")
    return value


def _memory(value: str) -> str:
    if re.fullmatch(rf"{_NUMBER}(Ki|Mi|Gi|Ti)", value) is None:
        raise ValueError(f"{value!r} is not an amount of memory; write a binary unit: 512Mi, 40Gi, 1Ti")
    return value


Cpu = Annotated[str, AfterValidator(_cpu)]
"""Cores (`2`) or millicores (`500m`)."""

Memory = Annotated[str, AfterValidator(_memory)]
"""Bytes with a binary unit (`512Mi`, `40Gi`): decimal units are refused, they are nearly always a slip."""
