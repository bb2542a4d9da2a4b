"""What answers: routes, what stands behind them, and the grants without which they stay `RefNotPermitted`."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi import Resource, ResourceOptions

from components.gateway.args import GatewayArgs, Maker
from components.gateway.backends import agents_backend_spec, pool_spec
from components.gateway.names import (
    AGENTGATEWAY,
    AGENTGATEWAY_GROUP,
    GATEWAY,
    GATEWAY_API,
    GATEWAY_GROUP,
    INFERENCE,
)
from components.gateway.pickers import EndpointPicker
from components.gateway.routes import (
    AGENTS,
    Routed,
    Target,
    agents_route,
    backend_objects,
    grants,
    grpc_routes,
    listing_route,
    model_routes,
    page_route,
    redirect_route,
    tenant_agents,
    tenant_agents_name,
)
from components.gateway.secrets import AGENTS_NAMESPACE
from components.gateway.spec import PoolBackend
from components.kagent.spec import PORT as CONTROLLER_PORT
from components.kagent.spec import controller_name

COLLECTOR = Target("observability", "", "Service", "otel-collector", 4317)
KAGENT = Target(AGENTS_NAMESPACE, "", "Service", controller_name(None), CONTROLLER_PORT)


def behind(make: Maker, args: GatewayArgs, closed: list[Resource]) -> list[Resource]:
    """Every route, after the policies that close it and everything that it refers to."""
    backends = [
        make.make(AGENTGATEWAY, "AgentgatewayBackend", name, spec, args.after, namespace=namespace)
        for (namespace, name), spec in backend_objects(args.catalogue, args.routes).items()
    ]
    backends += [
        make.make(
            AGENTGATEWAY,
            "AgentgatewayBackend",
            tenant_agents_name(tenant),
            agents_backend_spec(tenant),
            args.after,
        )
        for tenant in args.tenants_with_agents
    ]
    backends += [picker for pool in args.pools for picker in _picker(make, args, pool)]
    backends += [
        make.make(INFERENCE, "InferencePool", one.pool, pool_spec(one), args.after, namespace=one.namespace)
        for one in args.pools
    ]
    http = [redirect_route(), listing_route(), *model_routes(args.spec, args.catalogue)]
    if args.agents:
        http.append(agents_route(args.spec, AGENTS, AGENTS_NAMESPACE, KAGENT))
    http += [
        agents_route(args.spec, tenant_agents_name(tenant), tenant, tenant_agents(tenant))
        for tenant in args.tenants_with_agents
    ]
    http += [
        page_route(
            page.name,
            page.name,
            page.host,
            Target(page.namespace, "", "Service", page.service, page.port),
        )
        for page in args.pages
    ]
    grpc = grpc_routes(args.spec)
    granted = [
        make.make(GATEWAY_API, "ReferenceGrant", GATEWAY, spec, args.after, namespace=namespace)
        for namespace, spec in grants(_uses(args, http, grpc)).items()
    ]
    before = [*closed, *backends, *granted]
    return [
        *granted,
        *(make.make(GATEWAY_API, "HTTPRoute", route.name, route.spec, before) for route in http),
        *(make.make(GATEWAY_API, "GRPCRoute", route.name, route.spec, before) for route in grpc),
    ]


def _uses(
    args: GatewayArgs, http: Iterable[Routed], grpc: Iterable[Routed]
) -> Iterable[tuple[str, str, Target]]:
    yield from ((GATEWAY_GROUP, "HTTPRoute", target) for route in http for target in route.targets)
    yield from ((GATEWAY_GROUP, "GRPCRoute", target) for route in grpc for target in route.targets)
    if args.collector:
        yield AGENTGATEWAY_GROUP, "AgentgatewayPolicy", COLLECTOR


def _picker(make: Maker, args: GatewayArgs, pool: PoolBackend) -> tuple[Resource, ...]:
    if pool.picker is not None:
        return ()
    return EndpointPicker(
        f"{make.name}-{pool.picker_service}",
        pool,
        args.namespaces[pool.namespace],
        args.after,
        opts=ResourceOptions(parent=make.parent),
    ).ready
