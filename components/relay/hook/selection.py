"""Which model answers a caller who leaves the choice to the platform: one table of rules, read top to bottom.

The relay runs this module; the gateway's expression is generated from the same table (components/relay/cel.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

AUTO = "auto"
"""What a caller writes as `model` to leave the choice to the platform."""

QUALITY, TASK, LATENCY, BUDGET = "x-quality", "x-task", "x-max-latency-ms", "x-budget-usd"
"""The headers by which callers say what they need."""

HEADERS = (QUALITY, TASK, LATENCY, BUDGET)


@dataclass(frozen=True)
class AtLeast:
    """The header is a number of at least `bound`."""

    header: str
    bound: float


@dataclass(frozen=True)
class Below:
    """The header is a number below `bound`."""

    header: str
    bound: float


@dataclass(frozen=True)
class OneOf:
    """The header is exactly one of these words."""

    header: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A condition and the model of those who meet it."""

    when: AtLeast | Below | OneOf
    model: str


RULES: tuple[Rule, ...] = (
    Rule(AtLeast(QUALITY, 0.9), "gpt-4.1"),
    Rule(OneOf(TASK, ("reasoning", "analysis")), "claude-sonnet-4-5"),
    Rule(Below(LATENCY, 500), "gemini-2.5-flash"),
    Rule(Below(BUDGET, 0.01), "deepseek-v3.2"),
)
"""First match wins: quality before task before latency before price."""

DEFAULT = "gemini-2.5-flash"
MODELS = tuple(dict.fromkeys((*(rule.model for rule in RULES), DEFAULT)))
"""Every model that can be chosen."""


def select(headers: Mapping[str, str]) -> str:
    """The model for a request with these headers, by lower-case name; what cannot be read counts as unsaid."""
    for rule in RULES:
        if _met(rule.when, headers.get(rule.when.header)):
            return rule.model
    return DEFAULT


def number(text: str | None) -> float | None:
    """A plain decimal number without sign or exponent; None for everything else.

    Narrow on purpose: CEL's `double()` and Python's `float()` agree on these and on little more.
    """
    if text is None or not text or len(text) > 16:
        return None
    whole, dot, part = text.partition(".")
    if not (_digits(whole) and (_digits(part) if dot else True)):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _digits(text: str) -> bool:
    return text != "" and all(one in "0123456789" for one in text)


def _met(condition: AtLeast | Below | OneOf, said: str | None) -> bool:
    match condition:
        case OneOf(words=words):
            return said is not None and said in words
        case AtLeast(bound=bound):
            value = number(said)
            return value is not None and value >= bound
        case Below(bound=bound):
            value = number(said)
            return value is not None and value < bound
