"""`agentic check`: the rules over a plan."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agentic.plan.model import Plan

EXIT_VIOLATED = 3
"""As with `rehearse`: judged and refused. A check that could not be held ends with 1, as every failed command."""


class CheckFormat(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"


def check(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN...", help="Files of `agentic plan`, or stacks to capture.")
    ],
    output: Annotated[
        CheckFormat, typer.Option("--format", help="For people or for programs.")
    ] = CheckFormat.TEXT,
    everything: Annotated[bool, typer.Option("--all", help="Also print what passed, and why.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail too on what no plan can know.")] = False,
) -> None:
    """Run the rules over a plan: backups, credentials, images, order of kinds.

    Ends with 0 where no rule is violated, with 3 where one is. Example: agentic check dev
    """
    from datetime import UTC, datetime

    from agentic.check import report
    from agentic.check.facts import gather
    from agentic.cli.root import project_root
    from policies.rules.catalogue import RULES
    from policies.rules.rule import Outcome

    root, today = project_root(), datetime.now(UTC).date()
    reports: list[report.Report] = []
    for name in plans:
        plan = _plan(name, root)
        found = gather(plan, root, today)
        reports.append(report.judge(plan.stack, RULES, found.facts, found.notes))
    if output is CheckFormat.JSON:
        typer.echo(json.dumps([report.as_json(one) for one in reports], indent=2, sort_keys=True))
    else:
        typer.echo("\n".join(report.as_text(one, everything=everything) for one in reports), nl=False)
    failing = {Outcome.VIOLATION, *([Outcome.UNKNOWN] if strict else [])}
    if any(one.outcome in failing for one in reports):
        raise typer.Exit(EXIT_VIOLATED)


def _plan(name: str, root: Path) -> Plan:
    """A plan file, or the capture of a stack of that name."""
    from agentic.plan import files
    from agentic.plan.capture import capture_stack

    path = Path(name)
    return files.load(path) if path.suffix == ".json" or path.is_file() else capture_stack(name, root)


def register(app: typer.Typer) -> None:
    """Add `check`."""
    app.command()(check)
