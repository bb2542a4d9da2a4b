"""Model servers, with the identity each reads its weights by and the one thing that scales it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, CustomTimeouts, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgsDict
from pulumi_kubernetes.core.v1 import ServiceSpecArgsDict
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudgetSpecArgsDict

from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import managed_labels
from components.models.byo import external_secret, secret_names
from components.models.loading import CONFIG, CONFIG_MAP, LOADER_CONFIG, fetches
from components.models.names import PART
from components.models.policy import read_weights
from components.models.render import (
    MONITORED,
    deadline_seconds,
    deployment,
    disruption_budget,
    object_annotations,
    object_labels,
    service,
    service_monitor,
)
from components.models.scaling import API_VERSION, scaled_object
from components.models.servers import Server, all_servers, rests
from components.models.spec import ByoModel, ModelSpec, VllmModel
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class ModelsArgs:
    """What model servers need to know."""

    place: Place
    models: Mapping[str, ModelSpec]
    cluster_name: Input[str]
    namespace: Input[str]
    bucket: str | None = None
    """The platform's bucket of weights, by its name; None: every model names its own."""
    bucket_key_alias: str | None = None
    prometheus_url: str | None = None
    """Where scalers ask; None where the stack has no Prometheus: nothing is scaled then."""
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """From `routes_to`: what wakes a server that scales to zero."""
    secret_arns: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """By the names in `secrets`: for servers in images of one's own."""
    after: tuple[Resource, ...]
    """Node pools, quotas and policies, buckets, the secret store, and KEDA and the monitors where there are any."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists."""


class Models(ComponentResource):
    """Servers that hold the weights they were given, on the GPUs they were sized for."""

    urls: Mapping[str, str]
    """Server -> base URL of its API; names known at plan time."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ModelsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:models:Models", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        self._after = ResourceOptions(parent=self, depends_on=list(args.after))
        servers = all_servers(args.models)
        loader = [self._loader()] if any(fetches(server) for server in servers) else []
        made = [self._server(server, loader) for server in servers]
        if args.monitored:
            self._monitors(servers)
        self.urls = {server.name: server.url for server in servers}
        self.ready = tuple(made)
        self.register_outputs({"urls": dict(self.urls)})

    def _server(self, server: Server, loader: list[Resource]) -> Resource:
        account = k8s.core.v1.ServiceAccount(
            self._logical(server),
            metadata=self._metadata(server),
            automount_service_account_token=False,
            opts=self._child,
        )
        pods = k8s.apps.v1.Deployment(
            self._logical(server),
            metadata=self._metadata(server, annotations=object_annotations(server) | _waited_for(server)),
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast(
                "DeploymentSpecArgsDict",
                deployment(server, bucket=self._args.bucket, region=self._args.place.region),
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[
                    *self._args.after,
                    *loader,
                    account,
                    *self._identity(server),
                    *self._secrets(server),
                ],
                custom_timeouts=_timeouts(server),
            ),
        )
        k8s.core.v1.Service(
            self._logical(server),
            # A Service that may have no pods is not waited for either.
            metadata=self._metadata(server, annotations=_waited_for(server)),
            spec=cast("ServiceSpecArgsDict", service(server)),
            opts=ResourceOptions(parent=self, depends_on=[pods]),
        )
        k8s.policy.v1.PodDisruptionBudget(
            self._logical(server),
            metadata=self._metadata(server),
            spec=cast("PodDisruptionBudgetSpecArgsDict", disruption_budget(server)),
            opts=self._child,
        )
        self._scaler(server, pods)
        return pods

    def _identity(self, server: Server) -> tuple[Resource, ...]:
        if not fetches(server):
            return ()
        place = self._args.place
        rights = read_weights(place, server, bucket=self._args.bucket, key_alias=self._args.bucket_key_alias)
        # Pod Identity: the AWS CLI takes its credentials (2.15 and later), and an account needs no annotation.
        return PodIdentityRole(
            self._logical(server),
            PodIdentityRoleArgs(
                place=place,
                purpose=server.role_purpose,
                namespace=self._args.namespace,
                service_account=server.name,
                policies={"weights": rights},
                cluster_name=self._args.cluster_name,
            ),
            opts=self._child,
        ).ready

    def _secrets(self, server: Server) -> tuple[Resource, ...]:
        spec = server.spec
        if not isinstance(spec, ByoModel):
            return ()
        return tuple(
            CustomResource(
                f"{self._logical(server)}-{name}",
                api_version=EXTERNAL_SECRETS,
                kind="ExternalSecret",
                metadata=self._metadata(server, name=secret),
                spec=external_secret(secret, self._args.secret_arns[name]),
                opts=self._after,
            )
            for name, secret in zip(spec.secrets, secret_names(server), strict=True)
        )

    def _scaler(self, server: Server, pods: Resource) -> None:
        spec, url = server.spec, self._args.prometheus_url
        if not isinstance(spec, VllmModel) or spec.scaling is None or url is None:
            return
        CustomResource(
            f"{self._logical(server)}-scaler",
            api_version=API_VERSION,
            kind="ScaledObject",
            metadata=self._metadata(server),
            spec=scaled_object(
                server, spec, spec.scaling, prometheus_url=url, routes=self._args.routes.get(server.name, ())
            ),
            opts=ResourceOptions(parent=self, depends_on=[pods, *self._args.after]),
        )

    def _loader(self) -> Resource:
        return k8s.core.v1.ConfigMap(
            f"{self._name}-loader",
            metadata={
                "name": CONFIG_MAP,
                "namespace": self._args.namespace,
                "labels": managed_labels(PART),
            },
            data={CONFIG: LOADER_CONFIG},
            opts=self._child,
        )

    def _monitors(self, servers: tuple[Server, ...]) -> None:
        for engine in MONITORED:
            if any(server.spec.engine == engine for server in servers):
                CustomResource(
                    f"{self._name}-{engine}-monitor",
                    api_version="monitoring.coreos.com/v1",
                    kind="ServiceMonitor",
                    metadata={
                        "name": f"{PART}-{engine}",
                        "namespace": self._args.namespace,
                        "labels": {**managed_labels(PART), **MONITOR_LABELS},
                    },
                    spec=service_monitor(engine),
                    opts=self._after,
                )

    def _logical(self, server: Server) -> str:
        return f"{self._name}-{server.name}"

    def _metadata(
        self, server: Server, *, name: str | None = None, annotations: Mapping[str, str] | None = None
    ) -> ObjectMetaArgsDict:
        metadata: ObjectMetaArgsDict = {
            "name": name or server.name,
            "namespace": self._args.namespace,
            "labels": object_labels(server),
        }
        if annotations:
            metadata["annotations"] = dict(annotations)
        return metadata


def _waited_for(server: Server) -> dict[str, str]:
    """The provider waits for pods of a Deployment and of a Service; where there may be none it must not."""
    return {"pulumi.com/skipAwait": "true"} if rests(server) else {}


def _timeouts(server: Server) -> CustomTimeouts:
    """By default the provider gives up after ten minutes, which is before a large model has loaded."""
    limit = f"{deadline_seconds(server) * max(server.most, 1)}s"
    return CustomTimeouts(create=limit, update=limit)
