"""A failed run ends in one message: why, in whose words, and what to do."""

from __future__ import annotations

from pathlib import Path

import pulumi
from pulumi.automation import CommandResult
from pulumi.automation.errors import CommandError

from agentic.sandbox.command import EngineCommand
from agentic.sandbox.engine import Engine
from agentic.sandbox.errors import EngineFailed, Interrupted
from agentic.sandbox.failure import explained
from agentic.sandbox.tally import Problem, Step, Tally

VPC = "urn:pulumi:dev::agentic-platform::agentic:network:Network$aws:ec2/vpc:Vpc::network"


def _command() -> EngineCommand:
    return EngineCommand(Engine(Path("/engine"), "3.259.0"))


def _failure(stderr: str = "") -> CommandError:
    return CommandError(CommandResult(stdout="", stderr=stderr, code=255))


def test_the_providers_words_are_kept_with_the_resource_they_are_about() -> None:
    tally = Tally(
        problems=[Problem("error", VPC, "VpcLimitExceeded: 5"), Problem("error", "", "update failed")]
    )
    error = explained(_failure(), "up dev", _command(), tally, [])
    assert isinstance(error, EngineFailed)
    assert str(error) == (
        "up dev failed\n"
        "  aws:ec2/vpc:Vpc network: VpcLimitExceeded: 5\n"
        "  remedy: mend the cause, then run `agentic sandbox up dev` again: it continues from here"
    )


def test_what_the_engine_cut_off_itself_is_no_cause() -> None:
    aftermath = [
        Problem(
            "error", "", "kubernetes:yaml/v2:ConfigFile resource 'x': grpc: the client connection is closing"
        ),
        Problem("error", "", "Detected that /x/pulumi-resource-aws exited prematurely."),
    ]
    cause = Problem("error", VPC, "VpcLimitExceeded: 5")
    failed = Tally(problems=[*aftermath, cause], failed=[Step("create", VPC, "aws:ec2/vpc:Vpc")])
    text = str(explained(_failure(), "up dev", _command(), failed, []))
    assert "VpcLimitExceeded: 5" in text
    assert "closing" not in text
    assert "prematurely" not in text
    alone = str(explained(_failure(), "up dev", _command(), Tally(problems=aftermath), []))
    assert "exited prematurely" in alone, "with no failed resource it is all there is to say"


def test_a_config_error_comes_out_exactly_as_it_is() -> None:
    config = pulumi.RunError("Pulumi.dev.yaml: 1 fault\n  network.cidr: too small")
    assert explained(_failure(), "up dev", _command(), Tally(), [config]) is config


def test_a_killed_engine_is_named_so() -> None:
    command = _command()
    command.killed_by = 9
    error = explained(_failure(), "destroy dev", command, Tally(), [])
    assert "the engine was killed (signal 9) during destroy dev" in str(error)
    assert "it continues from here" in str(error)


def test_an_interrupt_is_not_a_failure() -> None:
    command = _command()
    command.interrupts = 1
    error = explained(_failure(), "up dev", command, Tally(), [])
    assert isinstance(error, Interrupted)
    assert "up dev was interrupted; the state is whole" in str(error)


def test_without_any_event_the_engines_last_line_is_the_reason() -> None:
    error = explained(_failure("error: no such stack"), "up dev", _command(), Tally(), [])
    assert "up dev failed: stderr: error: no such stack" in str(error)
