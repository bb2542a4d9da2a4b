"""Every object and pod of agents and tools, before a real API server that holds the real definitions."""

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
from components.agents import render
from tests.components.agents import scene

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

ROOT = Path(__file__).parents[3]
KINDS = {("kagent.dev/v1alpha2", kind) for kind in ("Agent", "ModelConfig", "RemoteMCPServer")} | {
    ("kagent.dev/v1alpha1", "MCPServer"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("karpenter.sh/v1", "NodePool"),
    ("karpenter.k8s.aws/v1", "EC2NodeClass"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}


@pytest.fixture(scope="module")
def definitions(reference_crds: Path) -> list[Definition]:
    return find([reference_crds], KINDS)


@pytest.fixture(scope="module")
def judged(capture: Capture, server: ApiServer, definitions: list[Definition]) -> Rehearsal:
    plan = capture(lambda: scene.everything(tools={**scene.TOOLS, **scene.MORE}))
    return rehearse(plan, server, at_hand=definitions, declared=scene.declared())


def test_the_server_takes_every_object_and_pod(judged: Rehearsal) -> None:
    assert [f"{one.what}: {one.words}" for one in judged.rejected] == []
    assert judged.without_schema == {}
    assert len(judged.accepted) > 60


BREAKAGES: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "approval of a function that the agent may not call": (
        "each RequireApproval entry must also appear in",
        lambda spec: spec["declarative"]["tools"][0]["mcpServer"].update(requireApproval=["pay"]),
    ),
    "a declarative agent without its words": (
        "declarative must be specified if type is Declarative",
        lambda spec: spec.pop("declarative"),
    ),
    "the kind as it was once drawn": (
        'unknown field "spec.scaling"',
        lambda spec: spec.update(scaling={"minReplicas": 2}),
    ),
    "a tool too many": (
        "must have at most 20 items",
        lambda spec: spec["declarative"].update(tools=spec["declarative"]["tools"] * 11),
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_the_server_refuses_what_is_wrong(server: ApiServer, judged: Rehearsal, name: str) -> None:
    """The test above proves nothing unless this server judges."""
    assert judged.accepted
    words, break_it = BREAKAGES[name]
    spec = copy.deepcopy(
        render.agent("data-analysis-agent", scene.AGENTS["data-analysis-agent"], scene.wiring())
    )
    break_it(spec)
    manifest = {
        "apiVersion": "kagent.dev/v1alpha2",
        "kind": "Agent",
        "metadata": {"name": "broken", "namespace": "default"},
        "spec": spec,
    }
    with pytest.raises(Refused) as refused:
        server.objects.create(manifest)
    assert words in refused.value.message


def test_a_pod_of_an_agent_passes_restricted(server: ApiServer, judged: Rehearsal) -> None:
    """kagent makes it, so no plan holds it: this is what its controller writes (manifest_builder.go, v0.9.12)."""
    assert judged.accepted
    spec = render.agent("research-agent", scene.AGENTS["research-agent"], scene.wiring())["byo"]["deployment"]
    pod: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "an-agent", "namespace": "ai-agents", "labels": spec["labels"]},
        "spec": {
            "serviceAccountName": spec["serviceAccountName"],
            "securityContext": spec["podSecurityContext"],
            "affinity": spec["affinity"],
            "volumes": spec["volumes"],
            "containers": [
                {
                    "name": "kagent",
                    "image": spec["image"],
                    "env": spec["env"],
                    "resources": spec["resources"],
                    "securityContext": spec["securityContext"],
                    "volumeMounts": spec["volumeMounts"],
                }
            ],
        },
    }
    server.objects.create(pod)
    del pod["spec"]["securityContext"]
    pod["metadata"]["name"] = "without"
    with pytest.raises(Refused) as refused:
        server.objects.create(pod)
    assert 'violates PodSecurity "restricted' in refused.value.message
