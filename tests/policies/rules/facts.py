"""Plain facts for rules, and one good stack to break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from policies.rules.rule import Facts, Finding, ImageUse, Outcome, Resource, Rule, Store

TODAY = date(2026, 11, 23)


def resource(
    type_token: str, name: str, inputs: Mapping[str, Any], *, unknown: Sequence[str] = ()
) -> Resource:
    return Resource(type=type_token, name=name, inputs=inputs, unknowns=frozenset(unknown))


def facts(
    *resources: Resource, stores: Sequence[Store] | None = (), images: Sequence[ImageUse] = ()
) -> Facts:
    return Facts(resources=resources, today=TODAY, stores=stores, images=images)


def only(rule: Rule, given: Facts) -> Finding:
    """The one finding about the one thing that was given."""
    (found,) = rule.findings(given)
    return found


def outcomes(rule: Rule, given: Facts) -> dict[str, Outcome]:
    return {one.where: one.outcome for one in rule.findings(given)}


def without(given: Facts, name: str) -> Facts:
    """The same without the resources of that name."""
    return replace(given, resources=[one for one in given.resources if one.name != name])
