"""`agentic rehearse` and `agentic crds`: a plan before a real API server, and the schemas that takes."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentic.crds.directory import Definition
    from agentic.plan.model import Plan
    from agentic.rehearsal.result import Rehearsal
    from agentic.rehearsal.tools import Tools

EXIT_REFUSED = 3
"""The server judged and refused. A rehearsal that could not be held ends with 1, as every failed command."""


class RehearsalFormat(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `rehearse` and `crds fetch`."""
    app.command()(rehearse)
    crds = typer.Typer(help="Schemas of custom resources.", no_args_is_help=True)
    crds.command()(fetch)
    app.add_typer(crds, name="crds")


def rehearse(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN...", help="Files of `agentic plan`, or stacks to capture.")
    ],
    kubernetes: Annotated[
        str | None,
        typer.Option(
            "--kubernetes", metavar="MINOR", help="The version that judges. Default: the pinned one."
        ),
    ] = None,
    crds: Annotated[
        Path | None,
        typer.Option(
            "--crds",
            metavar="DIR",
            envvar="AGENTIC_CRDS",
            help="Definitions to use first. Those it lacks are fetched, once.",
        ),
    ] = None,
    require_schemas: Annotated[
        bool,
        typer.Option("--require-schemas", help="Fail too on a kind without schema that is no known gap."),
    ] = False,
    output: Annotated[
        RehearsalFormat, typer.Option("--format", help="For people or for programs.")
    ] = RehearsalFormat.TEXT,
) -> None:
    """Create every Kubernetes object of a plan on a real API server, and print each refusal.

    Ends with 0 where all is accepted, with 3 where something is refused. Example: agentic rehearse dev
    """
    from agentic.cli.root import project_root
    from agentic.crds.provide import provide
    from agentic.rehearsal import known_gaps, tools
    from agentic.rehearsal.rehearse import kinds_of
    from agentic.rehearsal.result import as_json, as_text

    root = project_root()
    captured = [_plan(name, root) for name in plans]
    at_hand = provide(root, crds, {kind for plan in captured for kind in kinds_of(plan)}, _say_aside)
    programs = tools.provide(root, _say_aside, kubernetes)
    results: list[Rehearsal] = []
    for plan in captured:
        result = _hold(plan, programs, at_hand)
        results.append(result)
        if output is RehearsalFormat.TEXT:
            typer.echo(as_text(result), nl=False)
    gaps = known_gaps.unknown(kind for result in results for kind in result.without_schema)
    refused = not all(result.is_clean for result in results) or (require_schemas and bool(gaps))
    if output is RehearsalFormat.JSON:
        document = {
            "passed": not refused,
            "new_gaps": gaps,
            "rehearsals": [as_json(result) for result in results],
        }
        typer.echo(json.dumps(document, indent=2, sort_keys=True))
    if gaps:
        _say_aside(
            f"no schema for {', '.join(gaps)}, and none of them is a known gap: name a directory with --crds, "
            "or account for them in agentic/rehearsal/known_gaps.py"
        )
    if refused:
        raise typer.Exit(EXIT_REFUSED)


def fetch(
    force: Annotated[bool, typer.Option("--force", help="Fetch even what is there already.")] = False,
) -> None:
    """Fill .sandbox/crds with the definitions of the pinned charts, from their projects' Go modules.

    Charts that no module covers at their version are asked of Helm. Example: agentic crds fetch
    """
    from agentic.cli.root import project_root
    from agentic.crds import charts
    from agentic.crds.directory import FETCHED
    from agentic.crds.fetch import fetch as fetch_all
    from agentic.crds.sources import SOURCES

    directory = project_root() / FETCHED
    charts.fetch(directory, charts.uncovered(SOURCES), typer.echo)
    if not fetch_all(directory, typer.echo, force=force):
        typer.echo(f"{directory} has all {len(SOURCES)} sources as pinned")


def _plan(name: str, root: Path) -> Plan:
    """A plan file, or the capture of a stack of that name."""
    from agentic.plan import files
    from agentic.plan.capture import capture_stack

    path = Path(name)
    return files.load(path) if path.suffix == ".json" or path.is_file() else capture_stack(name, root)


def _hold(plan: Plan, programs: Tools, at_hand: Sequence[Definition]) -> Rehearsal:
    """One plan on one server of its own; the time the server took to start is part of the result."""
    import time
    from dataclasses import replace

    from agentic.rehearsal import control_plane, declared
    from agentic.rehearsal.api_server import ApiServer
    from agentic.rehearsal.rehearse import rehearse as judge

    pods = declared.of_plan(plan)
    started = time.monotonic()
    with ApiServer(programs, service_cidr=control_plane.service_cidr(plan)) as server:
        ready = time.monotonic() - started
        result = judge(plan, server, at_hand=at_hand, declared=pods.pods)
    notes = (*control_plane.version_notes(plan, server.version), *pods.notes)
    return replace(result, notes=notes, seconds={"server": ready, **result.seconds})


def _say_aside(line: str) -> None:
    typer.echo(line, err=True)
