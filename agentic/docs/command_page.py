"""`docs/reference/cli.md`: every command with its arguments and options, as the command itself knows them."""

from __future__ import annotations

from typing import Any

from typer.cli import get_docs_for_click
from typer.main import get_command

from agentic.cli.main import make_app

INTRODUCTION = """\
Made from the command by `make docs`; do not edit. Exit codes: 0 done, 1 failed with a message, 2 wrong usage,
130 interrupted. Every command works from any directory inside the checkout."""


def command_page() -> str:
    """Return the page."""
    command = get_command(make_app())
    # Typer's context in all but its declared type.
    context: Any = command.make_context("agentic", ["--help"], resilient_parsing=True)
    text = get_docs_for_click(obj=command, ctx=context, name="agentic", title="Command reference")
    title, _, rest = text.partition("\n")
    body = "\n".join(line.rstrip() for line in rest.strip().splitlines())
    return f"{title}\n\n{INTRODUCTION}\n\n{body}\n"
