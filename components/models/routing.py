"""Models as the gateway routes to them: every server a backend, every public name a route."""

from __future__ import annotations

from collections.abc import Mapping

from components.gateway.spec import Catalogue, Route, ServiceBackend
from components.models.names import NAMESPACE
from components.models.servers import all_servers
from components.models.spec import ByoModel, ModelSpec, port


def gateway_catalogue(models: Mapping[str, ModelSpec]) -> Catalogue:
    """Backends by server name; a LangGraph or LangServe server speaks no OpenAI API and is none."""
    backends: list[ServiceBackend] = []
    routes: list[Route] = []
    for server in all_servers(models):
        if isinstance(server.spec, ByoModel) and server.spec.kind != "bentoml":
            continue
        backends.append(
            ServiceBackend(name=server.name, service=server.name, namespace=NAMESPACE, port=port(server.spec))
        )
        routes += [
            Route(model=name, weights={server.name: 100}) for name in (*server.public, *server.adapters)
        ]
    return Catalogue(backends=tuple(backends), routes=tuple(routes))


def public_names(models: Mapping[str, ModelSpec]) -> dict[str, tuple[str, ...]]:
    """Server name -> every name by which clients may ask for it."""
    return {server.name: (*server.public, *server.adapters) for server in all_servers(models)}
