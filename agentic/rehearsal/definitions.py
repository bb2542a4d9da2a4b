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
ESTABLISHED_SECONDS = 60.0
_API_VERSION, _KIND = "apiextensions.k8s.io/v1", "CustomResourceDefinition"


def install(objects: Objects, definitions: Sequence[Definition]) -> None:
    """Every kind is served when this returns; CrdError has the server's words on one it will not take."""
    if not definitions:
        return
    with ThreadPoolExecutor(PARALLEL) as pool:
        for done in [pool.submit(_create, objects, definition) for definition in definitions]:
            done.result()
    await_served(objects, [definition.name for definition in definitions])


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


def await_served(objects: Objects, names: Iterable[str]) -> None:
    """Objects of these definitions can be made when this returns."""
    waiting = set(names)
    deadline = time.monotonic() + ESTABLISHED_SECONDS
    while True:
        for found in objects.list(_API_VERSION, _KIND):
            if _condition(found, "Established"):
                waiting.discard(found["metadata"]["name"])
        if not waiting:
            break
        if time.monotonic() > deadline:
            raise CrdError(
                f"not served after {ESTABLISHED_SECONDS:.0f} s: {', '.join(sorted(waiting))}",
                remedy="two definitions may claim one name: leave out what the plan does not need",
            )
        time.sleep(0.05)
    objects.kinds.refresh()


def _condition(definition: Any, wanted: str) -> bool:
    status: Any = definition.get("status") or {}
    conditions: Any = status.get("conditions") or ()
    return any(condition["type"] == wanted and condition["status"] == "True" for condition in conditions)
