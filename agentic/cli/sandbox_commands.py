"""`agentic sandbox`: the stack on this machine, on the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from agentic.sandbox.outcome import Outcome
    from agentic.sandbox.session import Sandbox


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


Stack = Annotated[str, typer.Argument(metavar="ENV", help="The stack: dev, staging, prod.")]
Fault = Annotated[
    str,
    typer.Option(
        "--fault",
        metavar="SPEC",
        help="Make calls fail on purpose: throttle=0.1,fail=aws:eks/cluster:Cluster@1,slow=0.2,seed=7.",
    ),
]
Crds = Annotated[
    Path | None,
    typer.Option("--crds", metavar="DIR", exists=True, file_okay=False, help="Schemas of custom resources."),
]
ApiServer = Annotated[
    bool,
    typer.Option(
        "--api-server",
        help="Keep cluster objects in a real API server (built once), for as long as the sandbox lives.",
    ),
]
Output = Annotated[Format, typer.Option("--format", help="For people or for programs.")]

_HELP = """The stack on this machine: the real Pulumi engine, our providers, an AWS that lives in memory.

No account, no docker. Example: agentic sandbox up dev --prove, then agentic sandbox destroy dev.
"""


def register(app: typer.Typer) -> None:
    """Add `sandbox up`, `preview`, `refresh`, `destroy`, `status` and `stop`."""
    sandbox = typer.Typer(help=_HELP, no_args_is_help=True)
    for command in (up, preview, refresh, destroy, status, stop):
        sandbox.command()(command)
    app.add_typer(sandbox, name="sandbox")


def up(
    stack: Stack,
    prove: Annotated[
        bool, typer.Option("--prove", help="Show the plan first, and prove that a second preview is empty.")
    ] = False,
    api_server: ApiServer = False,
    fault: Fault = "",
    crds: Crds = None,
    output: Output = Format.TEXT,
) -> None:
    """Stand the stack up; after a failure, again: it continues. Example: agentic sandbox up dev."""
    from agentic.sandbox import proof, report

    out = _printer(output)
    sandbox = _sandbox(stack, fault, crds, output, api_server=api_server)
    if prove:
        _show_plan(stack, sandbox.root, out)
    done = proof.up(sandbox, out, prove=prove)
    values = sandbox.outputs()
    if output is Format.JSON:
        _print_json(done, outputs=values)
        return
    _say("outputs")
    for line in report.outputs(values):
        _say(line)
    _say("where things are")
    for line in report.places(sandbox.layout, sandbox.server, sandbox.program.account_id):
        _say(line)


def preview(
    stack: Stack,
    api_server: ApiServer = False,
    fault: Fault = "",
    crds: Crds = None,
    output: Output = Format.TEXT,
) -> None:
    """What `up` would do to the sandbox as it is now. Example: agentic sandbox preview dev."""
    _report(_sandbox(stack, fault, crds, output, api_server=api_server).preview(), output)


def refresh(stack: Stack, fault: Fault = "", crds: Crds = None, output: Output = Format.TEXT) -> None:
    """Look for drift: what was changed behind the engine's back. Example: agentic sandbox refresh dev."""
    _report(_sandbox(stack, fault, crds, output).refresh(), output)


def destroy(
    stack: Stack,
    unprotect: Annotated[
        bool, typer.Option("--unprotect", help="End the rehearsal of a stack that protects its resources.")
    ] = False,
    fault: Fault = "",
    output: Output = Format.TEXT,
) -> None:
    """Destroy the stack, show that nothing is left, stop AWS. Example: agentic sandbox destroy dev."""
    from agentic.sandbox import proof

    done = proof.down(_sandbox(stack, fault, None, output), _printer(output), unprotect=unprotect)
    if output is Format.JSON:
        _print_json(done)


def status(stack: Stack, output: Output = Format.TEXT) -> None:
    """What is in the sandbox and what it needs. Example: agentic sandbox status dev."""
    from agentic.sandbox import status as facts

    sandbox = _sandbox(stack, "", None, output)
    found = facts.of(sandbox)
    if output is Format.JSON:
        typer.echo(json.dumps(found.as_json(), indent=2))
        return
    for line in found.lines():
        _say(line)


def stop(stack: Stack) -> None:
    """Stop the sandbox's servers; all that was in them is gone. Example: agentic sandbox stop dev."""
    sandbox = _sandbox(stack, "", None, Format.TEXT)
    sandbox.close()
    _say(f"the servers of sandbox {stack} are stopped and what was in them is forgotten; only logs are kept")


def _sandbox(
    stack: str, fault: str, crds: Path | None, output: Format, *, api_server: bool = False
) -> Sandbox:
    from rich.console import Console

    from agentic.cli.root import project_root
    from agentic.sandbox.errors import SandboxError
    from agentic.sandbox.program import of_stack
    from agentic.sandbox.providers.faults import FaultSpecError, parse
    from agentic.sandbox.session import Options, Sandbox

    try:
        parse(fault)
    except FaultSpecError as error:
        raise SandboxError(str(error), remedy="see `agentic sandbox up --help`") from None
    root = project_root()
    console = Console(stderr=output is Format.JSON)
    options = Options(faults=fault, crds=crds.resolve() if crds else None, api_server=api_server)
    return Sandbox(root, of_stack(root, stack), console, options)


def _show_plan(stack: str, root: Path, out: Callable[[str], None]) -> None:
    from agentic.plan.capture import capture_stack
    from agentic.plan.summary import summary
    from agentic.plan.summary_text import as_text

    out(as_text(summary(capture_stack(stack, root))))


def _report(outcome: Outcome, output: Format) -> None:
    from agentic.sandbox import report

    if output is Format.JSON:
        _print_json(outcome)
        return
    for line in report.summary(outcome):
        _say(line)


def _print_json(outcome: Outcome, **more: Any) -> None:
    typer.echo(json.dumps(outcome.as_json() | more, indent=2, sort_keys=True))


def _say(line: str) -> None:
    typer.echo(line)


def _say_aside(line: str) -> None:
    typer.echo(line, err=True)


def _printer(output: Format) -> Callable[[str], None]:
    """Text goes to standard output; with JSON there, it goes to standard error."""
    return _say_aside if output is Format.JSON else _say
