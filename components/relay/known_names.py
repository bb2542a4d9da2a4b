"""Names within the relay's own section: every one that is used is there, and leads to one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from components.core.faults import Fault

if TYPE_CHECKING:
    from components.relay.spec import RelaySpec  # whose validator asks this module


def name_faults(spec: RelaySpec) -> list[Fault]:
    """Every name that leads nowhere, to several things, or to a model that cannot answer; paths are below `relay`."""
    return [*_provider_faults(spec), *_alias_faults(spec), *_tier_faults(spec), *_rule_faults(spec)]


def _provider_faults(spec: RelaySpec) -> Iterator[Fault]:
    for name, model in spec.models.items():
        if spec.enabled and model.provider not in spec.providers:
            yield Fault(
                f"models.{name}.provider",
                f"is {model.provider!r}; providers are {_listed(spec.providers)}",
                "name one of those, or add it to relay.providers",
            )


def _alias_faults(spec: RelaySpec) -> Iterator[Fault]:
    for alias, model in spec.aliases.items():
        if model not in spec.models:
            yield Fault(
                f"aliases.{alias}",
                f"is {model!r}; models are {_listed(spec.models)}",
                "name one of those, or add it to relay.models",
            )
    for where, names, others in (
        (
            "aliases",
            spec.aliases,
            {**dict.fromkeys(spec.models, "a model"), **dict.fromkeys(spec.tiers, "a tier")},
        ),
        ("tiers", spec.tiers, dict.fromkeys(spec.models, "a model")),
    ):
        for name in sorted(names.keys() & others.keys()):
            yield Fault(
                f"{where}.{name}",
                f"is the name of {others[name]} as well",
                "rename it: each name leads to one",
            )


def _tier_faults(spec: RelaySpec) -> Iterator[Fault]:
    known = _listed(name for name, model in spec.models.items() if model.makes == "text")
    for tier, members in spec.tiers.items():
        where = f"tiers.{tier}"
        if not members:
            yield Fault(where, "is empty", "name a model")
        if len(set(members)) < len(members):
            yield Fault(
                where, "names a model twice, of which the second would never be tried", "name each once"
            )
        for model in dict.fromkeys(members):
            found = spec.models.get(model)
            if found is None:
                yield Fault(
                    where,
                    f"has {model!r}; models are {known}",
                    "name one of those, or add it to relay.models",
                )
            elif found.makes == "vectors":
                yield Fault(
                    where, f"has {model!r}, which makes vectors and no text", "name a model that makes text"
                )


def _rule_faults(spec: RelaySpec) -> Iterator[Fault]:
    known = {name for name, model in spec.models.items() if model.makes == "text"} | spec.tiers.keys()
    for index, rule in enumerate(spec.pre_rules):
        if rule.model not in known:
            yield Fault(
                f"pre_rules[{index}].model",
                f"is {rule.model!r}; models that make text and tiers are {_listed(known)}",
                "name one of those",
            )
    if spec.budgets.degrade_to not in spec.tiers:
        yield Fault(
            "budgets.degrade_to",
            f"is {spec.budgets.degrade_to!r}; tiers are {_listed(spec.tiers)}",
            "name one of those, or add it to relay.tiers",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
