"""The platform's namespaces as a table: what each is for, how closed it is, how much it may use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from components.isolation.pod_security import PodSecurityLevel
from components.isolation.quota import ContainerDefaultsSpec, QuotaSpec


@dataclass(frozen=True, kw_only=True)
class PlatformNamespace:
    """One row: a namespace of the platform and its defaults."""

    purpose: str
    pod_security: PodSecurityLevel
    needs: str | None = None
    """The component that lives there; None: the namespace always exists."""
    quota: QuotaSpec | None = None
    gpus: Mapping[str, int] = field(default_factory=dict[str, int])
    """GPUs by pool, of those pools that the stack has."""
    container_defaults: ContainerDefaultsSpec = field(default_factory=ContainerDefaultsSpec)
    load_balancers: bool = False
    """Whether Services of type LoadBalancer or NodePort are allowed: a way in that no policy sees."""
    in_mesh: bool = False
    reads_secrets: bool = False
    """Whether External Secrets may bring secrets of the platform there."""


NAMESPACES: Mapping[str, PlatformNamespace] = MappingProxyType(
    {
        "ai-gateway": PlatformNamespace(
            purpose="the one way in",
            pod_security="restricted",
            load_balancers=True,
            in_mesh=True,
            reads_secrets=True,
        ),
        "ai-agents": PlatformNamespace(
            purpose="agents, their controller and tools",
            pod_security="restricted",
            # 200 agents of the default size fill it exactly: 200 x 250m and 200 x 512Mi.
            quota=QuotaSpec(cpu="50", memory="100Gi", limits_cpu="100", limits_memory="200Gi", pods=200),
            in_mesh=True,
            reads_secrets=True,
        ),
        "ai-tools": PlatformNamespace(
            purpose="servers of agents' tools, each closed but for what it declares",
            pod_security="restricted",
            needs="tools",
            # A hundred servers of the default size, and code beside them.
            quota=QuotaSpec(cpu="16", memory="32Gi", limits_cpu="80", limits_memory="64Gi", pods=150),
            in_mesh=True,
            reads_secrets=True,
        ),
        "egress": PlatformNamespace(
            purpose="the way out of tools",
            pod_security="restricted",
            needs="egress_proxy",
            # Twenty proxies, and one more while they are updated.
            quota=QuotaSpec(cpu="4", memory="4Gi", limits_cpu="24", limits_memory="8Gi", pods=24),
        ),
        "ai-inference": PlatformNamespace(
            purpose="model servers",
            # Loads third-party weights: no host access. Servers pass `restricted` with our settings.
            pod_security="baseline",
            quota=QuotaSpec(
                cpu="100",
                memory="500Gi",
                limits_cpu="200",
                limits_memory="1Ti",
                persistent_volume_claims=50,
            ),
            gpus=MappingProxyType({"a10g": 8, "a100": 8, "h100": 8, "l40s": 8}),
            in_mesh=True,
            reads_secrets=True,
        ),
        # Twice what the largest profile asks for: a store that grows meets the CPU pool's limit first.
        "ai-data": PlatformNamespace(
            purpose="vectors, cache, queues",
            pod_security="baseline",
            quota=QuotaSpec(
                cpu="40",
                memory="128Gi",
                limits_cpu="100",
                limits_memory="256Gi",
                pods=100,
                persistent_volume_claims=50,
            ),
            in_mesh=True,
            reads_secrets=True,
        ),
        "observability": PlatformNamespace(
            purpose="metrics, traces, dashboards",
            pod_security="baseline",
            quota=QuotaSpec(
                cpu="40",
                memory="160Gi",
                limits_cpu="120",
                limits_memory="256Gi",
                pods=100,
                persistent_volume_claims=50,
            ),
            in_mesh=True,
            reads_secrets=True,
        ),
        "karpenter": PlatformNamespace(
            purpose="makes and removes nodes",
            pod_security="restricted",
            needs="karpenter",
            quota=QuotaSpec(cpu="8", memory="16Gi", limits_cpu="8", limits_memory="16Gi", pods=10),
        ),
        "cert-manager": PlatformNamespace(
            purpose="certificates",
            pod_security="restricted",
            needs="cert_manager",
            quota=QuotaSpec(cpu="2", memory="4Gi", limits_cpu="10", limits_memory="8Gi", pods=30),
        ),
        "external-secrets": PlatformNamespace(
            purpose="Secrets Manager to Secrets",
            pod_security="restricted",
            needs="external_secrets",
            quota=QuotaSpec(cpu="2", memory="4Gi", limits_cpu="10", limits_memory="8Gi", pods=30),
        ),
        "keda": PlatformNamespace(
            purpose="event-driven scaling",
            pod_security="restricted",
            needs="keda",
            # Three of each of its three parts, and a fourth while they are updated.
            quota=QuotaSpec(cpu="1", memory="2Gi", limits_cpu="7", limits_memory="8Gi", pods=12),
            reads_secrets=True,
        ),
        "external-dns": PlatformNamespace(
            purpose="names of Services and routes",
            pod_security="restricted",
            needs="external_dns",
            # One pod, which is gone before the next one starts, and room for a larger one.
            quota=QuotaSpec(cpu="500m", memory="1Gi", limits_cpu="1", limits_memory="2Gi", pods=4),
        ),
        "clickhouse-operator": PlatformNamespace(
            purpose="makes the stores of traces",
            pod_security="restricted",
            needs="clickhouse_operator",
            quota=QuotaSpec(cpu="1", memory="1Gi", limits_cpu="2", limits_memory="2Gi", pods=6),
        ),
        "agentgateway-system": PlatformNamespace(
            purpose="turns Gateways into proxies",
            pod_security="restricted",
            needs="gateway",
            # Three controllers, and a fourth while they are updated.
            quota=QuotaSpec(cpu="500m", memory="1Gi", limits_cpu="2", limits_memory="2Gi", pods=6),
        ),
        "velero": PlatformNamespace(
            purpose="backups of objects and volumes",
            pod_security="restricted",
            needs="velero",
            quota=QuotaSpec(cpu="2", memory="4Gi", limits_cpu="4", limits_memory="8Gi", pods=10),
        ),
        "argocd": PlatformNamespace(
            purpose="tenants' applications from Git",
            pod_security="restricted",
            needs="argocd",
            reads_secrets=True,
            # Three of each server and a fourth while they are updated.
            quota=QuotaSpec(cpu="4", memory="8Gi", limits_cpu="12", limits_memory="16Gi", pods=30),
        ),
        # These need the host: device files, the kubelet's socket, /proc of the node. No quota: they run once on
        # every node, and a quota would leave the node that comes last without its device plugin.
        "nvidia": PlatformNamespace(purpose="GPU device plugin", pod_security="privileged", needs="gpu"),
        "node-monitoring": PlatformNamespace(
            purpose="node exporter and collectors", pod_security="privileged", needs="node_monitoring"
        ),
    }
)

POLICIES_ONLY: tuple[str, ...] = ("default", "kube-system")
"""Namespaces that Kubernetes makes itself: ours to close, not to own."""

_CHARTS_TO_COME = (
    "dify",
    "istio-system",
    "kagent-system",
    "kyverno",
)
_TENANTS_OF_TELEMETRY = ("platform", "unknown")
"""What the collectors write as the tenant of what is no tenant's: a tenant of that name would read it."""

RESERVED: frozenset[str] = frozenset({*NAMESPACES, *POLICIES_ONLY, *_CHARTS_TO_COME, *_TENANTS_OF_TELEMETRY})
"""Names that no tenant may have, today's and those that a part of the platform may take one day."""


def namespaces_for(components: Collection[str]) -> tuple[str, ...]:
    """The namespaces a stack with these components has: function namespaces always, others with their use."""
    return tuple(name for name, row in NAMESPACES.items() if row.needs is None or row.needs in components)
