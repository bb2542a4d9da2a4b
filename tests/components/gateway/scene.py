"""A gateway with everything that can stand before and behind it, as a program to capture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi_kubernetes as k8s
from pulumi import Input, Resource

from components.core.aws import Place
from components.gateway.controller import GatewayController, GatewayControllerArgs
from components.gateway.gateway import Gateway, GatewayArgs
from components.gateway.spec import (
    Access,
    Callers,
    Catalogue,
    GatewaySpec,
    Page,
    PoolBackend,
    RelayBackend,
    Route,
    SecretKey,
    ServiceBackend,
)
from components.gateway_api.gateway_api import GatewayApi, GatewayApiArgs
from components.identity_provider.cognito import Cognito, CognitoArgs
from components.identity_provider.spec import CognitoSpec
from components.login.login import Login, LoginArgs
from components.login.spec import LoginSpec
from components.rate_limit.rate_limit import RateLimit, RateLimitArgs
from components.rate_limit.spec import RateLimitSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b", "us-east-1c"),
    environment="dev",
    cluster_name="ai-dev",
)
HOST = "ai.example.com"
NAMESPACES = {
    "ai-gateway": "restricted",
    "agentgateway-system": "restricted",
    "ai-agents": "restricted",
    "ai-inference": "baseline",
    "observability": "baseline",
}
PRIMARY = ServiceBackend(
    name="mixtral", service="vllm-mixtral", namespace="ai-inference", port=8000, serves=("mixtral",)
)
CANARY = replace(PRIMARY, name="mixtral-canary", service="vllm-mixtral-canary", serves=("mixtral-canary",))
RELAY = RelayBackend(
    name="relay",
    service="litellm",
    namespace="ai-gateway",
    port=4000,
    secret=SecretKey(name="relay-master", key="masterkey"),
)
SPARE = ServiceBackend(name="spare", service="spare", namespace="ai-inference", port=8080)
POOL = PoolBackend(
    name="llama-pool", pool="llama", namespace="ai-inference", port=8000, labels={"app": "vllm-llama"}
)
CATALOGUE = Catalogue(
    backends=(PRIMARY, CANARY, RELAY, SPARE, POOL),
    routes=(
        Route(model="mixtral-8x7b", weights={"mixtral": 80, "mixtral-canary": 20}, owned_by="vllm"),
        Route(model="claude-3", weights={"relay": 100}, fallbacks=("spare",), owned_by="anthropic"),
        Route(model="gpt-4", weights={"relay": 100}, owned_by="openai"),
        Route(model="meta/Llama-3.1-8B", weights={"llama-pool": 100}, owned_by="vllm"),
    ),
    default="relay",
)
UI: Mapping[str, Any] = {"domain": "ui.example.com"}
SPEC = GatewaySpec.model_validate(
    {
        "host": HOST,
        "inference_pools": True,
        "allowed_origins": ["https://app.example.com"],
        "ui": UI,
        "load_balancer": {"scheme": "internet-facing", "source_ranges": ["203.0.113.0/24"]},
        "grpc_routes": {
            "embeddings": {
                "grpc_service": "embeddings.v1.Embeddings",
                "service": "embedder",
                "namespace": "ai-inference",
                "port": 8000,
            }
        },
    }
)
ACCESS = {
    "tenant-a": Access(tier="standard"),
    "tenant-b": Access(tier="standard", models=("mixtral-8x7b",)),
}
CALLERS = Callers(
    issuer="https://issuer.example.com",
    jwks_host="issuer.example.com",
    jwks_path=".well-known/jwks.json",
    claim="tenant",
    tenants=(("tenant-a", "tenant-a"), ("tenant-b", "tenant-b")),
    audiences=("ai-gateway",),
)
PAGES = (
    Page(
        name="login",
        host="login.ui.example.com",
        service="login",
        namespace="ai-gateway",
        port=4180,
        behind_login=False,
    ),
    Page(
        name="grafana",
        host="grafana.ui.example.com",
        service="kube-prometheus-stack-grafana",
        namespace="observability",
        port=80,
    ),
    Page(
        name="agents-page",
        host="agents.ui.example.com",
        service="kagent-ui",
        namespace="ai-agents",
        port=8080,
    ),
)


def namespaces() -> dict[str, k8s.core.v1.Namespace]:
    """Every namespace the gateway refers to, as restricted as in a stack."""
    made: dict[str, k8s.core.v1.Namespace] = {}
    for name, level in NAMESPACES.items():
        labels = {
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/enforce-version": "v1.35",
        }
        made[name] = k8s.core.v1.Namespace(name, metadata={"name": name, "labels": labels})
    return made


def names(made: Mapping[str, k8s.core.v1.Namespace]) -> dict[str, Input[str]]:
    """Their names, as outputs."""
    return {name: one.metadata.name for name, one in made.items()}


def gateway(spec: GatewaySpec = SPEC, **changes: Any) -> Gateway:
    """The gateway by itself, with a literal issuer."""
    arguments: dict[str, Any] = {
        "place": PLACE,
        "spec": spec,
        "namespaces": names(namespaces()),
        "callers": CALLERS,
        "access": ACCESS,
        "catalogue": CATALOGUE,
        "pages": PAGES,
        "counting": RateLimitSpec(),
        "agents": True,
        "collector": True,
        "after": (),
        "monitored": True,
    }
    return Gateway("gateway", GatewayArgs(**{**arguments, **changes}))


def everything(*, keda: bool = False) -> None:
    """All of it, wired as a stack does."""
    closed = namespaces()
    homes = names(closed)
    definitions = GatewayApi("gateway-api", GatewayApiArgs(inference_pools=True))
    controller = GatewayController(
        "gateway-controller",
        GatewayControllerArgs(
            spec=SPEC,
            namespace=homes["agentgateway-system"],
            after=(*closed.values(), *definitions.ready),
            monitored=True,
        ),
    )
    cognito = Cognito(
        "identity",
        CognitoArgs(
            place=PLACE,
            spec=CognitoSpec(),
            tenants={"tenant-a": (), "tenant-b": ("made-by-hand",)},
            login_host="login.ui.example.com",
        ),
    )
    counting = RateLimit(
        "rate-limit",
        RateLimitArgs(
            spec=RateLimitSpec(),
            tiers=SPEC.tiers,
            namespace=homes["ai-gateway"],
            cache_authority=True,
            after=(),
            monitored=True,
        ),
    )
    assert cognito.login is not None
    assert SPEC.ui is not None
    login = Login(
        "login",
        LoginArgs(
            spec=LoginSpec(),
            ui=SPEC.ui,
            provider=cognito.login,
            namespace=homes["ai-gateway"],
            after=cognito.ready,
            monitored=True,
        ),
    )
    after: tuple[Resource, ...] = (*controller.ready, *counting.ready, *login.ready)
    Gateway(
        "gateway",
        GatewayArgs(
            place=PLACE,
            spec=SPEC,
            namespaces=homes,
            callers=cognito.callers,
            access=ACCESS,
            catalogue=CATALOGUE,
            pages=PAGES,
            counting=RateLimitSpec(),
            agents=True,
            collector=True,
            keda_prometheus="http://prometheus.observability.svc:9090" if keda else None,
            after=after,
            monitored=True,
        ),
    )
