"""`agentic docs`: the generated reference pages and diagrams."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add `docs`."""
    app.command()(docs)


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where a page is stale.")
    ] = False,
) -> None:
    """Rewrite the generated pages: config reference, schema, command reference, layers."""
    from agentic.cli.root import project_root
    from agentic.docs.pages import refuse_stale, write

    root = project_root()
    if check:
        refuse_stale(root)
        return
    changed = write(root)
    typer.echo("\n".join(f"wrote {path}" for path in changed) or "every page is up to date")
