"""Installs definitions on an API server, many at a time, and waits until their kinds are served."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from agentic.crds.directory import Definition
from agentic.crds.errors import CrdError
from agentic.rehearsal.client import Refused
from agentic.rehearsal.objects import Objects

PARALLEL = 4
SERVED_SECONDS = 60.0


def install(objects: Objects, definitions: Sequence[Definition]) -> None:
    """Every kind is served when this returns; CrdError has the server's words on one it will not take."""
    if not definitions:
        return
    with ThreadPoolExecutor(PARALLEL) as pool:
        for done in [pool.submit(_create, objects, definition) for definition in definitions]:
            done.result()
    await_served(objects, [(definition.group, definition.kind) for definition in definitions])


def installable(definition: Definition) -> dict[str, Any]:
    """The manifest without what only a running controller can keep: conversion by a webhook."""
    manifest = dict(definition.manifest)
    manifest.pop("status", None)
    manifest["spec"] = {**manifest["spec"], "conversion": {"strategy": "None"}}
    return manifest


def _create(objects: Objects, definition: Definition) -> None:
    try:
        objects.create(installable(definition))
    except Refused as refusal:
        raise CrdError(
            f"{definition.file}: the API server refuses {definition.name}:\n    {refusal.message}",
            remedy="take the file from a release of its project that supports this Kubernetes",
        ) from None


def await_served(objects: Objects, kinds: Iterable[tuple[str, str]]) -> None:
    """Objects of each (group, kind) can be made when this returns.

    A definition counts as established a moment before its server lists it; until then its objects would
    look like objects of a kind that nobody has defined.
    """
    waiting = set(kinds)
    deadline = time.monotonic() + SERVED_SECONDS
    while True:
        objects.kinds.refresh()
        waiting = {(group, kind) for group, kind in waiting if not objects.kinds.versions(group, kind)}
        if not waiting:
            return
        if time.monotonic() > deadline:
            missing = ", ".join(f"{kind} of {group}" for group, kind in sorted(waiting))
            raise CrdError(
                f"not served after {SERVED_SECONDS:.0f} s: {missing}",
                remedy="two definitions may claim one name: leave out what the plan does not need",
            )
        time.sleep(0.05)
