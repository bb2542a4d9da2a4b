"""Resources are made, adopted, changed and removed the same way whatever their type, journalled throughout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.changes import changes
from agentic.sandbox.providers.faults import Faults
from agentic.sandbox.providers.journal import Journal, Pending
from agentic.sandbox.providers.kinds import Named, Observed, Properties, ResourceError, ResourceKind


class LifeCycle:
    """Creates without doubling and deletes without forgetting."""

    def __init__(self, journal: Journal, faults: Faults) -> None:
        """Write down in `journal`; let `faults` fail creations."""
        self._journal = journal
        self._faults = faults

    def cancel(self) -> None:
        """Give up waiting between attempts."""
        self._faults.cancelled.set()

    def shown(self, urn: str, identity: str) -> None:
        """Note that the engine's state holds this id."""
        self._journal.shown(urn, identity)

    def in_state(self, urn: str) -> None:
        """Note that the engine's state holds this URN."""
        self._journal.in_state(urn)

    def create(
        self, kind: ResourceKind, token: str, named: Named, inputs: Properties
    ) -> tuple[str, Properties]:
        """Make a thing, or take over the one an interrupted run made for the same URN."""
        pending = self._journal.begin(named.urn, token, inputs)
        try:
            identity = self._take_over(kind, named, inputs, self._leftovers(kind, named, inputs, pending))
            if identity is None:
                self._faults.before_create(token)
                identity = kind.create(named, inputs)
        except Exception:
            # A refusal in the middle of several calls may leave a part: the intent stays, so that the next attempt
            # looks for it. An intent without a thing costs one look-up.
            self._journal.abandoned(pending)
            raise
        self._journal.done(pending, named.urn, identity)
        return identity, self._look(kind, identity, inputs).outputs

    def _leftovers(self, kind: ResourceKind, named: Named, inputs: Properties, pending: Pending) -> list[str]:
        found = list(pending.adoptable)
        if pending.interrupted:
            found += [i for i in kind.find(named, inputs) if i not in pending.taken]
        return found

    def _take_over(
        self, kind: ResourceKind, named: Named, inputs: Properties, leftovers: list[str]
    ) -> str | None:
        for identity in leftovers:
            found = kind.read(identity, inputs)
            if found is None:
                self._journal.gone(named.urn, identity)
                continue
            differing = changes(found.inputs, inputs, unordered=kind.unordered)
            if any(kind.replaces(change) for change in differing):
                kind.delete(identity, found.outputs)
                self._journal.gone(named.urn, identity)
                continue
            if differing:
                kind.update(named, identity, found.inputs, inputs)
            return identity
        return None

    def read(
        self, kind: ResourceKind, urn: str, identity: str, like: Mapping[str, Any] | None
    ) -> Observed | None:
        """Look at a thing the engine knows."""
        self._journal.shown(urn, identity)
        found = kind.read(identity, like)
        if found is None:
            self._journal.gone(urn, identity)
        return found

    def update(
        self, kind: ResourceKind, named: Named, identity: str, olds: Mapping[str, Any], news: Properties
    ) -> Properties:
        """Change a thing in place and look at it again."""
        self._journal.shown(named.urn, identity)
        kind.update(named, identity, olds, news)
        return self._look(kind, identity, news).outputs

    def delete(self, kind: ResourceKind, urn: str, identity: str, outputs: Mapping[str, Any]) -> None:
        """Remove a thing and write that it is gone."""
        self._journal.shown(urn, identity)
        kind.delete(identity, outputs)
        self._journal.gone(urn, identity)

    @staticmethod
    def _look(kind: ResourceKind, identity: str, like: Mapping[str, Any]) -> Observed:
        found = kind.read(identity, like)
        if found is None:
            raise ResourceError("NotFound", f"{identity} was made and is not there")
        return found
