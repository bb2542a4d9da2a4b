"""No credential stands in a plan in plain text: whoever reads a pull request would read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from policies.rules.rule import Facts, Finding, Outcome, Rule, Severity

SHAPES: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a token of a model provider": re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    "a token of a Git host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,})"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a URL with a password": re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@{}$]+:[^/\s@{}$]+@"),
}
"""Shapes that nothing but a credential has; a finding names the shape, never the text."""


def judge(facts: Facts) -> Iterator[Finding]:
    """One finding for each place that holds one; a pass for the plan where none does."""
    found = [
        Finding(one.where, Outcome.VIOLATION, f"{path} holds {what}")
        for one in facts.resources
        for path, what in _shapes("", one.inputs)
    ]
    yield from found
    if not found:
        yield Finding("plan", Outcome.PASS, f"{len(facts.resources)} resources, no credential in plain text")


def _shapes(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from _shapes(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _shapes(f"{path}[{index}]", inner)
    elif isinstance(value, str):
        for what, shape in SHAPES.items():
            if shape.search(value):
                yield path, what


NO_SECRET_IN_PLAN = Rule(
    id="no_secret_in_plan",
    severity=Severity.CRITICAL,
    reason="a plan is read by everybody who reads a pull request, and state keeps it",
    remedy="name a Secret or an ARN instead, and change the credential: it has been seen",
    judge=judge,
)
