"""`agentic logs`: what a tenant's pods wrote."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class LogsFormat(StrEnum):
    """How a record is printed."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `logs`."""
    app.command()(logs)


def logs(
    tenant: Annotated[str, typer.Option("--tenant", metavar="NAME", help="Whose: a tenant, or `platform`.")],
    stack: Annotated[
        str | None,
        typer.Argument(metavar="[ENV]", help="The stack. Default: the only one.", show_default=False),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="From when: 15m, 1h30m, 2d, or a moment in UTC.")
    ] = "1h",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    grep: Annotated[
        str | None, typer.Option("--grep", metavar="REGEX", help="Only records whose text matches.")
    ] = None,
    agent: Annotated[
        str | None, typer.Option("--agent", metavar="NAME", help="Only this agent's, or this workload's.")
    ] = None,
    output: Annotated[
        LogsFormat, typer.Option("--format", help="Lines for people, or one JSON object a line.")
    ] = LogsFormat.TEXT,
) -> None:
    """Show what one tenant's pods wrote, from CloudWatch.

    Example: agentic logs dev --tenant tenant-a --since 15m --grep error
    """
    import time
    from datetime import UTC, datetime

    from agentic.cli.root import project_root
    from agentic.errors import OperatorError
    from agentic.ops.chosen_stack import chosen_stack, config_of
    from agentic.ops.logs import reading, text
    from agentic.ops.logs.selection import selection
    from agentic.ops.logs.since import milliseconds
    from agentic.ops.logs.since import since as moment
    from agentic.ops.session import aws_faults, session
    from agentic.ops.state_backend import refuse_other_account
    from components.otel.names import log_group

    root = project_root()
    config = config_of(root, chosen_stack(root, stack))
    chosen = selection(tenant, config.tenants, grep=grep, agent=agent)
    now = datetime.now(UTC)
    start = moment(since, now)
    if not config.observability.otel.enabled:
        raise OperatorError(
            "this stack has no collectors, so no log is kept (observability.otel.enabled is false)",
            remedy="switch them on, or read what the nodes still have: kubectl logs",
        )
    line = text.as_json_line if output is LogsFormat.JSON else text.as_line
    with aws_faults():
        aws = session()
        region = config.aws.region
        refuse_other_account(aws.client("sts", region_name=region), config.place)  # pyright: ignore[reportUnknownMemberType] - overloads
        group = reading.Group(
            client=aws.client("logs", region_name=region),  # pyright: ignore[reportUnknownMemberType] - overloads
            name=log_group(config.place),
        )
        if follow:
            found = reading.follow(group, chosen, start, sleep=time.sleep)
        else:
            found = group.read(chosen, milliseconds(start), milliseconds(now))
        for one in found:
            typer.echo(line(one))
