"""The one way in: who connects to proxies, what these ask before they answer, and what they answer with."""

from __future__ import annotations

from components.isolation.ends import API_SERVER, TENANTS, AwsApis, Flow, Pods, SubnetTier
from components.isolation.flows.observability import DATA_TIER, GRAFANA, VALKEY
from components.isolation.flows.places import AGENTS, GRPC_PORTS, HTTPS, KAGENT, PROMETHEUS
from components.isolation.surroundings import NODE_TIER

PROXIES = Pods("ai-gateway", {"gateway.networking.k8s.io/gateway-name": "ai-gateway"})
CONTROLLER = Pods("agentgateway-system", {"app.kubernetes.io/name": "agentgateway"})
RATE_LIMIT = Pods("ai-gateway", {"app.kubernetes.io/name": "rate-limit"})
LOGIN = Pods("ai-gateway", {"app.kubernetes.io/name": "oauth2-proxy"})
KAGENT_UI = Pods("ai-agents", {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "ui"})
PICKER = Pods("ai-inference", {"app.kubernetes.io/name": "endpoint-picker"})
LISTENERS = (443, 80, 15021)
"""What a load balancer connects to: two listeners, and readiness."""

INTERNAL = (8080,)
"""The listener of pods of the cluster."""

# The load balancer's own addresses: it does not keep those of clients, which are told by header instead. Which of
# the two is in force follows from its scheme.
_IN = (
    Flow(SubnetTier("public"), PROXIES, LISTENERS, "an internet-facing load balancer", "gateway_public"),
    Flow(SubnetTier(NODE_TIER), PROXIES, LISTENERS, "an internal load balancer", "gateway_internal"),
    Flow(AGENTS, PROXIES, INTERNAL, "agents ask models, with a key", "gateway"),
    Flow(TENANTS, PROXIES, INTERNAL, "tenants' agents ask models, with a key", "gateway"),
)

_ASKED = (
    Flow(PROXIES, CONTROLLER, (9978,), "proxies fetch their configuration", "gateway"),
    Flow(PROXIES, PICKER, (9002,), "which replica of a model takes a request", "inference_pools"),
    Flow(PICKER, API_SERVER, HTTPS, "which replicas a pool has", "inference_pools"),
    Flow(CONTROLLER, API_SERVER, HTTPS, "Gateways and routes are API objects", "gateway"),
    # Of Cognito, or of another issuer: both are public.
    Flow(CONTROLLER, AwsApis("cognito-idp"), HTTPS, "the keys that tokens are signed with", "gateway"),
    Flow(RATE_LIMIT, VALKEY, (6379,), "what tenants have used", "valkey"),
    Flow(RATE_LIMIT, DATA_TIER, (6379,), "what tenants have used", "elasticache"),
    Flow(LOGIN, AwsApis("cognito-idp"), HTTPS, "codes become tokens", "gateway"),
)

_ANSWERED = (
    Flow(PROXIES, KAGENT, (8083,), "agents, by namespace and name", "kagent"),
    Flow(PROXIES, KAGENT_UI, (8080,), "kagent's page", "kagent"),
    Flow(PROXIES, GRAFANA, (3000,), "Grafana's page", "prometheus"),
    # Agents themselves are asked through their controllers, the platform's here, tenants' in components/agents/flows.
    Flow(PROXIES, AGENTS, GRPC_PORTS, "gRPC services that the stack shows", "gateway"),
)

_WATCHED = (
    Flow(PROMETHEUS, CONTROLLER, (9092,), "how configuration is worked off", "gateway"),
    Flow(PROMETHEUS, RATE_LIMIT, (9090,), "who meets a limit", "gateway"),
    Flow(PROMETHEUS, PICKER, (9090,), "how replicas were chosen", "inference_pools"),
    Flow(PROMETHEUS, LOGIN, (44180,), "logins", "gateway"),
)

GATEWAY_FLOWS = (*_IN, *_ASKED, *_ANSWERED, *_WATCHED)
