"""The login that the gateway asks about every request for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgsDict
from pulumi_kubernetes.core.v1 import Service, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.gateway.spec import UiSpec
from components.identity_provider.spec import Login as Provider
from components.login.render import CLIENT_SECRET, METRICS_PORT, client_secret, deployment
from components.login.spec import LABELS, PORT, SERVICE, LoginSpec
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class LoginArgs:
    """Who is asked, and for which names."""

    spec: LoginSpec
    ui: UiSpec
    provider: Provider
    namespace: Input[str]
    after: tuple[Resource, ...]
    """Nodes, quotas and policies, the credentials, and the provider."""
    monitored: bool = False


class Login(ComponentResource):
    """Pages that nobody sees who has not logged in."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: LoginArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:login:Login", name, None, opts)
        child = ResourceOptions(parent=self)
        metadata: ObjectMetaArgsDict = {
            "name": SERVICE,
            "namespace": args.namespace,
            "labels": {**managed_labels("gateway"), **LABELS},
        }
        before: list[Resource] = list(args.after)
        if args.provider.client_secret_arn:
            before.append(
                CustomResource(
                    f"{name}-client",
                    api_version=EXTERNAL_SECRETS,
                    kind="ExternalSecret",
                    metadata={**metadata, "name": CLIENT_SECRET},
                    spec=client_secret(args.provider.client_secret_arn),
                    opts=ResourceOptions(parent=self, depends_on=list(args.after)),
                )
            )
        # Named in the manifest, where Pulumi does not see it.
        before.append(
            ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=child)
        )
        made = deployment(args.spec, args.provider, host=args.ui.host("login"), domain=args.ui.domain)
        pods = Deployment(
            name,
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("DeploymentSpecArgsDict", made),
            opts=ResourceOptions(parent=self, depends_on=before),
        )
        Service(
            name,
            metadata=metadata,
            spec={
                "selector": dict(LABELS),
                "ports": [
                    {"name": "http", "port": PORT, "target_port": "http"},
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
                metadata={**metadata, "labels": {**managed_labels("gateway"), **MONITOR_LABELS}},
                spec={
                    "selector": {"matchLabels": dict(LABELS)},
                    "endpoints": [{"port": "metrics", "interval": "30s"}],
                },
                # The kind comes with a release that `after` names.
                opts=ResourceOptions(parent=self, depends_on=list(args.after)),
            )
        self.ready = (pods,)
        self.register_outputs({})
