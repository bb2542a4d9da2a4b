"""An object comes after what installs the definition of its kind."""

from __future__ import annotations

from collections.abc import Iterator

from policies.rules.rule import CustomObject, Facts, Finding, Outcome, Rule, Severity


def judge(facts: Facts) -> Iterator[Finding]:
    """One answer for each object of a kind that no cluster has by itself."""
    for one in facts.custom_objects:
        yield Finding(one.where, *_judged(one))


def _judged(one: CustomObject) -> tuple[Outcome, str]:
    by = ", ".join(one.brought_by)
    if one.comes_after:
        return Outcome.PASS, f"{one.kind} comes with {by}, which it waits for"
    if one.brought_by:
        return Outcome.VIOLATION, f"{one.kind} comes with {by}, which it does not wait for"
    if one.known:
        return Outcome.VIOLATION, f"nothing in the plan installs {one.kind}"
    return Outcome.UNKNOWN, f"nothing here says what installs {one.kind}"


DEFINITION_COMES_FIRST = Rule(
    id="definition_comes_first",
    severity=Severity.HIGH,
    reason="without an order a new cluster may be asked for a kind it does not have yet, and `up` fails by chance",
    remedy="name what installs the kind in the object's `depends_on`; a ServiceMonitor's is Ground.monitors",
    judge=judge,
)
