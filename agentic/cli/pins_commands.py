"""`agentic pins`: digests of the images that charts run."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add `pins`."""
    app.command()(pins)


def pins() -> None:
    """Fill in image digests where registries can be reached, and check those that are pinned."""
    from agentic.cli.root import project_root
    from agentic.ops.image_pins import renew

    for outcome in renew(project_root()):
        typer.echo(f"{outcome.action:<7} {outcome.image.repository}:{outcome.image.tag}  {outcome.detail}")
