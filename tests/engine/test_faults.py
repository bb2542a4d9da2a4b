"""A throttled and a failing AWS: what is retried, what is reported, and that the next run continues. Engine, moto."""

from __future__ import annotations

import pulumi
import pytest

from agentic.plan.capture import capture_program
from agentic.sandbox.errors import EngineFailed
from agentic.sandbox.session import Options
from tests.engine.conftest import Sandboxes
from tests.engine.small_program import small

CLUSTER = "aws:eks/cluster:Cluster"


def test_throttled_calls_are_retried_until_they_pass(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(options=Options(faults="throttle=0.2,seed=7"))
    sandbox.up()
    assert sandbox.preview().is_empty


def test_a_failed_creation_stops_what_depends_on_it_and_the_next_run_continues(sandboxes: Sandboxes) -> None:
    options = Options(faults=f"fail={CLUSTER}@1")
    sandbox = sandboxes.small(options=options)
    with pytest.raises(EngineFailed) as failed:
        sandbox.up()
    assert CLUSTER in str(failed.value)
    made = sandbox.inventory().counts()
    assert made["VPC"] == 1
    assert "EKS cluster" not in made
    assert "Namespace (cluster)" not in made
    resumed = sandboxes.small(options=options).up()
    assert "cluster" in {step.name for step in resumed.of("create")}
    # What a cluster waits for; a route, say, may still have been under way when the cluster failed.
    before = {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:iam/role:Role"}
    assert before.isdisjoint(step.type for step in resumed.steps), "what was made is not made again"
    assert sandbox.preview().is_empty


def test_a_failed_run_leaves_nothing_that_fails_the_next_program_of_the_process(sandboxes: Sandboxes) -> None:
    program = small()

    def with_a_transform() -> None:
        # For which the SDK opens a server in the program's loop; only a program that ends closes it.
        pulumi.runtime.register_resource_transform(lambda _: None)
        program()

    sandbox = sandboxes.of("test", with_a_transform, options=Options(faults=f"fail={CLUSTER}@1"))
    with pytest.raises(EngineFailed):
        sandbox.up()
    assert [one.name for one in capture_program(program).all(CLUSTER)] == ["cluster"]


def test_a_fault_that_nobody_can_read_is_refused_before_the_engine_starts(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(options=Options(faults="throttle=often"))
    with pytest.raises(Exception, match="throttle") as refused:
        sandbox.up()
    assert "often" in str(refused.value)
    assert sandbox.inventory().is_empty
