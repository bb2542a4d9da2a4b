"""`agentic preview-comment`: what CI says about a pull request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add `preview-comment`."""
    app.command()(preview_comment)


def preview_comment(
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="PLANS", exists=True, file_okay=False, help="base/ and head/ with captured plans."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; printed otherwise.")
    ] = None,
) -> None:
    """Write the comment of a pull request from captured plans; treats them as data from a stranger."""
    from agentic.ops.preview_comment import comment

    text = comment(directory)
    if out is None:
        typer.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
