"""Every object of the relay, before a real API server with the real definitions and `restricted` in force."""

from __future__ import annotations

from pathlib import Path

import pulumi_kubernetes as k8s
import pytest

from agentic.crds.directory import Definition, find
from agentic.plan.capture import Capture
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.rehearse import rehearse
from tests.components.relay import scene

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

ROOT = Path(__file__).parents[3]
KINDS = {
    ("agentgateway.dev/v1alpha1", "AgentgatewayPolicy"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}


@pytest.fixture(scope="module")
def definitions(reference_crds: Path) -> list[Definition]:
    return find([reference_crds], KINDS)


def everything() -> None:
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    home = k8s.core.v1.Namespace("ai-gateway", metadata={"name": "ai-gateway", "labels": level})
    scene.relay(namespace=home.metadata.name)


def test_the_server_takes_every_object_and_pod(
    capture: Capture, server: ApiServer, definitions: list[Definition]
) -> None:
    judged = rehearse(capture(everything), server, at_hand=definitions, declared=())
    assert [f"{one.what}: {one.words}" for one in judged.rejected] == []
    assert judged.without_schema == {}
    assert len(judged.accepted) > 15
