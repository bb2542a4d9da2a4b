"""Where objects live is said once: in the store, or in an API server for as long as the sandbox lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentic.crds.errors import CrdError
from agentic.rehearsal import tools
from agentic.sandbox import api_server, cluster
from agentic.sandbox.api_server import Server
from agentic.sandbox.checkpoint import Checkpoint, StateResource
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout
from agentic.sandbox.workspace import Program

SPACE = StateResource("urn:space", "kubernetes:core/v1:Namespace", "space", custom=True)
BUCKET = StateResource("urn:bucket", "aws:s3/bucket:Bucket", "bucket", custom=True)
SERVER = Server(1, "-", "https://127.0.0.1:1", "1.35.4", "token", "authority")


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A sandbox whose server starts at once, on a machine that has the tools."""
    monkeypatch.setattr(tools, "provide", lambda *_: None)
    monkeypatch.setattr(api_server, "start", lambda *_: SERVER)
    monkeypatch.setattr(cluster, "fetch", lambda *_: [])
    return Layout(tmp_path, "test")


def _provide(
    layout: Layout,
    *found: StateResource,
    wanted: bool = False,
    crds: Path | None = None,
    kubernetes: str = "1.35",
) -> tuple[dict[str, str], list[str]]:
    said: list[str] = []
    program = Program("project", "test", lambda: None, kubernetes=kubernetes)
    state = Checkpoint(layout.state, True, found, ())
    stated = cluster.provide(layout.root, layout, program, state, wanted=wanted, crds=crds, say=said.append)
    return stated, said


def test_without_a_server_only_named_definitions_are_passed_on(layout: Layout, tmp_path: Path) -> None:
    assert _provide(layout) == ({}, [])
    assert _provide(layout, crds=tmp_path) == ({"AGENTIC_SANDBOX_CRDS": str(tmp_path)}, [])


def test_with_a_server_the_provider_learns_where_it_is_and_has_definitions(layout: Layout) -> None:
    stated, said = _provide(layout, BUCKET, wanted=True)
    assert stated == {
        "AGENTIC_SANDBOX_API_SERVER": str(layout.api_record),
        "AGENTIC_SANDBOX_CRDS": str(layout.root / ".sandbox" / "crds"),
    }
    assert said == []


def test_a_sandbox_that_has_a_server_keeps_it(layout: Layout) -> None:
    layout.api_server.mkdir(parents=True)
    assert "AGENTIC_SANDBOX_API_SERVER" in _provide(layout, SPACE)[0]


def test_objects_that_are_in_the_store_stay_there(layout: Layout) -> None:
    with pytest.raises(SandboxError) as refused:
        _provide(layout, SPACE, wanted=True)
    assert "the objects of this sandbox are in its store and do not move to an API server" in str(
        refused.value
    )
    assert "agentic sandbox destroy test" in str(refused.value)


def test_another_version_than_the_clusters_is_said(layout: Layout) -> None:
    _, said = _provide(layout, wanted=True, kubernetes="1.34")
    assert said == ["the cluster is to run Kubernetes 1.34, the API server is 1.35.4"]


def test_definitions_that_cannot_be_had_are_said_and_stop_nothing(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> list[object]:
        raise CrdError("Go could not download modules: no such host", remedy="check the network")

    monkeypatch.setattr(cluster, "fetch", unreachable)
    assert _provide(layout, wanted=True)[1] == ["Go could not download modules: no such host"]


def test_after_aws_was_lost_the_server_starts_empty_and_is_kept(layout: Layout) -> None:
    said: list[str] = []
    cluster.forget(layout, said.append)
    assert said == []
    (layout.api_server / "etcd").mkdir(parents=True)
    cluster.forget(layout, said.append)
    assert api_server.is_used(layout)
    assert list(layout.api_server.iterdir()) == []
    assert said == ["the API server's objects belonged to that AWS's cluster: they are forgotten too"]
