"""`agentic bootstrap`: the state backend of a real account."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agentic.ops.state_backend import Backend


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `bootstrap`."""
    app.command()(bootstrap)


def bootstrap(
    stack: Annotated[str, typer.Argument(metavar="ENV", help="The stack: dev, staging, prod.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read only: say what would be done.")] = False,
    log_bucket: Annotated[
        str | None, typer.Option(metavar="BUCKET", help="An existing bucket that takes the access logs.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Make the bucket for state and the key for secrets in the stack's account; safe to repeat."""
    from agentic.cli.root import project_root
    from agentic.ops.session import aws_faults, session
    from agentic.ops.state_backend import Clients
    from agentic.ops.state_backend import bootstrap as make
    from stacks.config import parse
    from stacks.stack_file import read

    file = read(project_root(), stack)
    place = parse(file.platform, file.path.name).place
    with aws_faults():
        clients = Clients.of(session(), place.region)
        backend = make(clients, place, stack=stack, log_bucket=log_bucket, dry_run=dry_run)
    typer.echo(json.dumps(backend.as_json(), indent=2) if output is Format.JSON else _text(backend))


def _text(backend: Backend) -> str:
    width = max(len(step.action) for step in backend.steps)
    steps = [f"  {step.action:<{width}}  {step.what}  {step.detail}".rstrip() for step in backend.steps]
    title = f"account {backend.account_id}, {backend.region}"
    if backend.dry_run:
        return "\n".join([f"{title}: dry run, nothing was changed", *steps])
    return "\n".join([title, *steps, "", "Next:", f"  {backend.login}", f"  {backend.stack_init}"])
