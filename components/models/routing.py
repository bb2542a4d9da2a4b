"""Models as the gateway routes to them: every server a backend, every public name a route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from components.gateway.spec import Catalogue, PoolBackend, Route, ServiceBackend
from components.models.names import NAMESPACE, selector
from components.models.servers import Server, all_servers
from components.models.spec import ByoModel, ModelSpec, VllmModel, port


def gateway_catalogue(models: Mapping[str, ModelSpec], *, inference_pools: bool = False) -> Catalogue:
    """Backends by server name; a LangGraph or LangServe server speaks no OpenAI API and is none.

    With `inference_pools`, an endpoint picker chooses among the pods of a server that has more than one.
    """
    backends: list[ServiceBackend | PoolBackend] = []
    routes: list[Route] = []
    for server in all_servers(models):
        if isinstance(server.spec, ByoModel) and server.spec.kind != "bentoml":
            continue
        backends.append(_backend(server, pooled=inference_pools))
        routes += [
            Route(model=name, weights={server.name: 100}) for name in (*server.public, *server.adapters)
        ]
    return Catalogue(backends=tuple(backends), routes=tuple(routes))


def routes_to(
    models: Mapping[str, ModelSpec], routes: Iterable[Route], name_of: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """Server -> the gateway's routes that may end there, fallbacks included: what wakes one that rests.

    `routes` are those in force, the stack's own among them; `name_of` names the object of a public name.
    """
    known = list(routes)
    return {
        server.name: tuple(sorted(name_of(route.model) for route in known if server.name in route.backends))
        for server in all_servers(models)
    }


def _backend(server: Server, *, pooled: bool) -> ServiceBackend | PoolBackend:
    number = port(server.spec)
    # TGI has no series that a picker knows.
    if pooled and isinstance(server.spec, VllmModel) and server.most > 1:
        return PoolBackend(
            name=server.name,
            pool=server.name,
            namespace=NAMESPACE,
            port=number,
            labels=selector(server.name),
            serves=(*server.public, *server.adapters),
        )
    return ServiceBackend(
        name=server.name,
        service=server.name,
        namespace=NAMESPACE,
        port=number,
        # What a server in an image of one's own calls its models is not known here.
        serves=() if isinstance(server.spec, ByoModel) else (*server.public, *server.adapters),
    )
