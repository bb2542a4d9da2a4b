"""The Gateway with everything that stands before and behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Service

from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import managed_labels
from components.gateway import listeners, policies
from components.gateway.access import invoke_models
from components.gateway.backends import home, pool_spec
from components.gateway.frontend import frontend
from components.gateway.names import (
    AGENTGATEWAY,
    AGENTGATEWAY_GROUP,
    CONTROLLER_NAME,
    GATEWAY,
    GATEWAY_API,
    GATEWAY_CLASS,
    GATEWAY_GROUP,
    INFERENCE,
    INTERNAL_PORT,
    INTERNAL_SERVICE,
    INTERNAL_URL,
    NAMESPACE,
    POD_LABELS,
)
from components.gateway.pages import behind_login, stripped
from components.gateway.pickers import EndpointPicker
from components.gateway.routes import (
    AGENTS,
    AGENTS_PREFIX,
    MODELS,
    Routed,
    Target,
    agents_route,
    backend_objects,
    grants,
    grpc_routes,
    listing_route,
    model_routes,
    page_route,
    redirect_route,
    routes_in_force,
)
from components.gateway.secrets import AGENTS_NAMESPACE, accepted_keys
from components.gateway.spec import PLATFORM, Access, Callers, Catalogue, GatewaySpec, Page, PoolBackend
from components.rate_limit.spec import RateLimitSpec
from components.secrets.spec import EXTERNAL_SECRETS

CERT_MANAGER = "cert-manager.io/v1"
CLASSES: Mapping[bool, str] = {True: "eks.amazonaws.com/nlb", False: "service.k8s.aws/nlb"}
"""Who makes the load balancer, by whether AWS runs the nodes."""

COLLECTOR = Target("observability", "", "Service", "otel-collector", 4317)
KAGENT = Target(AGENTS_NAMESPACE, "", "Service", "kagent-controller", 8083)


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """What the gateway needs to know of everybody else."""

    place: Place
    spec: GatewaySpec
    cluster_name: Input[str]
    namespaces: Mapping[str, Input[str]]
    """Of the gateway and of everything it refers to, by name."""
    callers: Callers
    access: Mapping[str, Access]
    """By tenant."""
    catalogue: Catalogue = field(default_factory=Catalogue)
    pages: tuple[Page, ...] = ()
    """With the login among them where there are others."""
    counting: RateLimitSpec | None = None
    """The rate-limit service, where it is installed."""
    agents: bool = False
    """Whether kagent is there to answer for agents."""
    collector: bool = False
    """Whether the collectors are there to take traces."""
    keda_prometheus: str | None = None
    """Prometheus' address where KEDA scales proxies by requests in flight; None: by CPU, without either."""
    auto_mode: bool = False
    prefix_lists: tuple[str, ...] = ()
    """Whose addresses may connect besides the source ranges: CloudFront's, where there is an edge."""
    after: tuple[Resource, ...]
    """The controller's release, cert-manager's, the load balancer controller's, and the credentials."""
    monitored: bool = False
    protect: bool = False


class Gateway(ComponentResource):
    """The one way in: closed to whoever is not known, and only then routed."""

    url: str
    """Where clients reach models and agents: OpenAI's API below `/v1`."""
    internal_url: str
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: GatewayArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gateway:Gateway", name, None, opts)
        if args.spec.host is None:
            raise ValueError(f"{name}: gateway.host is missing")
        guarded = [page.name for page in args.pages if page.behind_login]
        if guarded and len(guarded) == len(args.pages):
            raise ValueError(f"{name}: {guarded[0]} is behind a login, and no page is the login")
        self._name, self._args = name, args
        self.url, self.internal_url = f"https://{args.spec.host}", INTERNAL_URL
        self._everybody = {PLATFORM: Access(tier=args.spec.platform_tier), **args.access}
        gateway = self._gateway(args.spec.host, self._identity())
        # Policies before routes: a route without its policy answers everybody.
        closed = [gateway, *self._policies(gateway)]
        routed = self._routes(closed)
        self.ready = (*closed, *routed)
        self.register_outputs({"url": self.url, "internal_url": self.internal_url})

    def _identity(self) -> tuple[Resource, ...]:
        statement = invoke_models(self._args.place, self._args.catalogue)
        if statement is None:
            return ()
        return PodIdentityRole(
            self._name,
            PodIdentityRoleArgs(
                place=self._args.place,
                purpose="gateway-models",
                namespace=self._args.namespaces[NAMESPACE],
                service_account=GATEWAY,
                policies={"invoke": statement},
                cluster_name=self._args.cluster_name,
            ),
            opts=ResourceOptions(parent=self),
        ).ready

    def _gateway(self, host: str, identity: tuple[Resource, ...]) -> Resource:
        args = self._args
        hosts = [host, *(page.host for page in args.pages)]
        shown = self._certificate(hosts)
        kind = self._object(
            GATEWAY_API,
            "GatewayClass",
            GATEWAY_CLASS,
            {"controllerName": CONTROLLER_NAME},
            args.after,
            namespace=None,
        )
        parameters = self._object(
            AGENTGATEWAY,
            "AgentgatewayParameters",
            listeners.PARAMETERS,
            listeners.parameters(
                args.spec,
                load_balancer_class=CLASSES[args.auto_mode],
                hosts=hosts,
                prefix_lists=args.prefix_lists,
                protect=args.protect,
                scaled_elsewhere=args.keda_prometheus is not None,
            ),
            args.after,
        )
        gateway = self._object(
            GATEWAY_API,
            "Gateway",
            GATEWAY,
            listeners.gateway(host, {page.name: page.host for page in args.pages}),
            [*args.after, *identity, kind, parameters, shown],
        )
        Service(
            f"{self._name}-internal",
            metadata={
                "name": INTERNAL_SERVICE,
                "namespace": args.namespaces[NAMESPACE],
                "labels": managed_labels(GATEWAY),
            },
            spec={
                "selector": POD_LABELS,
                "ports": [{"name": "http", "port": INTERNAL_PORT, "target_port": INTERNAL_PORT}],
            },
            opts=ResourceOptions(parent=self, depends_on=[gateway]),
        )
        self._watched(gateway)
        return gateway

    def _certificate(self, hosts: list[str]) -> Resource:
        before: list[Resource] = list(self._args.after)
        if self._args.spec.issuer is None:
            for (kind, name), spec in listeners.authority().items():
                before.append(self._object(CERT_MANAGER, kind, name, spec, before))
        return self._object(
            CERT_MANAGER, "Certificate", GATEWAY, listeners.certificate(hosts, self._args.spec.issuer), before
        )

    def _watched(self, gateway: Resource) -> None:
        args = self._args
        if args.keda_prometheus is not None:
            self._object(
                "keda.sh/v1alpha1",
                "ScaledObject",
                GATEWAY,
                listeners.scaled_object(args.spec, prometheus=args.keda_prometheus),
                [gateway],
            )
        if args.monitored:
            self._object(
                "monitoring.coreos.com/v1",
                "PodMonitor",
                GATEWAY,
                {
                    "selector": {"matchLabels": POD_LABELS},
                    "podMetricsEndpoints": [{"port": "metrics", "interval": "30s"}],
                },
                [gateway],
                labels=MONITOR_LABELS,
            )

    def _policies(self, gateway: Resource) -> list[Resource]:
        args = self._args
        keys = [
            self._object(EXTERNAL_SECRETS, "ExternalSecret", name, spec, args.after)
            for name, spec in accepted_keys(args.place, self._everybody).items()
        ]
        jwks = self._object(
            AGENTGATEWAY,
            "AgentgatewayBackend",
            policies.JWKS,
            {"static": {"host": args.callers.jwks_host, "port": 443}, "policies": {"tls": {}}},
            args.after,
        )
        models = tuple((route.model, route.owned_by) for route in self._model_routes())
        collector = COLLECTOR.reference if args.collector else None
        made: dict[str, dict[str, Any]] = {
            "identity": policies.identity(args.spec, args.callers, args.access),
            "internal-identity": policies.internal_identity(self._everybody),
            "limits": policies.limits(args.spec, self._everybody, args.counting),
            "frontend": frontend(args.spec, collector=collector),
            "model-list": policies.model_listing(MODELS, models, self._everybody),
        }
        if args.counting is None:
            named = [routed.name for routed in model_routes(args.spec, args.catalogue)]
            if named:
                made["local-tokens"] = policies.local_tokens(args.spec, named)
        if args.agents:
            made["own-agents"] = policies.own_agents(AGENTS, AGENTS_PREFIX, AGENTS_NAMESPACE)
        for routed in model_routes(args.spec, args.catalogue):
            if routed.attempts:
                made[f"retry-{routed.name}"] = policies.retries(routed.name, routed.attempts)
        guarded = [page for page in args.pages if page.behind_login]
        for login in (page for page in args.pages if not page.behind_login and guarded):
            made |= {"pages": stripped(guarded), "pages-login": behind_login(guarded, login)}
        return [
            jwks,
            *(
                self._object(AGENTGATEWAY, "AgentgatewayPolicy", name, spec, [gateway, jwks, *keys])
                for name, spec in made.items()
            ),
        ]

    def _routes(self, closed: list[Resource]) -> list[Resource]:
        args = self._args
        backends = [
            self._object(AGENTGATEWAY, "AgentgatewayBackend", name, spec, args.after, namespace=namespace)
            for (namespace, name), spec in backend_objects(args.catalogue, self._model_routes()).items()
        ]
        backends += [picker for pool in self._pools() for picker in self._picker(pool)]
        backends += [
            self._object(
                INFERENCE, "InferencePool", one.pool, pool_spec(one), args.after, namespace=home(one)
            )
            for one in self._pools()
        ]
        http = [redirect_route(), listing_route(), *model_routes(args.spec, args.catalogue)]
        if args.agents:
            http.append(agents_route(args.spec, KAGENT))
        http += [
            page_route(
                page.name,
                page.name,
                page.host,
                Target(page.namespace, "", "Service", page.service, page.port),
            )
            for page in args.pages
        ]
        grpc = grpc_routes(args.spec)
        granted = [
            self._object(GATEWAY_API, "ReferenceGrant", GATEWAY, spec, args.after, namespace=namespace)
            for namespace, spec in grants(self._uses(http, grpc)).items()
        ]
        before = [*closed, *backends, *granted]
        return [
            *granted,
            *(self._object(GATEWAY_API, "HTTPRoute", route.name, route.spec, before) for route in http),
            *(self._object(GATEWAY_API, "GRPCRoute", route.name, route.spec, before) for route in grpc),
        ]

    def _uses(self, http: Iterable[Routed], grpc: Iterable[Routed]) -> Iterable[tuple[str, str, Target]]:
        yield from ((GATEWAY_GROUP, "HTTPRoute", target) for route in http for target in route.targets)
        yield from ((GATEWAY_GROUP, "GRPCRoute", target) for route in grpc for target in route.targets)
        if self._args.collector:
            yield AGENTGATEWAY_GROUP, "AgentgatewayPolicy", COLLECTOR

    def _picker(self, pool: PoolBackend) -> tuple[Resource, ...]:
        if pool.picker is not None:
            return ()
        return EndpointPicker(
            f"{self._name}-{pool.picker_service}",
            pool,
            self._args.namespaces[pool.namespace],
            self._args.after,
            opts=ResourceOptions(parent=self),
        ).ready

    def _pools(self) -> tuple[PoolBackend, ...]:
        return tuple(one for one in self._args.catalogue.backends if isinstance(one, PoolBackend))

    def _model_routes(self) -> tuple[Any, ...]:
        return routes_in_force(self._args.spec, self._args.catalogue)

    def _object(
        self,
        api_version: str,
        kind: str,
        name: str,
        spec: Mapping[str, Any],
        after: Iterable[Resource],
        *,
        namespace: str | None = NAMESPACE,
        labels: Mapping[str, str] | None = None,
    ) -> Resource:
        where: dict[str, Any] = {} if namespace is None else {"namespace": self._args.namespaces[namespace]}
        place = "" if namespace in {None, NAMESPACE} else f"-{namespace}"
        return CustomResource(
            f"{self._name}-{kind.lower()}-{name}{place}",
            api_version=api_version,
            kind=kind,
            metadata={"name": name, "labels": {**managed_labels(GATEWAY), **(labels or {})}, **where},
            spec=dict(spec),
            opts=ResourceOptions(parent=self, depends_on=list(after)),
        )
