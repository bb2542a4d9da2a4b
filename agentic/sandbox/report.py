"""What a person reads after a run: what changed, what was proved and how far, where everything is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from agentic.sandbox import api_server
from agentic.sandbox.aws_server import AwsServer
from agentic.sandbox.layout import Layout
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.progress import PAST

LISTED = 40
OUTPUT_WIDTH = 100


def summary(outcome: Outcome) -> list[str]:
    """One line for the whole run, then one for every change where those are few."""
    if outcome.is_empty:
        return [f"{_title(outcome)}: nothing to do, {outcome.same} resources as they should be"]
    tense = {op: op for op in PAST} if outcome.action == "preview" else PAST
    counts = ", ".join(f"{n} {tense.get(op, op)}" for op, n in outcome.changes.items())
    lines = [f"{_title(outcome)}: {counts}, {outcome.same} unchanged, in {outcome.seconds:.1f} s"]
    few = [step for step in outcome.steps if step.op != "same"]
    if outcome.same and len(few) <= LISTED:
        lines += [
            f"  {step.op:<8} {step.type} {step.name}{_paths(step.paths)}"
            for step in sorted(few, key=lambda step: (step.op, step.type, step.name))
        ]
    return lines


def limits(layout: Layout) -> list[str]:
    """What this run could not prove: AWS answered by the sandbox itself, objects checked without a schema."""
    kept, unvalidated = stored_kinds(layout)
    lines: list[str] = []
    if kept:
        lines.append(f"kept by the sandbox itself, moto has no such API: {_counted(kept)}")
    if api_server.is_used(layout):
        lines.append(
            f"kept by the sandbox itself, no API server judged them: {_counted(_kept_objects(layout))}"
        )
    if unvalidated:
        lines.append(
            f"{len(unvalidated)} kinds checked without a schema (give one with --crds DIR): {_counted(unvalidated)}"
        )
    return lines


def stored_kinds(layout: Layout) -> tuple[dict[str, int], dict[str, int]]:
    """How many AWS things the sandbox keeps itself, and how many objects went unchecked, by kind."""
    if not layout.store.exists():
        return {}, {}
    with closing(sqlite3.connect(layout.store, timeout=30)) as connection:
        kept = dict(connection.execute("SELECT kind, COUNT(*) FROM record GROUP BY kind"))
        unvalidated = dict(connection.execute("SELECT kind, seen FROM unvalidated"))
    return kept, unvalidated


def _kept_objects(layout: Layout) -> dict[str, int]:
    with closing(sqlite3.connect(layout.store, timeout=30)) as connection:
        return dict(connection.execute("SELECT kind, COUNT(*) FROM object GROUP BY kind"))


def _counted(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())) or "nothing"


def outputs(values: Mapping[str, Any]) -> Iterator[str]:
    """The stack's outputs, one a line; long ones cut, since all of them are in the state."""
    width = max((len(name) for name in values), default=0)
    for name, value in sorted(values.items()):
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        flat = " ".join(text.split())
        yield f"  {name:<{width}}  {flat if len(flat) <= OUTPUT_WIDTH else flat[: OUTPUT_WIDTH - 3] + '...'}"


def places(layout: Layout, server: AwsServer | None, account_id: str) -> list[str]:
    """Where everything is."""
    home = layout.home
    aws = f"{server.url} (moto, pid {server.pid}, account {account_id})" if server else "not running"
    kept = (
        "releases, what moto lacks"
        if api_server.is_used(layout)
        else "cluster objects, releases, what moto lacks"
    )
    return [
        f"  AWS      {aws}",
        *_api_server(layout),
        f"  objects  {layout.store} (sqlite: {kept})",
        f"  state    {layout.state.as_uri()} (passphrase in {layout.passphrase.name})",
        f"  logs     {home / 'logs'}",
    ]


def _api_server(layout: Layout) -> Iterator[str]:
    if not api_server.is_used(layout):
        return
    server = api_server.recorded(layout)
    running = server is not None and server.is_running()
    told = (
        f"{server.url} (Kubernetes {server.version}, pid {server.pid})"
        if server and running
        else "not running"
    )
    yield f"  cluster  {told}"


def _title(outcome: Outcome) -> str:
    return f"{outcome.action} {outcome.stack}"


def _paths(paths: tuple[str, ...]) -> str:
    return f": {', '.join(paths)}" if paths else ""
