"""The service that proxies ask how much a tenant has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgsDict
from pulumi_kubernetes.core.v1 import ConfigMap, Service, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.gateway.spec import TierSpec
from components.rate_limit.render import CONFIG_FILE, HTTP_PORT, METRICS_PORT, deployment, limits
from components.rate_limit.spec import GRPC_PORT, LABELS, SERVICE, RateLimitSpec


@dataclass(frozen=True, kw_only=True)
class RateLimitArgs:
    """The limits, and where the numbers are kept."""

    spec: RateLimitSpec
    tiers: Mapping[str, TierSpec]
    namespace: Input[str]
    """The gateway's: a policy refers to a Service of its own namespace without a grant."""
    cache_authority: bool
    """Whether the cache's certificate is of an authority that only its Secret knows."""
    after: tuple[Resource, ...]
    """Nodes, quotas and policies, and the Secret with the cache's address."""
    monitored: bool = False


class RateLimit(ComponentResource):
    """Counts that are the same for every proxy and outlive each of them."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: RateLimitArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:rate_limit:RateLimit", name, None, opts)
        child = ResourceOptions(parent=self)
        metadata: ObjectMetaArgsDict = {
            "name": SERVICE,
            "namespace": args.namespace,
            "labels": {**managed_labels("gateway"), **LABELS},
        }
        configuration = limits(args.tiers)
        settings = ConfigMap(name, metadata=metadata, data={CONFIG_FILE: configuration}, opts=child)
        account = ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=child)
        pods = Deployment(
            name,
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast(
                "DeploymentSpecArgsDict",
                deployment(args.spec, configuration, cache_authority=args.cache_authority),
            ),
            # Named in the manifest, where Pulumi does not see them.
            opts=ResourceOptions(parent=self, depends_on=[*args.after, settings, account]),
        )
        Service(
            name,
            metadata=metadata,
            spec={
                "selector": dict(LABELS),
                "ports": [
                    {
                        "name": "grpc",
                        "port": GRPC_PORT,
                        "target_port": "grpc",
                        "app_protocol": "kubernetes.io/h2c",
                    },
                    {"name": "http", "port": HTTP_PORT, "target_port": "http"},
                    {"name": "metrics", "port": METRICS_PORT, "target_port": "metrics"},
                ],
            },
            opts=child,
        )
        if args.spec.replicas > 1:
            PodDisruptionBudget(
                name,
                metadata=metadata,
                spec={"max_unavailable": 1, "selector": {"match_labels": dict(LABELS)}},
                opts=child,
            )
        if args.monitored:
            CustomResource(
                f"{name}-monitor",
                api_version="monitoring.coreos.com/v1",
                kind="ServiceMonitor",
                metadata={
                    "name": SERVICE,
                    "namespace": args.namespace,
                    "labels": {**managed_labels("gateway"), **MONITOR_LABELS},
                },
                spec={
                    "selector": {"matchLabels": dict(LABELS)},
                    "endpoints": [{"port": "metrics", "interval": "30s"}],
                },
                # The kind comes with a release that `after` names.
                opts=ResourceOptions(parent=self, depends_on=list(args.after)),
            )
        self.ready = (pods,)
        self.register_outputs({})
