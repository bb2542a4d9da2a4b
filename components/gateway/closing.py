"""What every request has to pass, as objects: keys, the issuer's address, policies."""

from __future__ import annotations

from typing import Any

from pulumi import Resource

from components.gateway import policies
from components.gateway.args import GatewayArgs, Maker
from components.gateway.behind import COLLECTOR
from components.gateway.frontend import frontend
from components.gateway.names import AGENTGATEWAY
from components.gateway.pages import behind_login, stripped
from components.gateway.routes import AGENTS, AGENTS_PREFIX, MODELS, model_routes, tenant_agents_name
from components.gateway.secrets import AGENTS_NAMESPACE, accepted_keys
from components.gateway.spec import PLATFORM, Access
from components.secrets.spec import EXTERNAL_SECRETS


def closing(make: Maker, args: GatewayArgs, gateway: Resource) -> list[Resource]:
    """Every policy, in place before the first route."""
    everybody = {PLATFORM: Access(tier=args.spec.platform_tier), **args.access}
    keys = [
        make.make(EXTERNAL_SECRETS, "ExternalSecret", name, spec, args.after)
        for name, spec in accepted_keys(args.place, everybody).items()
    ]
    jwks = make.make(
        AGENTGATEWAY,
        "AgentgatewayBackend",
        policies.JWKS,
        {"static": {"host": args.callers.jwks_host, "port": 443}, "policies": {"tls": {}}},
        args.after,
    )
    models = tuple((route.model, route.owned_by) for route in args.routes)
    collector = COLLECTOR.reference if args.collector else None
    made: dict[str, dict[str, Any]] = {
        "identity": policies.identity(args.spec, args.callers, args.access, args.catalogue.selection),
        "internal-identity": policies.internal_identity(everybody, args.catalogue.selection),
        "limits": policies.limits(args.spec, everybody, args.counting, args.catalogue.selection),
        "frontend": frontend(args.spec, collector=collector),
        "model-list": policies.model_listing(MODELS, models, everybody),
    }
    if args.counting is None:
        named = [routed.name for routed in model_routes(args.spec, args.catalogue)]
        if named:
            made["local-tokens"] = policies.local_tokens(args.spec, named)
    if args.agents:
        made["own-agents"] = policies.own_agents(AGENTS, AGENTS_PREFIX, AGENTS_NAMESPACE, args.user_claim)
    for route in map(tenant_agents_name, args.tenants_with_agents):
        # A policy each: a tenant more is no change of what closes another's agents.
        made[route] = policies.own_agents(route, AGENTS_PREFIX, AGENTS_NAMESPACE, args.user_claim)
    for routed in model_routes(args.spec, args.catalogue):
        if routed.attempts:
            made[f"retry-{routed.name}"] = policies.retries(routed.name, routed.attempts)
    guarded = [page for page in args.pages if page.behind_login]
    for login in (page for page in args.pages if not page.behind_login and guarded):
        made |= {"pages": stripped(guarded), "pages-login": behind_login(guarded, login)}
    return [
        jwks,
        *(
            make.make(AGENTGATEWAY, "AgentgatewayPolicy", name, spec, [gateway, jwks, *keys])
            for name, spec in made.items()
        ),
    ]
