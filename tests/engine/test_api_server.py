"""The dev stack on the real engine and a real API server: once up, once down. Our providers, no nodes, no charts."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from agentic.crds.provide import provide
from agentic.plan.capture import capture_stack
from agentic.rehearsal.objects import Objects, Ref
from agentic.rehearsal.rehearse import kinds_of
from agentic.sandbox import api_server, report
from agentic.sandbox.errors import EngineFailed, SandboxError
from agentic.sandbox.session import Options, Sandbox
from tests.engine.conftest import ROOT, Sandboxes, said
from tests.engine.killing import SLOW, run_until_done
from tests.engine.small_program import small

pytestmark = [pytest.mark.apiserver, pytest.mark.usefixtures("programs")]


@pytest.fixture(scope="module")
def crds() -> Path:
    """Definitions of what the dev stack uses: those of this checkout, fetched where they are missing."""
    provide(ROOT, None, kinds_of(capture_stack("dev", ROOT)), print)
    return ROOT / ".sandbox" / "crds"


@pytest.fixture(scope="module")
def up(shared_sandboxes: Sandboxes, crds: Path) -> Sandbox:
    dev = shared_sandboxes.stack("dev", options=Options(api_server=True, crds=crds))
    dev.up()
    return dev


def _objects(sandbox: Sandbox) -> Objects:
    server = sandbox.api_server
    assert server is not None
    return Objects(server.client())


def test_objects_are_in_the_api_server_and_releases_in_the_store(up: Sandbox) -> None:
    live = _objects(up).get(Ref("v1", "Namespace", "", "tenant-a"))
    assert live["status"]["phase"] == "Active"
    kept = next(line for line in report.limits(up.layout) if "no API server judged them" in line)
    assert "Release " in kept
    assert "NetworkPolicy" not in kept
    counts = up.inventory().counts()
    assert counts["Namespace (cluster)"] > 10
    assert counts["NetworkPolicy (cluster)"] > 10


def test_a_second_preview_is_empty(up: Sandbox) -> None:
    outcome = up.preview()
    assert [(step.op, step.name, step.paths) for step in outcome.steps] == []
    assert outcome.is_empty


def test_a_refresh_finds_no_drift(up: Sandbox) -> None:
    assert [(step.op, step.name, step.paths) for step in up.refresh().steps] == []


def test_what_somebody_changed_in_the_cluster_is_seen(up: Sandbox) -> None:
    objects = _objects(up)
    quota = Ref("v1", "ResourceQuota", "tenant-a", "quota")
    live = objects.get(quota)
    hard = {**live["spec"]["hard"], "pods": "999"}
    change = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": "tenant-a"},
    }
    objects.apply({**change, "spec": {"hard": hard}}, manager="somebody", force=True)
    (step,) = up.refresh().steps
    assert (step.op, step.type) == ("update", "kubernetes:core/v1:ResourceQuota")
    assert step.paths == ("spec.hard.pods",)
    objects.apply({**change, "spec": {"hard": live["spec"]["hard"]}}, manager="somebody", force=True)
    assert up.refresh().changes == {"update": 1}
    assert up.preview().is_empty


def test_destroy_ends_every_namespace_and_leaves_no_object(up: Sandbox) -> None:
    assert set(up.destroy().changes) == {"delete"}
    # What a stack retains on purpose is AWS's; of the cluster nothing is.
    assert [line for line in up.inventory().lines() if "(cluster)" in line] == []
    left = {item["name"] for item in _objects(up).list_metadata("v1", "Namespace")}
    assert left == {"default", "kube-node-lease", "kube-public", "kube-system"}
    up.close()
    assert not api_server.is_used(up.layout)


def test_a_sandbox_keeps_its_server_without_being_told_again(sandboxes: Sandboxes) -> None:
    sandboxes.small(options=_with_server(sandboxes)).up()
    again = sandboxes.small(options=Options(crds=sandboxes.directory))
    assert again.preview().is_empty
    server = again.api_server
    assert server is not None
    assert server.url in "\n".join(report.places(again.layout, again.server, "1"))


def test_an_api_server_that_was_killed_costs_the_next_run_nothing(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(options=_with_server(sandboxes))
    sandbox.up()
    server = sandbox.api_server
    assert server is not None
    from agentic.sandbox import process

    process.stop(server.pid, server.born)
    assert sandbox.preview().is_empty
    assert sandbox.refresh().is_empty


def test_after_aws_was_lost_the_servers_objects_are_forgotten_too(sandboxes: Sandboxes) -> None:
    sandbox = sandboxes.small(options=_with_server(sandboxes), subnets=2, namespaces=1)
    sandbox.up()
    before = sandbox.inventory().counts()
    aws = sandbox.server
    assert aws is not None
    from agentic.sandbox import process

    process.stop(aws.pid, aws.born)
    assert set(sandbox.up().changes) == {"create"}
    assert "the API server's objects belonged to that AWS's cluster" in said(sandbox)
    assert sandbox.inventory().counts() == before


def test_objects_do_not_move_from_the_store_to_a_server(sandboxes: Sandboxes) -> None:
    sandboxes.small(namespaces=1).up()
    with pytest.raises(SandboxError, match="are in its store and do not move to an API server"):
        sandboxes.small(namespaces=1, options=_with_server(sandboxes)).up()


def test_what_the_server_refuses_is_shown_in_its_words(sandboxes: Sandboxes) -> None:
    def program() -> None:
        small(namespaces=1, owner="not a label value!")()

    sandbox = sandboxes.of("test", program, options=_with_server(sandboxes))
    with pytest.raises(EngineFailed) as failed:
        sandbox.up()
    assert "a valid label must be an empty string or consist of alphanumeric characters" in str(failed.value)


def test_an_up_that_is_killed_again_and_again_makes_every_object_once(sandboxes: Sandboxes) -> None:
    options = _with_server(sandboxes)
    kills, _ = run_until_done(
        sandboxes.small(options=replace(options, faults=SLOW)),
        Sandbox.up,
        random.Random(1),
        most_kills=5,
        step=14,
    )
    sandbox = sandboxes.small(options=options)
    assert kills >= 2, "the engine was hardly ever killed: the test proves nothing"
    counts = sandbox.inventory().counts()
    assert (counts["Namespace (cluster)"], counts["ResourceQuota (cluster)"]) == (3, 3)
    assert sandbox.preview().is_empty
    assert sandbox.refresh().is_empty


def _with_server(sandboxes: Sandboxes) -> Options:
    """An API server, and no definitions: the small program has no kinds of others."""
    return Options(api_server=True, crds=sandboxes.directory)
