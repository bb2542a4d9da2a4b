"""What kagent's charts are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.charts import images
from components.charts.images import Image
from components.kagent.names import DATABASE_SECRET, METRICS_PORT, NAMESPACE
from components.kagent.pods import KMCP_RESOURCES
from components.kagent.spec import KagentSpec

AUTH_MODE = "trusted-proxy"
"""Who somebody is comes from the token that a login has checked. The other mode, `unsecure`, makes everybody
`admin@kagent.dev` who says nothing; any other word ends the controller (v0.9.12, cmd/controller/main.go)."""

DATABASE_MOUNT = "/var/secrets/database"
DATABASE_FILE = f"{DATABASE_MOUNT}/url"

OPENAI_KEY = "api-key"

DEMONSTRATIONS = (
    "k8s-agent",
    "kgateway-agent",
    "istio-agent",
    "promql-agent",
    "observability-agent",
    "argo-rollouts-agent",
    "helm-agent",
    "cilium-policy-agent",
    "cilium-manager-agent",
    "cilium-debug-agent",
    "grafana-mcp",
    "querydoc",
    # Gives agents the Kubernetes API, of the whole cluster.
    "kagent-tools",
    "oauth2-proxy",
    "substrate",
)
"""Parts that are on by default or could be switched on by accident: agents and tools are the stack's own."""


def crd_values() -> dict[str, Any]:
    """Definitions of agents and of MCP servers; the flag has to be the same in both charts."""
    return {"kmcp": {"enabled": True}, "substrate": {"enabled": False}}


def values(
    spec: KagentSpec,
    *,
    namespaces: Sequence[str],
    tool_namespaces: Sequence[str],
    gateway_url: str,
    gateway_secret: str,
    default_model: str,
    collector: str | None,
    database: str,
    advertised: str | None = None,
) -> dict[str, Any]:
    """A controller with rights in the namespaces of agents and nowhere else, and with nothing of the demo.

    `database` is the Secret with the `url` of its Postgres: bundled comes one with half a gibibyte and a
    password that everybody knows. `advertised` is the address in agents' cards, to which clients of A2A send: by
    default it is the controller's own, which takes only what the gateway has checked.
    """
    return {
        "registry": _registry(images.KAGENT_CONTROLLER),
        "database": {
            "postgres": {
                "urlFile": DATABASE_FILE,
                "vectorEnabled": spec.vector_memory,
                "bundled": {"enabled": False},
            }
        },
        # A Role in each; empty would be a ClusterRole that reads every Secret of the cluster.
        "rbac": {"namespaces": list(namespaces)},
        "controller": {
            "replicas": spec.replicas,
            "auth": {"mode": AUTH_MODE, "userIdClaim": spec.user_claim},
            "watchNamespaces": list(namespaces),
            **({"a2aBaseUrl": advertised} if advertised else {}),
            "image": _image(images.KAGENT_CONTROLLER),
            "agentImage": _image(images.KAGENT_APP),
            "skillsInitImage": _image(images.KAGENT_SKILLS),
            "resources": spec.resources.values(),
            "volumes": [{"name": "database", "secret": {"secretName": database}}],
            "volumeMounts": [{"name": "database", "mountPath": DATABASE_MOUNT, "readOnly": True}],
            # Plain, since policies say who scrapes: over TLS it would ask for a token of the API server's, and
            # show a certificate that nobody signed.
            "metrics": {"enabled": True, "bindAddress": f":{METRICS_PORT}", "secureServing": False},
        },
        "ui": {
            "replicas": spec.ui_replicas,
            "image": _image(images.KAGENT_UI),
            "resources": spec.ui_resources.values(),
        },
        "kmcp": {
            "enabled": True,
            # The chart has no appVersion: without a tag it is `latest`.
            "image": {
                "repository": images.KMCP_CONTROLLER.repository,
                "tag": images.KMCP_CONTROLLER.pinned_tag,
            },
            "resources": KMCP_RESOURCES.values(),
            "rbac": {"namespaces": list(dict.fromkeys((NAMESPACE, *tool_namespaces)))},
        },
        # What an agent uses that names no model: it is asked at the gateway, as every model is.
        "providers": {
            "default": "openAI",
            "openAI": {
                "provider": "OpenAI",
                "model": default_model,
                "apiKeySecretRef": gateway_secret,
                "apiKeySecretKey": OPENAI_KEY,
                "config": {"baseUrl": gateway_url},
            },
        },
        **({"otel": {"tracing": _tracing(collector)}} if collector else {}),
        **{part: {"enabled": False} for part in DEMONSTRATIONS},
    }


def tenant_values(
    spec: KagentSpec,
    tenant: str,
    *,
    gateway_url: str,
    gateway_secret: str,
    default_model: str,
    collector: str | None,
    advertised: str | None = None,
) -> dict[str, Any]:
    """A controller with rights in the namespace of one tenant, which is its own, and neither page nor kmcp."""
    made = values(
        spec.model_copy(update={"replicas": spec.tenants.replicas, "resources": spec.tenants.resources}),
        namespaces=(tenant,),
        tool_namespaces=(),
        gateway_url=gateway_url,
        gateway_secret=gateway_secret,
        default_model=default_model,
        collector=collector,
        database=DATABASE_SECRET,
        advertised=advertised,
    )
    # The chart makes the page's Deployment always; without pods it is only an object. MCP servers of images are the
    # platform's alone, so nobody here needs their controller.
    return {**made, "ui": {**made["ui"], "replicas": 0}, "kmcp": {"enabled": False}}


def _tracing(collector: str) -> dict[str, Any]:
    """The controller hands every OTEL_ variable of its own on to each agent: so agents export spans as well."""
    return {
        "enabled": True,
        "exporter": {
            "otlp": {"endpoint": collector, "protocol": "grpc", "timeout": 15000, "insecure": True},
        },
    }


def _registry(image: Image) -> str:
    return image.repository.partition("/")[0]


def _image(image: Image) -> dict[str, str]:
    registry, _, repository = image.repository.partition("/")
    return {"registry": registry, "repository": repository, "tag": image.pinned_tag}
