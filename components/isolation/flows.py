"""Who talks to whom: the platform's one table of flows. Read it top to bottom like a diagram."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from components.isolation.ends import (
    API_SERVER,
    DNS,
    EVERY_PORT,
    OWN_NAMESPACE,
    POD_IDENTITY,
    TENANTS,
    VPC_RESOLVER,
    AwsApis,
    Flow,
    Pods,
    SubnetTier,
)
from components.isolation.surroundings import NODE_TIER

NODES = SubnetTier(NODE_TIER)
"""Nodes, and with the VPC CNI pods too, have their addresses from here."""

KUBE_SYSTEM = Pods("kube-system")
KARPENTER = Pods("karpenter")
CERT_MANAGER = Pods("cert-manager")
CERT_MANAGER_WEBHOOK = Pods("cert-manager", {"app.kubernetes.io/name": "webhook"})
EXTERNAL_SECRETS = Pods("external-secrets")
EXTERNAL_SECRETS_CONTROLLER = Pods("external-secrets", {"app.kubernetes.io/name": "external-secrets"})
EXTERNAL_SECRETS_WEBHOOK = Pods("external-secrets", {"app.kubernetes.io/name": "external-secrets-webhook"})
NVIDIA = Pods("nvidia")
NODE_MONITORING = Pods("node-monitoring")

GATEWAY = Pods("ai-gateway")
AGENTS = Pods("ai-agents")
KAGENT = Pods("ai-agents", {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"})
INFERENCE = Pods("ai-inference")
DATA = Pods("ai-data")
OBSERVABILITY = Pods("observability")
PROMETHEUS = Pods("observability", {"app.kubernetes.io/name": "prometheus"})

MODEL_PORTS = (8000, 8080)  # vLLM, TGI
AGENT_PORTS = (8000, 8080)  # agents serve 8080; MCP and LangGraph servers 8000
STORE_PORTS = (19530, 6379)  # Milvus, Valkey
OTLP_PORTS = (4317, 4318)
HTTPS = (443,)
WEBHOOK = (10250,)

# Add-ons of kube-system belong to EKS: their labels may change with a version, and a policy that loses
# CoreDNS takes the cluster's names with it. Every allowance there is therefore for the namespace as a whole.
# Host-network pods (VPC CNI, kube-proxy, Pod Identity agent) are not subject to policies at all.
_KUBE_SYSTEM = (
    Flow(NODES, KUBE_SYSTEM, DNS, "CoreDNS answers every pod and node; cheaper than a peer for each pod"),
    Flow(KUBE_SYSTEM, VPC_RESOLVER, DNS, "CoreDNS forwards to the VPC's resolver"),
    Flow(KUBE_SYSTEM, API_SERVER, HTTPS, "add-ons watch the API"),
    Flow(KUBE_SYSTEM, POD_IDENTITY, (80,), "add-ons fetch their role's credentials"),
    Flow(KUBE_SYSTEM, AwsApis("ec2", "sts"), HTTPS, "the EBS CSI controller makes volumes", "karpenter"),
    Flow(API_SERVER, KUBE_SYSTEM, (10250,), "the metrics API is served by metrics-server", "metrics_server"),
    Flow(KUBE_SYSTEM, NODES, (10250,), "metrics-server reads kubelets", "metrics_server"),
    Flow(API_SERVER, KUBE_SYSTEM, (9443,), "load balancer webhooks", "load_balancer_controller"),
    Flow(
        KUBE_SYSTEM,
        AwsApis("ec2", "elasticloadbalancing", "sts", "acm", "wafv2", "wafv2-regional", "shield", "tagging"),
        HTTPS,
        "load balancers, their certificates and their protection",
        "load_balancer_controller",
    ),
)

_CONTROLLERS = (
    Flow(KARPENTER, API_SERVER, HTTPS, "Karpenter watches pods and nodes", "karpenter"),
    Flow(KARPENTER, POD_IDENTITY, (80,), "Karpenter fetches its role's credentials", "karpenter"),
    Flow(
        KARPENTER,
        AwsApis("ec2", "eks", "sts", "sqs", "ssm", "iam", "pricing"),
        HTTPS,
        "nodes, interruption queue, image ids, instance profiles, prices",
        "karpenter",
    ),
    Flow(CERT_MANAGER, API_SERVER, HTTPS, "certificates are API objects", "cert_manager"),
    Flow(API_SERVER, CERT_MANAGER_WEBHOOK, WEBHOOK, "admission of certificates", "cert_manager"),
    Flow(EXTERNAL_SECRETS, API_SERVER, HTTPS, "secrets are API objects", "external_secrets"),
    Flow(API_SERVER, EXTERNAL_SECRETS_WEBHOOK, WEBHOOK, "admission of secret stores", "external_secrets"),
    Flow(
        EXTERNAL_SECRETS_CONTROLLER,
        AwsApis("secretsmanager", "sts"),
        HTTPS,
        "values, by a role for each store",
        "external_secrets",
    ),
    Flow(
        EXTERNAL_SECRETS_CONTROLLER,
        POD_IDENTITY,
        (80,),
        "External Secrets fetches its role's credentials",
        "external_secrets",
    ),
    Flow(NVIDIA, API_SERVER, HTTPS, "device plugin and feature discovery label nodes", "gpu"),
)

_FUNCTIONS = (
    Flow(GATEWAY, OWN_NAMESPACE, EVERY_PORT, "gateway parts"),
    Flow(GATEWAY, AGENTS, AGENT_PORTS, "requests to agents"),
    Flow(GATEWAY, TENANTS, AGENT_PORTS, "requests to tenants' agents"),
    Flow(GATEWAY, INFERENCE, MODEL_PORTS, "requests to models"),
    Flow(GATEWAY, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(AGENTS, OWN_NAMESPACE, EVERY_PORT, "agents, tools and the kagent controller"),
    Flow(AGENTS, INFERENCE, MODEL_PORTS, "prompts"),
    Flow(AGENTS, DATA, STORE_PORTS, "vectors, history and queues"),
    Flow(AGENTS, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(INFERENCE, OWN_NAMESPACE, EVERY_PORT, "routers and engines"),
    Flow(INFERENCE, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(DATA, OWN_NAMESPACE, EVERY_PORT, "stores and their quorum"),
    Flow(OBSERVABILITY, OWN_NAMESPACE, EVERY_PORT, "collectors, stores and dashboards"),
)

_TENANTS = (
    Flow(TENANTS, OWN_NAMESPACE, EVERY_PORT, "a tenant's parts talk to each other"),
    Flow(TENANTS, INFERENCE, MODEL_PORTS, "prompts"),
    Flow(TENANTS, DATA, STORE_PORTS, "vectors, history and queues"),
    Flow(TENANTS, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(KAGENT, TENANTS, (8080,), "the kagent controller calls agents", "kagent"),
    Flow(TENANTS, KAGENT, (8083,), "agents keep sessions with the kagent controller", "kagent"),
    Flow(KAGENT, API_SERVER, HTTPS, "agents are API objects", "kagent"),
)

# Prometheus pulls: each namespace admits it, none pushes to it.
_METRICS = (
    Flow(PROMETHEUS, TENANTS, (8080, 9090), "tenants' metrics"),
    Flow(PROMETHEUS, GATEWAY, (9092, 15020), "gateway metrics"),
    Flow(PROMETHEUS, AGENTS, (8080, 8443), "agent and controller metrics"),
    Flow(PROMETHEUS, INFERENCE, MODEL_PORTS, "model metrics are on the serving port"),
    Flow(PROMETHEUS, DATA, (9091, 9121), "Milvus and Valkey metrics"),
    Flow(PROMETHEUS, KUBE_SYSTEM, (8080, 9153, 10250), "load balancers, CoreDNS, metrics-server"),
    Flow(PROMETHEUS, KARPENTER, (8080,), "node metrics"),
    Flow(PROMETHEUS, CERT_MANAGER, (9402,), "certificate metrics"),
    Flow(PROMETHEUS, EXTERNAL_SECRETS, (8080,), "secret sync metrics"),
    Flow(PROMETHEUS, NVIDIA, (9400,), "GPU metrics"),
    Flow(PROMETHEUS, NODES, (9100, 10250), "node exporter and kubelet, on the host network", "prometheus"),
    Flow(PROMETHEUS, API_SERVER, HTTPS, "what to scrape, and the API's own metrics", "prometheus"),
)

TABLE: tuple[Flow, ...] = (*_KUBE_SYSTEM, *_CONTROLLERS, *_FUNCTIONS, *_TENANTS, *_METRICS)


def in_force(components: Collection[str], namespaces: Collection[str]) -> tuple[Flow, ...]:
    """The flows of a stack: their component is on, and every namespace they name exists."""
    present = {*namespaces, KUBE_SYSTEM.namespace}
    return tuple(
        flow for flow in TABLE if (flow.needs is None or flow.needs in components) and _homes(flow) <= present
    )


def _homes(flow: Flow) -> set[str]:
    return {end.namespace for end in (flow.source, flow.target) if isinstance(end, Pods)}


def by_namespace(flows: Iterable[Flow], namespace: str) -> tuple[Flow, ...]:
    """The flows that begin or end in one namespace, for documents and reports."""
    return tuple(flow for flow in flows if namespace in _homes(flow))
