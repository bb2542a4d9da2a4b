"""Commands about stack files: what may be said, and whether a file says it right."""

from __future__ import annotations

from typing import Annotated

import typer

Stack = Annotated[str, typer.Argument(metavar="ENV", help="The stack: dev, staging, prod.")]


def register(app: typer.Typer) -> None:
    """Add `schema` and `config check`."""
    app.command()(schema)
    config = typer.Typer(help="Stack files.", no_args_is_help=True)
    config.command()(check)
    app.add_typer(config, name="config")


def schema() -> None:
    """Print the JSON Schema of a stack file, for editors."""
    from agentic.docs.schema import schema_text

    typer.echo(schema_text(), nl=False)


def check(stack: Stack) -> None:
    """Check a stack file; every fault at once, with its path, its rule and what to do."""
    from agentic.cli.root import project_root
    from stacks.config import parse
    from stacks.stack_file import read

    file = read(project_root(), stack)
    config = parse(file.platform, file.path.name)
    where = f"{config.aws.account_id}/{config.aws.region}"
    typer.echo(
        f"{file.path.name}: valid; cluster {config.cluster.name} in {where}, profile {config.profile}, "
        f"GPU pools: {len(config.gpu_pools)}, tenants: {len(config.tenants)}"
    )
