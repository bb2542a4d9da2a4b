"""The way in: kinds, controller, identity, limits, login, gateway, edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output, Resource

from components.core.names import role_arn
from components.edge.edge import Edge, EdgeArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gateway.controller import GatewayController, GatewayControllerArgs
from components.gateway.gateway import Gateway, GatewayArgs
from components.gateway.secrets import key_name
from components.gateway.spec import Callers, Page
from components.gateway.tenants import TenantKeys, TenantKeysArgs
from components.gateway_api.gateway_api import GatewayApi, GatewayApiArgs
from components.identity_provider.cognito import Cognito, CognitoArgs
from components.identity_provider.render import external_callers, external_login
from components.identity_provider.spec import CognitoSpec
from components.identity_provider.spec import Login as Provider
from components.login.login import Login, LoginArgs
from components.login.spec import PORT as LOGIN_PORT
from components.login.spec import SERVICE as LOGIN_SERVICE
from components.prometheus.pods import GRAFANA_SERVICE
from components.rate_limit.rate_limit import RateLimit, RateLimitArgs
from components.tenants.access import reader_trust
from stacks.catalogue import access, declared_catalogue
from stacks.config import PlatformConfig
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.ground import Ground
from stacks.layers.observability import Observability
from stacks.parts import tenants_with_agents

GRAFANA_PORT = 80
KAGENT_UI = "kagent-ui"
KAGENT_UI_PORT = 8080


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """How clients reach the stack; None and empty where it has no gateway."""

    gateway: Gateway | None = None
    token_endpoint: str | None = None
    client_ids: Mapping[str, Output[str]]
    edge_domain: Output[str] | None = None
    keys: Mapping[str, tuple[Resource, ...]]
    """By tenant: the Secret with its key. Whoever runs for a tenant and asks models waits for it."""

    @property
    def ready(self) -> tuple[Resource, ...]:
        """What waits for routes to exist waits for this."""
        return () if self.gateway is None else self.gateway.ready


def public_url(config: PlatformConfig, way_in: WayIn) -> str | None:
    """Where clients outside the cluster ask; None where there is no gateway."""
    if way_in.gateway is None:
        return None
    # Behind CloudFront the gateway's own name is the origin's, which takes nobody else.
    return f"https://{config.edge.host}" if way_in.edge_domain is not None else way_in.gateway.url


@dataclass(frozen=True, kw_only=True)
class _Identity:
    callers: Callers
    login: Provider | None
    token_endpoint: str | None
    client_ids: Mapping[str, Output[str]]
    ready: tuple[Resource, ...]


def gateway(
    ground: Ground,
    controllers: Controllers,
    stores: Data,
    watching: Observability,
    *,
    placed: tuple[Resource, ...],
    scalers: tuple[Resource, ...],
) -> WayIn:
    """The gateway, closed before it is routed; `placed` is what its pods wait for, `scalers` who scales them."""
    if "gateway" not in ground.parts:
        return WayIn(client_ids={}, keys={})
    config = ground.config
    spec = config.gateway
    kinds = GatewayApi(
        "gateway-api", GatewayApiArgs(inference_pools=spec.inference_pools), opts=ground.kubernetes
    )
    controller = GatewayController(
        "gateway-controller",
        GatewayControllerArgs(
            spec=spec,
            namespace=ground.namespaces["agentgateway-system"],
            after=(*placed, *kinds.ready, *ground.monitors),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )
    identity = _identity(ground)
    limits = _rate_limit(ground, stores, placed=placed)
    login, pages = _login(ground, controllers, identity, placed=placed)
    made = Gateway(
        "gateway",
        GatewayArgs(
            place=ground.place,
            spec=spec,
            namespaces=ground.namespaces,
            callers=identity.callers,
            access=access(config),
            catalogue=declared_catalogue(config),
            pages=pages,
            counting=config.rate_limit if "rate_limit" in ground.parts else None,
            agents="kagent" in ground.parts,
            user_claim=config.kagent.user_claim,
            tenants_with_agents=tenants_with_agents(config),
            collector="otel" in ground.parts,
            keda_prometheus=(
                watching.prometheus.url if "keda" in ground.parts and watching.prometheus else None
            ),
            auto_mode=config.compute.mode == "auto",
            prefix_lists=(
                (config.edge.prefix_list_id,) if "edge" in ground.parts and config.edge.prefix_list_id else ()
            ),
            after=(
                *controller.ready,
                *controllers.certificates,
                *controllers.load_balancers,
                *controllers.secrets,
                *limits,
                *login,
                *scalers,
            ),
            monitored=ground.monitored,
            protect=ground.protect,
        ),
        opts=ground.both,
    )
    return WayIn(
        gateway=made,
        token_endpoint=identity.token_endpoint,
        client_ids=identity.client_ids,
        edge_domain=_edge(ground),
        keys=_keys(ground, controllers),
    )


def _keys(ground: Ground, controllers: Controllers) -> Mapping[str, tuple[Resource, ...]]:
    return TenantKeys(
        "tenant-keys",
        TenantKeysArgs(
            place=ground.place,
            namespaces=ground.tenants,
            reader_trust=reader_trust(ground.place, role_arn(ground.place, EXTERNAL_SECRETS_PURPOSE)),
            keys={tenant: controllers.tenants_secrets[key_name(tenant)] for tenant in ground.config.tenants},
            after=controllers.store,
        ),
        opts=ground.both,
    ).ready


def _identity(ground: Ground) -> _Identity:
    config, spec = ground.config, ground.config.identity
    if isinstance(spec, CognitoSpec):
        made = Cognito(
            "identity",
            CognitoArgs(
                place=ground.place,
                spec=spec,
                tenants={name: tenant.client_ids for name, tenant in config.tenants.items()},
                login_host=config.gateway.ui.host("login") if config.gateway.ui else None,
                page_groups=tuple(config.login.allowed_groups),
                protect=ground.protect,
            ),
            opts=ground.aws,
        )
        return _Identity(
            callers=made.callers,
            login=made.login,
            token_endpoint=made.token_endpoint,
            client_ids=made.client_ids,
            ready=made.ready,
        )
    arns = {name: secret.arn for name, secret in config.secrets.items()}
    return _Identity(
        callers=external_callers(spec, config.tenants),
        login=external_login(spec, arns),
        token_endpoint=None,
        client_ids={},
        ready=(),
    )


def _rate_limit(ground: Ground, stores: Data, *, placed: tuple[Resource, ...]) -> tuple[Resource, ...]:
    if "rate_limit" not in ground.parts:
        return ()
    return RateLimit(
        "rate-limit",
        RateLimitArgs(
            spec=ground.config.rate_limit,
            tiers=ground.config.gateway.tiers,
            namespace=ground.namespaces["ai-gateway"],
            cache_authority="valkey" in ground.parts,
            after=(*placed, *stores.caches.get("ratelimit", ()), *ground.monitors),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    ).ready


def _login(
    ground: Ground, controllers: Controllers, identity: _Identity, *, placed: tuple[Resource, ...]
) -> tuple[tuple[Resource, ...], tuple[Page, ...]]:
    ui = ground.config.gateway.ui
    if "login" not in ground.parts or ui is None or identity.login is None:
        return (), ()
    made = Login(
        "login",
        LoginArgs(
            spec=ground.config.login,
            ui=ui,
            provider=identity.login,
            namespace=ground.namespaces["ai-gateway"],
            after=(*placed, *controllers.secrets, *identity.ready, *ground.monitors),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )
    pages = [
        Page(
            name="login",
            host=ui.host("login"),
            namespace="ai-gateway",
            service=LOGIN_SERVICE,
            port=LOGIN_PORT,
            behind_login=False,
        )
    ]
    if ui.grafana and "prometheus" in ground.parts:
        pages.append(
            Page(
                name="grafana",
                host=ui.host("grafana"),
                namespace="observability",
                service=GRAFANA_SERVICE,
                port=GRAFANA_PORT,
            )
        )
    if ui.agents and "kagent" in ground.parts:
        pages.append(
            Page(
                # Not `agents`: the route to agents themselves is called so.
                name="agents-ui",
                host=ui.host("agents"),
                namespace="ai-agents",
                service=KAGENT_UI,
                port=KAGENT_UI_PORT,
            )
        )
    return made.ready, tuple(pages)


def _edge(ground: Ground) -> Output[str] | None:
    config = ground.config
    if "edge" not in ground.parts or config.gateway.host is None:
        return None
    return Edge(
        "edge",
        EdgeArgs(
            place=ground.place,
            spec=config.edge,
            origin=config.gateway.host,
            allowed_origins=config.gateway.allowed_origins,
        ),
        opts=ground.aws,
    ).domain
