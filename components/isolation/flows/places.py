"""Who is named in the table of flows: pods by namespace and label, and the ports they answer on."""

from __future__ import annotations

from components.isolation.ends import Pods, SubnetTier
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

GATEWAY = Pods("ai-gateway")
AGENTS = Pods("ai-agents")
KAGENT = Pods("ai-agents", {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"})
INFERENCE = Pods("ai-inference")
DATA = Pods("ai-data")
OBSERVABILITY = Pods("observability")
COLLECTOR = Pods("observability", {"app.kubernetes.io/instance": "otel-gateway"})
COLLECTOR_AGENTS = Pods("node-monitoring", {"app.kubernetes.io/instance": "otel-agent"})
PROMETHEUS = Pods("observability", {"app.kubernetes.io/name": "prometheus"})

MODEL_PORTS = (8000, 8080)  # vLLM, TGI
GRPC_PORTS = (8000, 8080)  # of services of your own beside agents; components/gateway/spec says so
STORE_PORTS = (19530, 6379)  # Milvus, Valkey
OTLP_PORTS = (4317, 4318)
HTTPS = (443,)
WEBHOOK = (10250,)
