"""The sandbox's store as status reads it; its AWS side is covered by tests/engine and by the command's own tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agentic.ops.status.cluster import NODES, PODS, QUOTAS, Api, Unreachable
from agentic.ops.status.finding import State
from agentic.ops.status.sandbox_cluster import LABEL, SandboxEks, SandboxStore, sandbox
from agentic.ops.status.status import status
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.tools import Tools
from agentic.sandbox import process
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.kubernetes.objects import EmbeddedStore, Ref

Make = Callable[..., Any]
ROOT = Path(__file__).parents[4]


@pytest.fixture
def store(tmp_path: Path) -> tuple[Layout, EmbeddedStore]:
    layout = Layout(tmp_path, "dev")
    layout.create()
    return layout, EmbeddedStore(Database(layout.home), "ai-dev")


def add(store: EmbeddedStore, api_version: str, kind: str, namespace: str, name: str, **more: Any) -> None:
    ref = Ref(api_version, kind, namespace, name)
    body = {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        **more,
    }
    store.create(ref, "urn", body)


class Aws:
    def ask(self, method: str, **_: Any) -> Any:
        return {
            "describe_cluster": {"cluster": {"name": "ai-dev", "status": "ACTIVE", "version": "1.35"}},
            "list_nodegroups": {"nodegroups": []},
        }[method]


def whole(store: EmbeddedStore) -> None:
    release = {"name": "keda", "namespace": "keda", "version": "v2.20.1"}
    store.create(Ref("helm.sh/v3", "Release", "keda", "keda"), "urn", release)
    for name in ("keda", "tenant-a"):
        add(store, "v1", "Namespace", "", name)
    add(store, "external-secrets.io/v1", "ExternalSecret", "keda", "token")


def test_what_was_recorded_is_as_planned_and_says_what_it_cannot_show(
    store: tuple[Layout, EmbeddedStore], expect: Make
) -> None:
    layout, objects = store
    whole(objects)
    wanted = expect(addons=(), node_groups=0, pools=())
    found = status(wanted, lambda: sandbox(layout, "ai-dev"), Aws(), datetime.now(UTC), label=LABEL)
    assert (found.state, found.exit_code) == (State.NOT_COVERED, 0)
    lines = {section.area: section.line for section in found.sections}
    assert lines["releases"] == "1 of 1 as planned"
    assert lines["workloads"] == "1 planned, not covered"
    assert lines["objects"] == "1 of 1 there (nobody acts on them here)"
    assert "no pod or node runs" in found.label
    assert found.components[0].state is State.NOT_COVERED


def test_what_is_missing_from_the_store_is_found(store: tuple[Layout, EmbeddedStore], expect: Make) -> None:
    layout, objects = store
    whole(objects)
    objects.delete(Ref("external-secrets.io/v1", "ExternalSecret", "keda", "token"))
    objects.delete(Ref("helm.sh/v3", "Release", "keda", "keda"))
    wanted = expect(addons=(), node_groups=0, pools=())
    found = status(wanted, lambda: sandbox(layout, "ai-dev"), Aws(), datetime.now(UTC))
    assert found.exit_code == 1
    problems = [one for one in found.findings if one.state is State.DEGRADED]
    assert [(one.area, one.what) for one in problems] == [
        ("releases", "keda/keda"),
        ("objects", "ExternalSecret keda/token"),
    ]


def test_lists_are_of_one_kind_of_one_group(store: tuple[Layout, EmbeddedStore]) -> None:
    layout, objects = store
    add(objects, "v1", "ResourceQuota", "a", "quota")
    add(objects, "other.io/v1", "ResourceQuota", "a", "quota")
    found = SandboxStore(layout, "ai-dev")
    assert len(found.list(QUOTAS).items) == 1
    assert SandboxStore(layout, "another").list(QUOTAS).items == ()
    assert found.list(Api("x/v1", "things", "Thing")).items == ()


def test_what_nobody_makes_there_is_not_covered(store: tuple[Layout, EmbeddedStore]) -> None:
    for api in (PODS, NODES):
        assert SandboxStore(store[0], "ai-dev").list(api).missing is State.NOT_COVERED


def test_no_sandbox_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as refused:
        sandbox(Layout(tmp_path, "dev"), "ai-dev")
    assert "there is no sandbox of stack dev" in str(refused.value)
    assert "agentic sandbox up dev" in str(refused.value)
    with pytest.raises(Unreachable, match="the sandbox's AWS does not run"):
        SandboxEks(Layout(tmp_path, "dev"), "us-east-1").ask("describe_cluster", name="ai-dev")


@pytest.fixture(scope="module")
def server(programs: Tools) -> Iterator[ApiServer]:
    """A real API server of this module's own."""
    with ApiServer(programs) as running:
        yield running


def record(layout: Layout, server: ApiServer, *, pid: int | None = None) -> None:
    """What the sandbox writes down of its server; this test's own process stands for the one that keeps it."""
    keeper = pid or os.getpid()
    layout.api_server.mkdir()
    known = {
        "pid": keeper,
        "born": process.birth(os.getpid()),
        "url": server.url,
        "version": server.version,
        "token": server.token,
        "authority": server.authority,
    }
    layout.api_record.write_text(json.dumps(known))


def test_objects_are_read_from_the_sandboxs_api_server_and_releases_from_its_store(
    store: tuple[Layout, EmbeddedStore], server: ApiServer, expect: Make
) -> None:
    layout, objects = store
    release = {"name": "keda", "namespace": "keda", "version": "v2.20.1"}
    objects.create(Ref("helm.sh/v3", "Release", "keda", "keda"), "urn", release)
    add(objects, "external-secrets.io/v1", "ExternalSecret", "keda", "token")
    record(layout, server)
    for name in ("keda", "tenant-a"):
        server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    wanted = expect(addons=(), node_groups=0, pools=())
    found = status(wanted, lambda: sandbox(layout, "ai-dev"), Aws(), datetime.now(UTC))
    assert found.source == f"sandbox API server {server.url}"
    assert found.exit_code == 0, found.findings
    lines = {section.area: section.line for section in found.sections}
    assert lines["releases"] == "1 of 1 as planned"
    # Nothing defines ExternalSecret on this server, so the sandbox kept it in its store.
    assert lines["objects"] == "1 of 1 there (nobody acts on them here)"


def test_an_api_server_that_ended_is_not_taken_for_an_empty_one(
    store: tuple[Layout, EmbeddedStore], server: ApiServer
) -> None:
    record(store[0], server, pid=2**22 - 1)
    with pytest.raises(Unreachable, match="the sandbox's API server does not run"):
        sandbox(store[0], "ai-dev")
