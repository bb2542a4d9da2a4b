"""A plan as rules see it: plain resources, and what its components declare about their releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agentic.check.custom_objects import custom_objects
from agentic.plan.images import Pinned, images
from agentic.plan.model import Plan
from components.core.stateful import BackupOwner, Stateful
from policies.rules.rule import Facts, ImageUse, Resource, Store
from stacks import config, stack_file
from stacks.errors import ConfigError
from stacks.stateful import declared_stateful


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and what has to be said about those that are missing."""

    facts: Facts
    notes: tuple[str, ...] = ()


def gather(plan: Plan, root: Path, today: date) -> Gathered:
    """The facts of a plan; stores come from its stack's file, because a plan does not hold them."""
    try:
        file = stack_file.read(root, plan.stack)
        declared = declared_stateful(config.parse(file.platform, file.path.name))
    except ConfigError as error:
        # The file and how many faults, then the first of them.
        reason = ": ".join(line.strip() for line in str(error).splitlines()[:2])
        return Gathered(facts_of(plan, None, today), (f"volumes inside releases are unknown: {reason}",))
    return Gathered(facts_of(plan, declared, today))


def facts_of(plan: Plan, declared: tuple[Stateful, ...] | None, today: date) -> Facts:
    """Nothing but plain data: rules import nothing of ours."""
    pulled = images(plan)
    return Facts(
        resources=tuple(
            Resource(
                type=one.type,
                name=one.name,
                inputs=one.inputs,
                unknowns=frozenset(one.unknowns),
            )
            for one in plan
            if one.custom or one.remote
        ),
        today=today,
        stores=None if declared is None else tuple(_store(one) for one in declared),
        images=tuple(
            ImageUse(
                reference=image.reference,
                users=image.users,
                unknown=image.pinned is Pinned.UNKNOWN,
                reason=image.reason,
                expires=image.expires,
            )
            for image in pulled.images
        ),
        releases_declared=pulled.declared,
        custom_objects=tuple(custom_objects(plan)),
    )


def _store(one: Stateful) -> Store:
    return Store(what=one.what, type=one.type, name=one.name, rebuilt=one.owner is BackupOwner.REBUILT)
