"""`agentic plan`, `manifests`, `diff` and `bench`: a stack's plan, and what can be read from it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agentic.plan.summary import Summary

EXIT_DIFFERENT = 1
EXIT_FAULTS = 3
"""The plan is whole, and something in it cannot work: another thing than no plan."""


class PlanFormat(StrEnum):
    """How a summary is printed."""

    TEXT = "text"
    JSON = "json"


class DiffFormat(StrEnum):
    """How a delta is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def plan(
    environment: Annotated[str, typer.Argument(metavar="ENV", help="A stack with a Pulumi.<ENV>.yaml.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Also write the whole plan to this file.")
    ] = None,
    output: Annotated[
        PlanFormat, typer.Option("--format", help="How the summary is printed.")
    ] = PlanFormat.TEXT,
    images: Annotated[
        bool, typer.Option("--images", help="List the images it would pull, and how each is pinned.")
    ] = False,
) -> None:
    """Capture what a stack would create, without an engine, an account or a cluster, and sum it up.

    Leaves with 3 where a quota does not hold the pods of its namespace.

    Example: agentic plan dev --out plan.json
    """
    from agentic.plan.collector import spared_for_one_command

    with spared_for_one_command():
        from agentic.cli.root import project_root
        from agentic.plan import files
        from agentic.plan.capture import capture_stack
        from agentic.plan.summary import summary

        captured = capture_stack(environment, project_root())
        if out is not None:
            files.save(captured, out)
        found = summary(captured)
        typer.echo(_rendered(found, output, images=images), nl=False)
        if out is not None:
            typer.echo(f"written to {out}", err=True)
        for fault in found.quota_faults:
            typer.echo(f"agentic: Pulumi.{environment}.yaml: {fault}", err=True)
        if found.quota_faults:
            raise typer.Exit(EXIT_FAULTS)


def _rendered(found: Summary, output: PlanFormat, *, images: bool) -> str:
    import json

    from agentic.plan import images_text, summary_text

    if images and output is PlanFormat.JSON:
        return json.dumps(images_text.records(found.images), indent=2, sort_keys=True) + "\n"
    if images:
        return images_text.as_text(found.images)
    return summary_text.as_json(found) if output is PlanFormat.JSON else summary_text.as_text(found)


def manifests(
    file: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json of `agentic plan`.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The directory to write.")],
    force: Annotated[bool, typer.Option("--force", help="Write among files of others.")] = False,
) -> None:
    """Write every Kubernetes object and every release's values of a plan, for ordinary tools to check.

    Example: agentic manifests plan.json --out manifests
    """
    from agentic.plan import files
    from agentic.plan.manifests import write

    names = write(files.load(file), out, force=force)
    typer.echo(f"{len(names)} files in {out}")


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The plan.json before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The plan.json after.")],
    output: Annotated[
        DiffFormat, typer.Option("--format", help="How the difference is printed.")
    ] = DiffFormat.TEXT,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Leave with 1 when the plans differ.")
    ] = False,
) -> None:
    """Show what turns one plan into another, grouped by what it can hurt.

    Example: agentic diff base.json head.json --format markdown
    """
    from agentic.plan import files
    from agentic.plan.diff import diff as compare
    from agentic.plan.diff_text import RENDERERS

    delta = compare(files.load(old), files.load(new))
    typer.echo(RENDERERS[output.value](delta), nl=False)
    if exit_code and not delta.is_empty:
        raise typer.Exit(EXIT_DIFFERENT)


def bench(
    tenants: Annotated[
        str, typer.Option("--tenants", metavar="N,N,...", help="Tenant counts to measure, rising.")
    ] = "1,10,50,200",
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs of each; the middle one counts.")] = 3,
) -> None:
    """Measure captures of the dev stack against what the SDK itself needs for the same resources.

    Example: agentic bench --tenants 1,10 --runs 1
    """
    from agentic.bench.report import main
    from agentic.cli.root import project_root

    counts = [int(number) for number in tenants.split(",") if number.strip().isdigit()]
    if not counts:
        raise typer.BadParameter(f"{tenants!r} holds no number", param_hint="--tenants")
    main(project_root(), counts, runs)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(plan)
    app.command()(manifests)
    app.command("diff")(diff)
    app.command()(bench)
