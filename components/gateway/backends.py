"""What a proxy sends requests to: one object for each backend, and one for each chain of fallbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.gateway.expressions import header, model_to_send
from components.gateway.names import INFERENCE_GROUP, REFUSED_HEADER
from components.gateway.spec import (
    Backend,
    PoolBackend,
    RelayBackend,
    SecretKey,
    ServiceBackend,
)
from components.kagent.spec import PORT, controller_name

CONNECT_SECONDS = 5
FAILURES = 2
"""In a row, until a backend loses its turn: whoever hangs up before an answer begins looks like one, and is none."""

_REFUSED = f'default({header(REFUSED_HEADER, "response")}, "")'
UNHEALTHY = f'coalesce(response.code >= 500 || (response.code == 429 && {_REFUSED} == ""), true)'
"""What counts as a failure. A connection that fails has no `response`: without `coalesce` the expression would fail,
which is no failure (agentgateway v1.4.1, finalize_attempt_for_retry), and the retry would meet the same backend. One
tenant's used-up budget takes the relay from nobody else."""

FORMATS = ("Completions", "Embeddings")
"""What a server of OpenAI's API is asked in."""

FORMATS_BY_PATH = {"/v1/chat/completions": "Completions", "/v1/embeddings": "Embeddings"}
"""What is asked where: left out, a proxy reads every path as chat, and refuses embeddings, which have no messages."""

Spec = dict[str, Any]


def backend_spec(backend: Backend) -> Spec:
    """The spec of an AgentgatewayBackend with one provider."""
    return {"ai": {"provider": _provider(backend, local=True)}, "policies": _policies(backend)}


def chain_spec(chain: Sequence[Backend]) -> Spec:
    """The spec of an AgentgatewayBackend that asks the next of `chain` while those before it are unhealthy.

    Everything by host name, since a Service can only be referred to from its own namespace.
    """
    groups = [
        {
            "providers": [
                {"name": backend.name, **_provider(backend, local=False), "policies": _policies(backend)}
            ]
        }
        for backend in chain
    ]
    return {"ai": {"groups": groups}}


def agents_backend_spec(tenant: str) -> Spec:
    """The spec of an AgentgatewayBackend that is a tenant's controller.

    By host name: the gateway's controller looks into no tenant's namespace, so a Service there is unknown to it.
    """
    return {
        "static": {"host": f"{controller_name(tenant)}.{tenant}.svc.cluster.local", "port": PORT},
        "policies": {"tcp": {"connectTimeout": f"{CONNECT_SECONDS}s"}},
    }


def pool_spec(backend: PoolBackend) -> Spec:
    """The spec of an InferencePool whose picker is asked for every request, and which is closed without it."""
    return {
        "selector": {"matchLabels": dict(backend.labels)},
        "targetPorts": [{"number": backend.port}],
        "endpointPickerRef": {
            "name": backend.picker_service,
            "port": {"number": backend.picker_port},
            "failureMode": "FailClose",
        },
    }


def _provider(backend: Backend, *, local: bool) -> Spec:
    match backend:
        case ServiceBackend() | RelayBackend():
            where: Spec = {
                "host": f"{backend.service}.{backend.namespace}.svc.cluster.local",
                "port": backend.port,
            }
            if local:
                return {"custom": {**_formats(), "backendRef": _service(backend)}}
            return {"custom": _formats(), **where}
        case PoolBackend():
            reference = {"group": INFERENCE_GROUP, "kind": "InferencePool", "name": backend.pool}
            return {"custom": {**_formats(), "backendRef": reference}}


def _service(backend: ServiceBackend | RelayBackend) -> Spec:
    return {"name": backend.service, "port": backend.port}


def _formats() -> Spec:
    return {"formats": [{"type": one} for one in FORMATS]}


def _policies(backend: Backend) -> Spec:
    return {
        "tcp": {"connectTimeout": f"{CONNECT_SECONDS}s"},
        # Without it nothing is ever evicted, and a chain would never get to its second link.
        "health": {
            "unhealthyCondition": UNHEALTHY,
            "eviction": {"duration": "10s", "consecutiveFailures": FAILURES},
        },
        "ai": {"routes": dict(FORMATS_BY_PATH), **_asked_for(backend)},
        **_auth(backend),
    }


def _asked_for(backend: Backend) -> Spec:
    """The model in the body is the one that the route was chosen by: not what a client wrote beside its header."""
    named = model_to_send(backend.serves, backend.asked_as if isinstance(backend, RelayBackend) else None)
    return {"transformations": [{"field": "model", "expression": named}]}


def _auth(backend: Backend) -> Spec:
    secret: SecretKey | None = getattr(backend, "secret", None)
    return {"auth": {"secretRef": {"name": secret.name, "key": secret.key}}} if secret else {}
