"""`agentic status`: what runs, beside what should."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from agentic.ops.status.expected import Expected
    from agentic.ops.status.status import Status
    from components.core.aws import Place


class StatusFormat(StrEnum):
    """How a status is printed."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `status`."""
    app.command()(status)


def status(
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
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Read the stack's sandbox on this machine instead.")
    ] = False,
    output: Annotated[
        StatusFormat, typer.Option("--format", help="For people or for programs.")
    ] = StatusFormat.TEXT,
) -> None:
    """Compare what runs with what the stack's plan says, on one screen.

    Leaves with 0 for healthy, 1 for degraded, 2 where it cannot tell. Example: agentic status dev
    """
    from agentic.plan.collector import spared_for_one_command

    with spared_for_one_command():
        from agentic.cli.root import project_root
        from agentic.errors import OperatorError
        from agentic.ops.chosen_stack import chosen_stack, config_of
        from agentic.ops.status.expected import expected
        from agentic.ops.status.text import as_json, as_text
        from agentic.plan.capture import capture_stack

        if sandbox and context is not None:
            raise OperatorError(
                "--sandbox has no contexts", remedy="leave one of --sandbox and --context out"
            )
        root = project_root()
        name = chosen_stack(root, stack)
        place = config_of(root, name).place
        planned = expected(
            capture_stack(name, root),
            cluster=place.cluster_name,
            account_id=place.account_id,
            region=place.region,
        )
        found = _of_sandbox(planned, place, root) if sandbox else _of_account(planned, place, context)
        typer.echo(
            json.dumps(as_json(found), indent=2) if output is StatusFormat.JSON else as_text(found).rstrip()
        )
        if found.exit_code:
            raise typer.Exit(found.exit_code)


def _of_account(planned: Expected, place: Place, context: str | None) -> Status:
    from datetime import UTC, datetime

    from agentic.ops.status.boto_eks import BotoEks
    from agentic.ops.status.kube_cluster import KubeCluster, of_kubeconfig
    from agentic.ops.status.status import status as ask

    def reach() -> KubeCluster:
        cluster = of_kubeconfig(place, context)
        cluster.version()
        return cluster

    return ask(planned, reach, BotoEks(place), datetime.now(UTC))


def _of_sandbox(planned: Expected, place: Place, root: Path) -> Status:
    from datetime import UTC, datetime

    from agentic.ops.status import sandbox_cluster
    from agentic.ops.status.status import status as ask
    from agentic.sandbox.layout import Layout

    layout = Layout(root, planned.stack)
    return ask(
        planned,
        lambda: sandbox_cluster.sandbox(layout, planned.cluster),
        sandbox_cluster.SandboxEks(layout, place.region),
        datetime.now(UTC),
        label=sandbox_cluster.LABEL,
    )
