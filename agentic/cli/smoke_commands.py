"""`agentic smoke`: what must be denied is denied, and what must be allowed is allowed."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer


class SmokeFormat(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `smoke`."""
    app.command()(smoke)


def smoke(
    stack: Annotated[
        str | None,
        typer.Argument(metavar="[ENV]", help="The stack. Default: the only one.", show_default=False),
    ] = None,
    context: Annotated[
        str | None,
        typer.Option(
            "--context", metavar="CTX", help="Of the kubeconfig. Default: the one for the stack's cluster."
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", metavar="SECONDS", help="Wait at most. Default: the jobs' own limit."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave jobs and logs for an hour.")] = False,
    output: Annotated[
        SmokeFormat, typer.Option("--format", help="For people or for programs.")
    ] = SmokeFormat.TEXT,
) -> None:
    """Run the stack's smoke test in its cluster: pods of two tenants try connections.

    Leaves with 0 where all is as the policies say, 1 where something differs, 2 where it cannot tell.
    Example: agentic smoke dev
    """
    from agentic.cli.root import project_root
    from agentic.ops import smoke as test
    from agentic.ops.chosen_stack import chosen_stack, config_of
    from agentic.ops.smoke_cluster import SmokeCluster
    from agentic.ops.smoke_text import as_json, as_text
    from agentic.ops.status.kube_cluster import of_kubeconfig

    root = project_root()
    place = config_of(root, chosen_stack(root, stack)).place
    cluster = of_kubeconfig(place, context)
    cluster.version()
    report = test.run(
        SmokeCluster(client=cluster.client),
        keep=keep,
        timeout_seconds=timeout,
        progress=lambda line: typer.echo(line, err=True),
    )
    typer.echo(json.dumps(as_json(report), indent=2) if output is SmokeFormat.JSON else as_text(report))
    if report.exit_code:
        raise typer.Exit(report.exit_code)
