"""The relay in the cluster: tables, servers, keys and the probe, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgsDict
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgsDict, Job
from pulumi_kubernetes.core.v1 import ConfigMap, Service, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place
from components.core.labels import managed_labels
from components.prices.spec import PricesSpec
from components.relay.batches import batch_deployment, batch_policy, batch_route, batch_window
from components.relay.config import CacheAddress, files
from components.relay.jobs import migrations_job, probe_cron, scripts, setup_job
from components.relay.names import GATEWAY_GROUP, LABELS, NAME, PART, PORT, PROBE, TENANT_KEYS_SECRET
from components.relay.pods import BATCH, MIGRATIONS, SETUP
from components.relay.render import SCRIPTS, deployment
from components.relay.secrets import readers
from components.relay.spec import RelaySpec
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class RelayArgs:
    """What the relay needs to know of everybody else."""

    place: Place
    spec: RelaySpec
    prices: PricesSpec
    tenants: tuple[str, ...]
    """The stack's; the platform's own agents need not be named."""
    namespace: Input[str]
    secret_arns: Mapping[str, str]
    """The stack's `secrets`: ARN by name."""
    cache: CacheAddress
    tenants_keys: tuple[Resource, ...] = ()
    """The Secret with everybody's keys waits for them; nothing else does, so that tenants do not wait for each other
    through the relay."""
    after: tuple[Resource, ...]
    """Nodes, quotas and policies, the credentials, the Secrets of the database and the cache; where requests may wait,
    the kinds of KEDA and of the gateway."""
    monitored: bool = False


class Relay(ComponentResource):
    """One API before every provider; nobody but the gateway gets an answer from it."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: RelayArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:relay:Relay", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        secrets = [one for name, one in self._secrets().items() if name != TENANT_KEYS_SECRET]
        account = ServiceAccount(
            name, metadata=self._metadata(NAME), automount_service_account_token=False, opts=self._child
        )
        migrated = Job(
            f"{name}-migrations",
            metadata=self._metadata(MIGRATIONS),
            spec=migrations_job(),
            # Named in the manifests, where Pulumi does not see them.
            opts=self._behind(*args.after, *secrets, account),
        )
        servers = self._servers(account, migrated, *secrets)
        self.ready = (servers, *self._jobs(servers))
        self.register_outputs({})

    def _secrets(self) -> dict[str, Resource]:
        args = self._args
        return {
            secret: CustomResource(
                f"{self._name}-{secret}",
                api_version=EXTERNAL_SECRETS,
                kind="ExternalSecret",
                metadata=self._metadata(secret),
                spec=spec,
                opts=self._behind(*args.after, *(args.tenants_keys if secret == TENANT_KEYS_SECRET else ())),
            )
            for secret, spec in readers(args.place, args.spec, args.tenants, args.secret_arns).items()
        }

    def _servers(self, *before: Resource) -> Resource:
        name, args = self._name, self._args
        text = files(args.spec, args.prices, args.cache)
        settings = ConfigMap(name, metadata=self._metadata(NAME), data=text, opts=self._child)
        servers = Deployment(
            name,
            metadata=self._metadata(NAME),
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("DeploymentSpecArgsDict", deployment(args.spec, text, args.cache)),
            opts=self._behind(settings, *before),
        )
        Service(
            name,
            metadata=self._metadata(NAME),
            spec={
                "selector": dict(LABELS),
                "ports": [{"name": "http", "port": PORT, "target_port": "http"}],
            },
            opts=self._child,
        )
        if args.spec.replicas > 1:
            PodDisruptionBudget(
                name,
                metadata=self._metadata(NAME),
                spec={"max_unavailable": 1, "selector": {"match_labels": dict(LABELS)}},
                opts=self._child,
            )
        if args.monitored:
            CustomResource(
                f"{name}-monitor",
                api_version="monitoring.coreos.com/v1",
                kind="ServiceMonitor",
                metadata=self._metadata(NAME, MONITOR_LABELS),
                spec={
                    "selector": {"matchLabels": dict(LABELS)},
                    # With the slash: without it LiteLLM redirects to its own port on the pod's address.
                    "endpoints": [{"port": "http", "path": "/metrics/", "interval": "30s"}],
                },
                # The kind comes with a release that `after` names.
                opts=self._behind(*args.after),
            )
        return servers

    def _jobs(self, servers: Resource) -> tuple[Resource, ...]:
        name, args = self._name, self._args
        told = ConfigMap(
            f"{name}-scripts",
            metadata=self._metadata(SCRIPTS),
            data=scripts(args.spec, args.tenants),
            opts=self._child,
        )
        setup = Job(
            f"{name}-setup",
            metadata=self._metadata(SETUP),
            spec=setup_job(args.spec, args.tenants),
            opts=self._behind(servers, told),
        )
        if args.spec.probe.enabled:
            CronJob(
                f"{name}-probe",
                metadata=self._metadata(PROBE),
                spec=cast("CronJobSpecArgsDict", probe_cron(args.spec)),
                opts=self._behind(setup),
            )
        if args.spec.batch.enabled:
            # Without a number of pods: that is KEDA's to say, and a second say would undo it each time.
            workers = Deployment(
                f"{name}-batch",
                metadata=self._metadata(BATCH),
                spec=cast("DeploymentSpecArgsDict", batch_deployment(args.cache)),
                opts=self._behind(setup, told),
            )
            CustomResource(
                f"{name}-batch-window",
                api_version="keda.sh/v1alpha1",
                kind="ScaledObject",
                metadata=self._metadata(BATCH),
                spec=batch_window(args.spec),
                opts=self._behind(workers),
            )
            # The policy first: a route without it would be answered 401.
            shown = CustomResource(
                f"{name}-batch-policy",
                api_version="agentgateway.dev/v1alpha1",
                kind="AgentgatewayPolicy",
                metadata=self._metadata(BATCH),
                spec=batch_policy(),
                opts=self._behind(setup),
            )
            CustomResource(
                f"{name}-batch-route",
                api_version=f"{GATEWAY_GROUP}/v1",
                kind="HTTPRoute",
                metadata=self._metadata(BATCH),
                spec=batch_route(),
                opts=self._behind(shown),
            )
        return (setup,)

    def _metadata(self, name: str, more: Mapping[str, str] | None = None) -> ObjectMetaArgsDict:
        own = dict(LABELS) if name == NAME else {}
        return {
            "name": name,
            "namespace": self._args.namespace,
            "labels": {**managed_labels(PART), **own, **(more or {})},
        }

    def _behind(self, *before: Resource) -> ResourceOptions:
        return ResourceOptions(parent=self, depends_on=list(before))
