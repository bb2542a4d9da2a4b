"""Names by which the stack itself asks the gateway for models, and whether anything there answers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from components.core.faults import Fault
from components.gateway.routes import routes_in_force
from components.gateway.spec import Catalogue, GatewaySpec


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A model's name in the stack, where it is written, and what is wanted of whoever answers."""

    path: str
    model: str
    vectors: bool = False
    """An embedding of a text; else a text."""
    why: str = ""
    """Who asks, where the path does not say it."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The names that the gateway takes; what an image of somebody's own makes is not known."""

    names: frozenset[str]
    vectors: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def answers(
    spec: GatewaySpec, catalogue: Catalogue, *, vectors: Collection[str] = (), writers: Collection[str] = ()
) -> Answers:
    """Every name that leads somewhere; `vectors` are names of the relay's, `writers` backends that make text only.

    A name without a route goes to the relay as well, which has none but its own and answers 400 to the rest.
    """
    routes = routes_in_force(spec, catalogue)
    relayed = {route.model for route in routes if set(route.weights) == {catalogue.default}}
    chosen = {catalogue.selection.asked_as} if catalogue.selection else set[str]()
    return Answers(
        names=frozenset({route.model for route in routes} | chosen),
        vectors=frozenset(relayed & set(vectors)),
        texts=frozenset(
            (relayed - set(vectors))
            | chosen
            | {route.model for route in routes if route.weights and set(route.weights) <= set(writers)}
        ),
    )


def asked_faults(asked: Iterable[Asked], found: Answers) -> list[Fault]:
    """Names to which nothing answers, and those that make something else than what is asked of them."""
    faults: list[Fault] = []
    for one in asked:
        wrong = found.texts if one.vectors else found.vectors
        usable = ", ".join(sorted(found.names - wrong)) or "none"
        why = f", which {one.why}" if one.why else ""
        kind = "vectors" if one.vectors else "text"
        if one.model not in found.names:
            entry = (
                "relay.models, with makes: vectors"
                if one.vectors
                else "models, relay.models or relay.aliases"
            )
            faults.append(
                Fault(
                    one.path,
                    f"is {one.model!r}{why}, and nothing at the gateway answers to that; {kind} may make: {usable}",
                    f"name one of those, or add it to {entry}",
                )
            )
        elif one.model in wrong:
            faults.append(
                Fault(one.path, f"is {one.model!r}{why}, and that makes no {kind}", f"name one of {usable}")
            )
    return faults
