"""The whole life of a stack on the real engine, in miniature: each step changes exactly what it should."""

from __future__ import annotations

import boto3
import pytest

from agentic.sandbox.errors import EngineFailed
from agentic.sandbox.session import Sandbox
from tests.engine.conftest import Sandboxes, said


@pytest.fixture(scope="module")
def up(shared_sandboxes: Sandboxes) -> Sandbox:
    sandbox = shared_sandboxes.small()
    sandbox.up()
    return sandbox


def test_a_preview_makes_nothing(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small()
    outcome = sandbox.preview()
    assert set(outcome.changes) == {"create"}
    assert sandbox.inventory().is_empty
    assert not sandbox.state.custom


def test_what_was_asked_for_exists_once(up: Sandbox) -> None:
    counts = up.inventory().counts()
    assert counts["VPC"] == 1
    assert counts["subnet"] == 3
    assert counts["EKS cluster"] == 1
    assert counts["Namespace (cluster)"] == 3
    assert counts["ResourceQuota (cluster)"] == 3


def test_a_second_preview_is_empty(up: Sandbox) -> None:
    outcome = up.preview()
    assert outcome.changes == {}
    assert outcome.same == len(up.state.resources)


def test_a_second_up_changes_nothing(up: Sandbox) -> None:
    before = up.inventory()
    assert up.up().changes == {}
    assert up.inventory() == before


def test_a_refresh_finds_no_drift(up: Sandbox) -> None:
    assert up.refresh().changes == {}


def test_drift_made_behind_the_engines_back_is_seen_and_mended(up: Sandbox) -> None:
    assert up.server is not None
    ec2 = boto3.client(
        "ec2",
        region_name="us-east-1",
        endpoint_url=up.server.url,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    (vpc,) = up.inventory().things["VPC"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "owner", "Value": "somebody-else"}])
    drift = up.refresh()
    assert drift.changes == {"update": 1}
    assert [step.name for step in drift.of("update")] == ["network"]
    mended = up.up()
    assert [(step.op, step.name, step.paths) for step in mended.steps] == [
        ("update", "network", ("tags.owner", "tagsAll.owner"))
    ]
    assert up.preview().is_empty


def test_a_change_of_config_changes_exactly_that(up: Sandbox, shared_sandboxes: Sandboxes) -> None:
    changed = shared_sandboxes.small(owner="team-b", namespaces=4)
    planned = changed.preview()
    expected = {
        ("create", "space-3"),
        ("update", "network"),
        ("update", "space-0"),
        ("update", "space-1"),
        ("update", "space-2"),
    }
    assert {(step.op, step.name) for step in planned.steps} == expected
    assert {step.paths for step in planned.of("update")} == {
        ("tags.owner", "tagsAll.owner"),
        ("metadata.labels.team",),
    }
    assert {(step.op, step.name) for step in changed.up().steps} == expected
    assert up.up().changes == {"delete": 2, "update": 4}


def test_a_fault_in_the_program_stops_before_anything_is_made(sandboxes: Sandboxes) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    sandbox = sandboxes.of("test", broken)
    with pytest.raises(ZeroDivisionError):
        sandbox.up()
    assert sandbox.inventory().is_empty


def test_an_engine_error_names_the_resource_and_what_to_do(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(subnets=300)
    with pytest.raises(EngineFailed) as failed:
        sandbox.up()
    assert "aws:ec2/subnet:Subnet network-" in str(failed.value)
    assert "mend the cause, then run `agentic sandbox up test` again" in str(failed.value)


def test_after_the_aws_server_died_the_state_forgets_what_lived_in_it(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(subnets=2, namespaces=1)
    sandbox.up()
    before = sandbox.inventory().counts()
    server = sandbox.server
    assert server is not None
    from agentic.sandbox import process

    process.stop(server.pid, server.born)
    assert set(sandbox.up().changes) == {"create"}
    assert "lived in a process that ended" in said(sandbox)
    assert sandbox.inventory().counts() == before


def test_destroy_leaves_nothing(up: Sandbox) -> None:
    assert not up.inventory().is_empty
    assert set(up.destroy().changes) == {"delete"}
    assert up.inventory().lines() == []
    assert up.state.resources == ()
