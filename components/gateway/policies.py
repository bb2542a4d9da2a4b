"""What a request has to pass, in the order in which a proxy asks: who it is, how much it may, which model.

One policy for each target and phase: of two that set the same field the later one wins, and both say Accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.gateway.expressions import (
    Access,
    Callers,
    belongs,
    calls_its_own_agents,
    has_tier,
    header,
    is_known,
    may_use_model,
    model_asked_for,
    model_list,
    tenant_of,
    text,
    tier_of,
    told_to_agents,
)
from components.gateway.names import (
    AGENTGATEWAY_GROUP,
    API,
    GATEWAY,
    GATEWAY_GROUP,
    INTERNAL,
    KEY_LABEL,
    MODEL_HEADER,
    SUBJECT_HEADER,
    TENANT_HEADER,
    TIER_HEADER,
    VARIANT_HEADER,
)
from components.gateway.spec import GatewaySpec, Selection, TierSpec
from components.rate_limit.spec import (
    COUNTED_ENTRY,
    DOMAIN,
    GRPC_PORT,
    SERVICE,
    TENANT_ENTRY,
    TIER_ENTRY,
    Counted,
    RateLimitSpec,
)

JWKS = "identity-keys"
"""The backend from which the controller fetches the identity provider's keys."""

AGENT_HEADERS = ("x-agent-name", "x-user-id")
"""By which an agent tells kagent for whom it asks: whoever sends the first is believed the second."""

Spec = dict[str, Any]


def on_listeners(*names: str) -> list[Spec]:
    """Targets: listeners of the gateway, by name."""
    return [
        {"group": GATEWAY_GROUP, "kind": "Gateway", "name": GATEWAY, "sectionName": name} for name in names
    ]


def on_routes(*names: str, kind: str = "HTTPRoute") -> list[Spec]:
    """Targets: routes, by name."""
    return [{"group": GATEWAY_GROUP, "kind": kind, "name": name} for name in names]


def identity(
    spec: GatewaySpec, callers: Callers, access: Mapping[str, Access], selection: Selection | None = None
) -> Spec:
    """Nobody passes without a token of a known caller; whose it is, is written from the token alone.

    Before routing, so that routes can match on what is written; after CORS, so that a browser learns of a refusal.
    """
    provider: Spec = {
        "issuer": callers.issuer,
        "jwks": {"remote": {"jwksPath": callers.jwks_path, "backendRef": _jwks(), "cacheDuration": "1h"}},
    }
    member = belongs(callers)
    if callers.audiences:
        provider["audiences"] = list(callers.audiences)
    return {
        "targetRefs": on_listeners(API),
        "traffic": {
            "phase": "PreRouting",
            **_cors(spec.allowed_origins),
            "jwtAuthentication": {"mode": "Strict", "providers": [provider]},
            "authorization": _require(
                is_known(callers), *callers.requires, *([] if member is None else [member])
            ),
            "transformation": _who(tenant_of(callers), 'default(jwt.sub, "")', access, selection),
        },
    }


def internal_identity(access: Mapping[str, Access], selection: Selection | None = None) -> Spec:
    """The same for pods of the cluster, who have a key instead of a token."""
    known = "apiKey.tenant in [" + ", ".join(f'"{tenant}"' for tenant in sorted(access)) + "]"
    return {
        "targetRefs": on_listeners(INTERNAL),
        "traffic": {
            "phase": "PreRouting",
            "apiKeyAuthentication": {
                "mode": "Strict",
                "secretSelector": {"matchLabels": {KEY_LABEL: "true"}},
            },
            "authorization": _require(known),
            "transformation": _who("apiKey.tenant", "apiKey.tenant", access, selection),
        },
    }


def limits(
    spec: GatewaySpec,
    access: Mapping[str, Access],
    counting: RateLimitSpec | None,
    selection: Selection | None = None,
) -> Spec:
    """What a tier's tenants may use of a proxy, and each tenant of the whole; which models it may ask for."""
    allowed = may_use_model(access, selection)
    return {
        "targetRefs": on_listeners(API, INTERNAL),
        "traffic": {
            "rateLimit": {
                "conditional": [
                    {
                        "condition": has_tier(tier),
                        "policy": {"local": [_arrivals(limit)], **(_counted(counting) if counting else {})},
                    }
                    for tier, limit in spec.tiers.items()
                ]
            },
            **({"authorization": _require(allowed)} if allowed else {}),
        },
    }


def local_tokens(spec: GatewaySpec, routes: Sequence[str]) -> Spec:
    """Tokens of a tier, counted by each proxy, on the routes of models: where nobody counts for all proxies.

    In place of arrivals there: of several local limits the controller of 1.4.1 takes the first and drops the rest
    without a word (agentgateway/agentgateway#2952).
    """
    return {
        "targetRefs": on_routes(*routes),
        "traffic": {
            "rateLimit": {
                "conditional": [
                    {
                        "condition": has_tier(tier),
                        "policy": {"local": [{"tokens": limit.local.tokens_per_minute, "unit": "Minutes"}]},
                    }
                    for tier, limit in spec.tiers.items()
                ]
            }
        },
    }


def model_listing(route: str, models: Sequence[tuple[str, str]], access: Mapping[str, Access]) -> Spec:
    """The gateway itself answers which models there are."""
    return {
        "targetRefs": on_routes(route),
        "traffic": {
            "directResponse": {
                "status": 200,
                "headers": [{"name": "content-type", "value": '"application/json"'}],
                "bodyExpression": model_list(models, access),
            }
        },
    }


def own_agents(route: str, prefix: str, platform_namespace: str, user_claim: str = "sub") -> Spec:
    """A caller reaches agents of its own namespace and of no other, as itself and as nobody else.

    `user_claim` is what kagent keeps people's sessions under.
    """
    return {
        "targetRefs": on_routes(route),
        "traffic": {
            "authorization": _require(calls_its_own_agents(prefix, platform_namespace)),
            "transformation": {
                "request": {
                    "set": [{"name": "authorization", "value": told_to_agents(user_claim)}],
                    "remove": list(AGENT_HEADERS),
                }
            },
        },
    }


def retries(route: str, attempts: int) -> Spec:
    """The first refusal does not reach the client: it evicts who refused, and the next in the chain is asked."""
    return {
        "targetRefs": on_routes(route),
        "traffic": {"retry": {"attempts": attempts, "backoff": "100ms", "codes": [429, 500, 502, 503, 504]}},
    }


def _jwks() -> Spec:
    return {"group": AGENTGATEWAY_GROUP, "kind": "AgentgatewayBackend", "name": JWKS, "port": 443}


def _require(*expressions: Any) -> Spec:
    # Require, not Deny: an expression that fails does not deny.
    return {"action": "Require", "policy": {"matchExpressions": list(expressions)}}


def _who(tenant: Any, subject: str, access: Mapping[str, Access], selection: Selection | None) -> Spec:
    """Headers in this order: what a client sent under these names is gone even where an expression fails."""
    return {
        "request": {
            "set": [
                {"name": TENANT_HEADER, "value": text(tenant)},
                {"name": TIER_HEADER, "value": tier_of(access)},
                {"name": SUBJECT_HEADER, "value": subject},
                {"name": MODEL_HEADER, "value": model_asked_for(selection)},
            ]
        }
    }


def _cors(origins: Sequence[str]) -> Spec:
    if not origins:
        return {}
    return {
        "cors": {
            "allowOrigins": list(origins),
            "allowMethods": ["GET", "POST", "OPTIONS"],
            "allowHeaders": ["authorization", "content-type", MODEL_HEADER, VARIANT_HEADER],
            "maxAge": 3600,
        }
    }


def _arrivals(tier: TierSpec) -> Spec:
    local = tier.local
    return {"requests": local.requests_per_second, "burst": local.burst, "unit": "Seconds"}


def _counted(counting: RateLimitSpec) -> Spec:
    return {
        "global": {
            "domain": DOMAIN,
            "backendRef": {"name": SERVICE, "port": GRPC_PORT},
            "failureMode": "FailOpen" if counting.when_away == "open" else "FailClosed",
            "descriptors": [
                _descriptor(Counted.REQUESTS, "Requests"),
                _descriptor(Counted.TOKENS_PER_MINUTE, "Tokens"),
                _descriptor(Counted.TOKENS_PER_DAY, "Tokens"),
            ],
        }
    }


def _descriptor(counted: Counted, unit: str) -> Spec:
    return {
        "unit": unit,
        "entries": [
            {"name": TIER_ENTRY, "expression": header(TIER_HEADER)},
            {"name": COUNTED_ENTRY, "expression": f'"{counted.value}"'},
            {"name": TENANT_ENTRY, "expression": header(TENANT_HEADER)},
        ],
    }
