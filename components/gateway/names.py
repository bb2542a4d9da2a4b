"""What others call the gateway by."""

from __future__ import annotations

from components.core.labels import DOMAIN

NAMESPACE = "ai-gateway"
GATEWAY = "ai-gateway"
"""The Gateway, and with it the Deployment, Service and ServiceAccount that the controller makes."""

CONTROLLER_NAMESPACE = "agentgateway-system"
CONTROLLER = "agentgateway"
CRDS = "agentgateway-crds"
GATEWAY_CLASS = "ai-gateway"
"""Not `agentgateway`: the controller makes that one itself, and would write over ours."""
CONTROLLER_NAME = "agentgateway.dev/agentgateway"

GATEWAY_API = "gateway.networking.k8s.io/v1"
GATEWAY_GROUP = "gateway.networking.k8s.io"
AGENTGATEWAY = "agentgateway.dev/v1alpha1"
AGENTGATEWAY_GROUP = "agentgateway.dev"
INFERENCE = "inference.networking.k8s.io/v1"
INFERENCE_GROUP = "inference.networking.k8s.io"

API = "api"
"""The listener of models and agents, for callers with a token of the identity provider."""
INTERNAL = "internal"
"""The listener of pods of the cluster, who have a key; it has no load balancer."""
REDIRECT = "redirect"

HTTPS_PORT = 443
HTTP_PORT = 80
INTERNAL_PORT = 8080
METRICS_PORT = 15020
READINESS_PORT = 15021
CONFIGURATION_PORT = 9978
"""Of the controller, where proxies fetch their configuration."""

INTERNAL_SERVICE = "ai-gateway-internal"
INTERNAL_URL = f"http://{INTERNAL_SERVICE}.{NAMESPACE}.svc:{INTERNAL_PORT}"
"""Where agents of the cluster reach models: the mesh, where it is on, encrypts what passes."""

MODELS_URL = f"{INTERNAL_URL}/v1"
"""The same, as OpenAI's clients want it."""

CERTIFICATE = "ai-gateway-tls"

TENANT_HEADER = "x-tenant"
TIER_HEADER = "x-tier"
MODEL_HEADER = "x-model-id"
VARIANT_HEADER = "x-variant"
"""By which a caller asks for a variant of a route: a wish, and no permission."""
SUBJECT_HEADER = "x-subject"
"""Who of a tenant calls: what only one of them was told is not told to another."""
REFUSED_HEADER = "x-relay-refused"
"""By which the relay says that it refuses this caller, and not that something is wrong with it."""
KEY_LABEL = f"{DOMAIN}/gateway-key"
"""On the Secrets whose keys the internal listener takes."""

POD_LABELS = {
    "app.kubernetes.io/name": GATEWAY,
    "app.kubernetes.io/instance": GATEWAY,
    "gateway.networking.k8s.io/gateway-name": GATEWAY,
}
