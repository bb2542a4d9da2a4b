"""Every object and every pod of model servers, before a real API server that holds the real definitions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentic.crds.directory import Definition, find
from agentic.plan.capture import Capture
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.client import Refused
from agentic.rehearsal.rehearse import rehearse
from agentic.rehearsal.result import Rehearsal
from tests.components.models import scene

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

ROOT = Path(__file__).parents[3]
KINDS = {
    ("external-secrets.io/v1", "ExternalSecret"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}
IMAGE = {"source": "image", "image": f"registry.example/weights/qwen3-8b@{scene.DIGEST}", "path": "model"}


@pytest.fixture(scope="module")
def definitions(reference_crds: Path) -> list[Definition]:
    return find([reference_crds], KINDS)


@pytest.fixture(scope="module")
def judged(capture: Capture, server: ApiServer, definitions: list[Definition]) -> Rehearsal:
    specs = {**scene.everything(), "packed": scene.vllm(weights=IMAGE)}
    plan = capture(lambda: scene.program(specs))
    return rehearse(plan, server, at_hand=definitions)


def test_the_server_takes_every_object_and_pod(judged: Rehearsal) -> None:
    assert [f"{one.what}: {one.words}" for one in judged.rejected] == []
    assert judged.without_schema == {}
    assert judged.pods >= 6


Pod = dict[str, Any]


def _pod(server_name: str, capture: Capture) -> Pod:
    specs = {**scene.everything(), "packed": scene.vllm(weights=IMAGE)}
    plan = capture(lambda: scene.program(specs))
    (found,) = (
        one
        for one in plan.all("kubernetes:apps/v1:Deployment")
        if one.section("metadata")["name"] == server_name
    )
    template = copy.deepcopy(found.section("spec", "template"))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"try-{server_name}", "namespace": "closed", **template["metadata"]},
        "spec": {**template["spec"], "serviceAccountName": "default"},
    }


@pytest.fixture(scope="module")
def closed(server: ApiServer, judged: Rehearsal) -> Callable[[Pod], str]:
    """What a namespace at `restricted` says of a pod; empty: it takes it."""
    assert judged.accepted
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
    }
    metadata = {"name": "closed", "labels": labels}
    server.objects.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    def said(pod: Pod) -> str:
        try:
            server.objects.create(pod)
        except Refused as refused:
            return refused.message
        return ""

    return said


@pytest.mark.parametrize("name", ["vllm-qwen3-8b", "vllm-packed", "triage"])
def test_pods_pass_restricted_though_the_namespace_is_at_baseline(
    name: str, capture: Capture, closed: Callable[[Pod], str]
) -> None:
    assert "violates PodSecurity" not in closed(_pod(name, capture))


def test_tgi_does_not_and_so_keeps_the_namespace_at_baseline(
    capture: Capture, closed: Callable[[Pod], str]
) -> None:
    words = closed(_pod("tgi-mixtral", capture))
    assert 'violates PodSecurity "restricted:v1.35"' in words
    assert "runAsNonRoot" in words
    assert "privileged" not in words
