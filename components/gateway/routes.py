"""From public model names to routes, objects behind them, and the grants these need: all from one table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from components.core.names import bounded
from components.gateway.backends import FAILURES, backend_spec, chain_spec
from components.gateway.names import (
    AGENTGATEWAY_GROUP,
    API,
    GATEWAY,
    GATEWAY_GROUP,
    INTERNAL,
    MODEL_HEADER,
    NAMESPACE,
    REDIRECT,
)
from components.gateway.spec import Backend, Catalogue, GatewaySpec, Route
from components.gateway.variants import variant_matches

MODELS = "models"
DEFAULT = "models-default"
AGENTS = "agents"
AGENTS_PREFIX = "/api/a2a/"
_NAME_LIMIT = 63

Spec = dict[str, Any]


@dataclass(frozen=True, order=True)
class Target:
    """Something in a namespace that a route or a policy of the gateway refers to."""

    namespace: str
    group: str
    kind: str
    name: str
    port: int | None = field(default=None, compare=False)

    @property
    def reference(self) -> Spec:
        """As a route names it."""
        port = {} if self.port is None else {"port": self.port}
        group = {"group": self.group} if self.group else {}
        return {**group, "kind": self.kind, "name": self.name, "namespace": self.namespace, **port}


@dataclass(frozen=True, kw_only=True)
class Routed:
    """A route as it will be made, and what it refers to."""

    name: str
    spec: Spec
    targets: tuple[Target, ...]
    attempts: int = 0
    """How often more it is tried: each backend before the last loses its turn only after so many failures."""


def routes_in_force(spec: GatewaySpec, catalogue: Catalogue) -> tuple[Route, ...]:
    """The catalogue's routes, those that the stack writes in their place; sorted by model."""
    written = {
        model: Route(
            model=model,
            weights=dict(route.backends),
            fallbacks=tuple(route.fallbacks),
            variants=tuple(one.named(name) for name, one in route.variants.items()),
            owned_by=next((one.owned_by for one in catalogue.routes if one.model == model), "platform"),
        )
        for model, route in spec.routes.items()
    }
    known = {route.model: route for route in catalogue.routes} | written
    return tuple(known[model] for model in sorted(known))


def backend_objects(catalogue: Catalogue, routes: Iterable[Route]) -> dict[tuple[str, str], Spec]:
    """(namespace, name) -> spec of every AgentgatewayBackend that a route needs."""
    made: dict[tuple[str, str], Spec] = {}
    if catalogue.default is not None:
        relay = catalogue.backend(catalogue.default)
        made[relay.namespace, relay.name] = backend_spec(relay)
    for route in routes:
        for name in route.weights:
            first = catalogue.backend(name)
            if route.fallbacks:
                chain = (first, *(catalogue.backend(other) for other in route.fallbacks))
                made[NAMESPACE, chain_name(route.model, name)] = chain_spec(chain)
            else:
                made[first.namespace, first.name] = backend_spec(first)
        for variant in route.variants:
            for name in variant.weights:
                alone = catalogue.backend(name)
                made[alone.namespace, alone.name] = backend_spec(alone)
    return made


def model_routes(spec: GatewaySpec, catalogue: Catalogue) -> tuple[Routed, ...]:
    """A route for each public name, and one for every other name where there is a relay."""
    routed = [_model_route(spec, catalogue, route) for route in routes_in_force(spec, catalogue)]
    if catalogue.default is not None:
        relay = catalogue.backend(catalogue.default)
        routed.append(_routed(spec, DEFAULT, {"path": _prefix("/v1")}, [(_target(relay), None)]))
    return tuple(routed)


def listing_route() -> Routed:
    """`GET /v1/models`, which a policy answers: no backend."""
    match = {"path": {"type": "Exact", "value": "/v1/models"}, "method": "GET"}
    return Routed(
        name=MODELS, spec={"parentRefs": _parents(API, INTERNAL), "rules": [{"matches": [match]}]}, targets=()
    )


def agents_route(spec: GatewaySpec, name: str, namespace: str, controller: Target) -> Routed:
    """The agents of one namespace, by name, through the controller that is there and through no other."""
    # A prefix ends at a slash or at the end of the path: `tenant-a` is none of `tenant-ab`.
    return _routed(spec, name, {"path": _prefix(f"{AGENTS_PREFIX}{namespace}")}, [(controller, None)])


def tenant_agents_name(tenant: str) -> str:
    """The route of a tenant's agents, the policy of its own that closes it, and the object behind it."""
    return f"tenant-{AGENTS}-{tenant}"


def tenant_agents(tenant: str) -> Target:
    """Who answers for a tenant's agents, as something of the gateway's own namespace."""
    return Target(NAMESPACE, AGENTGATEWAY_GROUP, "AgentgatewayBackend", tenant_agents_name(tenant))


def page_route(name: str, listener: str, host: str, target: Target) -> Routed:
    """A page for people under its own host name; who is let in is the listener's business."""
    return Routed(
        name=name,
        spec={
            "parentRefs": _parents(listener),
            "hostnames": [host],
            "rules": [{"backendRefs": [target.reference]}],
        },
        targets=(target,),
    )


def redirect_route() -> Routed:
    """Port 80 says https, and nothing else."""
    redirect = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
    return Routed(
        name=REDIRECT, spec={"parentRefs": _parents(REDIRECT), "rules": [{"filters": [redirect]}]}, targets=()
    )


def grpc_routes(spec: GatewaySpec) -> tuple[Routed, ...]:
    """The gRPC services that the stack shows."""
    routed: list[Routed] = []
    for name, one in sorted(spec.grpc_routes.items()):
        target = Target(one.namespace, "", "Service", one.service, one.port)
        match = {"method": {"type": "Exact", "service": one.grpc_service}}
        rule = {"matches": [match], "backendRefs": [target.reference]}
        routed.append(
            Routed(name=name, spec={"parentRefs": _parents(API), "rules": [rule]}, targets=(target,))
        )
    return tuple(routed)


def grants(uses: Iterable[tuple[str, str, Target]]) -> dict[str, Spec]:
    """Namespace -> spec of its ReferenceGrant: exactly what the gateway refers to there, by name.

    `uses` are (group, kind, target) of whatever refers. Without the grant a route stays `RefNotPermitted`.
    """
    by_namespace: dict[str, set[tuple[str, str, Target]]] = {}
    for group, kind, target in uses:
        if target.namespace != NAMESPACE:
            by_namespace.setdefault(target.namespace, set()).add((group, kind, target))
    return {
        namespace: {
            "from": [
                {"group": group, "kind": kind, "namespace": NAMESPACE}
                for group, kind in sorted({(group, kind) for group, kind, _ in found})
            ],
            "to": [
                {"group": target.group, "kind": target.kind, "name": target.name}
                for target in sorted({target for _, _, target in found})
            ],
        }
        for namespace, found in sorted(by_namespace.items())
    }


def route_name(model: str) -> str:
    """The route of a public model name; a name that is no label gets a hash, so that two stay two."""
    return _label("model", model)


def chain_name(model: str, backend: str) -> str:
    """The object of a backend with its fallbacks, which belong to the route."""
    return _label("chain", f"{model}-{backend}")


def _label(prefix: str, name: str) -> str:
    plain = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
    told_apart = plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return bounded(f"{prefix}-{told_apart}", _NAME_LIMIT)


def _model_route(spec: GatewaySpec, catalogue: Catalogue, route: Route) -> Routed:
    match = {
        "path": _prefix("/v1"),
        "headers": [{"type": "Exact", "name": MODEL_HEADER, "value": route.model}],
    }
    weighted = [(_weighted_target(catalogue, route, name), share) for name, share in route.weights.items()]
    plain = _routed(spec, route_name(route.model), match, weighted, attempts=FAILURES * len(route.fallbacks))
    rules, targets = list(plain.spec["rules"]), list(plain.targets)
    for variant in route.variants:
        shared = [(_target(catalogue.backend(name)), share) for name, share in variant.weights.items()]
        rules.append(_rule(spec, variant_matches(match, variant), shared))
        targets += [target for target, _ in shared]
    return replace(plain, spec={**plain.spec, "rules": rules}, targets=tuple(dict.fromkeys(targets)))


def _weighted_target(catalogue: Catalogue, route: Route, name: str) -> Target:
    if route.fallbacks:
        return Target(NAMESPACE, AGENTGATEWAY_GROUP, "AgentgatewayBackend", chain_name(route.model, name))
    return _target(catalogue.backend(name))


def _target(backend: Backend) -> Target:
    # A Service or pool is referred to from its own namespace only.
    return Target(backend.namespace, AGENTGATEWAY_GROUP, "AgentgatewayBackend", backend.name)


def _routed(
    spec: GatewaySpec,
    name: str,
    match: Mapping[str, Any],
    weighted: Sequence[tuple[Target, int | None]],
    *,
    attempts: int = 0,
) -> Routed:
    return Routed(
        name=name,
        spec={
            "parentRefs": _parents(API, INTERNAL),
            "rules": [_rule(spec, [dict(match)], weighted)],
        },
        targets=tuple(target for target, _ in weighted),
        attempts=attempts,
    )


def _rule(spec: GatewaySpec, matches: list[Spec], weighted: Sequence[tuple[Target, int | None]]) -> Spec:
    seconds = f"{spec.streams.longest_seconds}s"
    return {
        "matches": matches,
        "backendRefs": [
            target.reference | ({} if share is None else {"weight": share}) for target, share in weighted
        ],
        # The whole answer, not its first byte: a stream counts until it ends.
        "timeouts": {"request": seconds, "backendRequest": seconds},
    }


def _parents(*listeners: str) -> list[Spec]:
    return [
        {"group": GATEWAY_GROUP, "kind": "Gateway", "name": GATEWAY, "sectionName": name}
        for name in listeners
    ]


def _prefix(value: str) -> Spec:
    return {"type": "PathPrefix", "value": value}
