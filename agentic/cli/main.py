"""Entry point of `agentic`: every command, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from agentic.errors import OperatorError

EXIT_FAILED = 1

# Each module's `register(app)` adds its commands. Their bodies import what they need when they run,
# so `agentic --help` pays for none of the SDKs (1.2 to 1.9 s).
COMMAND_MODULES = (
    "agentic.cli.plan_commands",
    "agentic.cli.sandbox_commands",
    "agentic.cli.config_commands",
    "agentic.cli.bootstrap_commands",
    "agentic.cli.docs_commands",
    "agentic.cli.pins_commands",
    "agentic.cli.preview_comment_commands",
    "agentic.cli.rehearsal_commands",
    "agentic.cli.check_commands",
    "agentic.cli.status_commands",
    "agentic.cli.logs_commands",
    "agentic.cli.smoke_commands",
)

# Errors written for the operator, by module and class. Looked up only among modules that are loaded already:
# an error whose module was never imported cannot have been raised.
EXPECTED_ERRORS = (
    ("agentic.plan.errors", "PlanError"),
    ("agentic.sandbox.errors", "SandboxError"),
    ("pulumi.errors", "RunError"),  # ConfigError is one
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"agentic-platform {version('agentic-platform')}")
        raise typer.Exit


def make_app() -> typer.Typer:
    """Return the command with every subcommand registered."""
    app = typer.Typer(
        name="agentic",
        help="Plan, rehearse and run an agentic-AI platform on Amazon EKS.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def root(
        _version: Annotated[
            bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
        ] = False,
    ) -> None:
        """Options that come before the command."""

    app.callback()(root)
    for module in COMMAND_MODULES:
        import_module(module).register(app)
    return app


def _is_expected(error: Exception) -> bool:
    """Tell whether the error was written for the operator to read."""
    if isinstance(error, OperatorError) or (isinstance(error, OSError) and error.filename is not None):
        return True
    classes = (getattr(sys.modules.get(module), name, None) for module, name in EXPECTED_ERRORS)
    return any(isinstance(error, kind) for kind in classes if kind is not None)


def _message(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    return str(error)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

    `status` ends with 2 where it cannot tell, `plan` with 3 where a whole plan has faults.
    """
    try:
        make_app()(args=arguments, prog_name="agentic")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_FAILED if stop.code else 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_expected(error):
            error.add_note(
                "This is a defect in agentic, not in your configuration: please report the lines above."
            )
            raise
        print(f"agentic: {_message(error)}", file=sys.stderr)
        return error.exit_code if isinstance(error, OperatorError) else EXIT_FAILED
    return 0


def main() -> None:
    """Run the command line and leave; a reader that went away (`agentic ... | head`) is not an error."""
    code = run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
