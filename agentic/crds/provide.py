"""Where the definitions of a plan's kinds are read from, with what is missing fetched first.

The order: the directory that was named (`--crds`, AGENTIC_CRDS), then what `agentic crds fetch` brought. Only
where a kind is in neither is its source fetched: a pinned Go module, else the chart that brings it, where Helm
can reach that. A kind that cannot be had is no error here: the rehearsal counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from agentic.crds import charts
from agentic.crds.directory import FETCHED, Definition, find, named
from agentic.crds.errors import CrdError
from agentic.crds.fetch import fetch
from agentic.crds.sources import SOURCES
from agentic.sandbox.providers.kubernetes.definitions import BUILT_IN, group_of

Say = Callable[[str], None]
Kind = tuple[str, str]
"""apiVersion and kind, as a manifest has them."""


def provide(root: Path, directory: Path | None, kinds: Collection[Kind], say: Say) -> list[Definition]:
    """A definition of each kind that one is to be had of; built-in kinds have none and need none."""
    fetched = root / FETCHED
    places = [fetched] if directory is None else [named(directory), fetched]
    for bring in (_from_modules, _from_charts):
        found = find(places, kinds)
        missing = _groups_without(found, kinds)
        if not missing:
            return found
        bring(fetched, missing, say)
    return find(places, kinds)


def _groups_without(found: Collection[Definition], kinds: Collection[Kind]) -> set[str]:
    have = {(one.group, one.kind) for one in found}
    groups = {group_of(version) for version, kind in kinds if (group_of(version), kind) not in have}
    return groups - BUILT_IN


def _from_modules(home: Path, groups: set[str], say: Say) -> None:
    wanted = [source for source in SOURCES if not groups.isdisjoint(source.groups)]
    try:
        fetch(home, say, sources=wanted)
    except CrdError as fault:
        say(str(fault.problem))


def _from_charts(home: Path, groups: set[str], say: Say) -> None:
    charts.fetch(home, charts.of_groups(groups), say)
