"""Removes what a killed run made and no state remembers, so that a destroy leaves nothing behind.

`up` needs none of this: when the engine asks for the same thing again, the provider takes over what is there.
But a destroy, or a config that no longer wants the thing, never asks. The providers' journal still knows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox import api_server
from agentic.sandbox.checkpoint import Checkpoint
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec
from agentic.sandbox.providers.journal import Journal, Orphan
from agentic.sandbox.providers.kinds import Provider, ResourceError
from agentic.sandbox.providers.settings import Settings


def remove(layout: Layout, state: Checkpoint, url: str, say: Callable[[str], None]) -> None:
    """Delete every orphan, newest first: nothing in a state can depend on a thing that is not in it."""
    if not layout.store.exists():
        return
    database = Database(layout.home)
    try:
        journal = Journal(database)
        found = journal.orphans({(resource.urn, resource.id) for resource in state.custom})
        if not found:
            return
        server = layout.api_record if api_server.is_used(layout) else None
        settings = Settings(layout.home, url, FaultSpec(), None, server)
        providers: dict[str, Provider | None] = {}
        for orphan in found:
            package = orphan.type.partition(":")[0]
            if package not in providers:
                providers[package] = _provider(package, settings, database, state)
            _delete(orphan, providers[package], journal, say)
    finally:
        database.close()


def _delete(orphan: Orphan, provider: Provider | None, journal: Journal, say: Callable[[str], None]) -> None:
    name = f"{orphan.type} {orphan.id}"
    if provider is None:
        say(f"a leftover of a cut-off run stays: {name}; its provider is not in the state")
        return
    kind = provider.kind(orphan.type)
    try:
        seen = kind.read(orphan.id, None)
        if seen is not None:
            kind.delete(orphan.id, seen.outputs)
    except ResourceError as refusal:
        say(f"a leftover of a cut-off run stays: {name}: {refusal}")
        return
    journal.gone(orphan.urn, orphan.id)
    if seen is not None:
        say(f"removed a leftover of a cut-off run: {name}")


def _provider(package: str, settings: Settings, database: Database, state: Checkpoint) -> Provider | None:
    """The package's provider, configured as the stack configures it."""
    inputs: dict[str, Any] | None = state.providers.get(package)
    if inputs is None:
        return None
    faults = Faults(FaultSpec(), database)
    provider: Provider
    if package == "aws":
        from agentic.sandbox.providers.aws.provider import AwsProvider

        provider = AwsProvider(settings, database, faults)
    else:
        from agentic.sandbox.providers.kubernetes.provider import KubernetesProvider

        provider = KubernetesProvider(settings, database, faults)
    provider.configure(inputs)
    return provider
