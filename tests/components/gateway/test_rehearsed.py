"""Every object of the gateway, before a real API server that holds the real definitions, CEL included."""

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
from components.gateway import listeners, policies
from components.gateway.pods import pods
from components.gateway.routes import routes_in_force
from tests.components.gateway import scene

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

ROOT = Path(__file__).parents[3]
KINDS = {
    ("gateway.networking.k8s.io/v1", kind)
    for kind in ("GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute", "ReferenceGrant")
} | {
    ("agentgateway.dev/v1alpha1", "AgentgatewayBackend"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayPolicy"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayParameters"),
    ("inference.networking.k8s.io/v1", "InferencePool"),
    ("cert-manager.io/v1", "Certificate"),
    ("cert-manager.io/v1", "Issuer"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("monitoring.coreos.com/v1", "PodMonitor"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}


@pytest.fixture(scope="module")
def definitions(reference_crds: Path) -> list[Definition]:
    return find([reference_crds], KINDS)


@pytest.fixture(scope="module")
def judged(capture: Capture, server: ApiServer, definitions: list[Definition]) -> Rehearsal:
    """The whole gateway, judged; the server keeps the definitions for the tests that follow."""
    plan = capture(lambda: scene.everything(keda=True))
    return rehearse(plan, server, at_hand=definitions, declared=pods(scene.SPEC))


def test_the_server_takes_every_object_and_pod(judged: Rehearsal) -> None:
    assert [f"{one.what}: {one.words}" for one in judged.rejected] == []
    assert judged.without_schema == {}
    assert len(judged.accepted) > 40


BREAKAGES: dict[str, tuple[str, str, Callable[[dict[str, Any]], None]]] = {
    "a tier with no way to count": (
        "AgentgatewayPolicy",
        "exactly one of the fields in [requests tokens] must be set",
        lambda spec: spec["traffic"]["rateLimit"]["conditional"][0]["policy"]["local"][0].update(tokens=1),
    ),
    "limits before routing": (
        "AgentgatewayPolicy",
        "phase PreRouting only supports",
        lambda spec: spec["traffic"].update(phase="PreRouting"),
    ),
    "a misspelt field": (
        "AgentgatewayPolicy",
        'unknown field "spec.traffic.ratelimits"',
        lambda spec: spec["traffic"].update(ratelimits={}),
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_the_server_refuses_what_is_wrong(server: ApiServer, judged: Rehearsal, name: str) -> None:
    """The test above proves nothing unless this server judges."""
    assert judged.accepted
    kind, words, break_it = BREAKAGES[name]
    spec = copy.deepcopy(policies.limits(scene.SPEC, scene.ACCESS, None))
    break_it(spec)
    manifest = {
        "apiVersion": "agentgateway.dev/v1alpha1",
        "kind": kind,
        "metadata": {"name": "broken", "namespace": "default"},
        "spec": spec,
    }
    with pytest.raises(Refused) as refused:
        server.objects.create(manifest)
    assert words in refused.value.message


def test_a_proxy_without_the_overlay_would_be_refused() -> None:
    """The controller's own template has no seccomp profile and no limits."""
    made = listeners.parameters(scene.SPEC, load_balancer_class="service.k8s.aws/nlb", hosts=[scene.HOST])
    pod = made["deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert set(made["resources"]) == {"requests", "limits"}
    assert routes_in_force(scene.SPEC, scene.CATALOGUE)
