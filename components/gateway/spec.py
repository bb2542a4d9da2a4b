"""What may be said about the gateway, and the data by which others give it models to route to."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.charts.pods import ContainerResources
from components.core.spec import DnsLabel, HostName, ModelName, Spec
from components.gateway.callers import PLATFORM, Access, Callers
from components.gateway.catalogue import (
    Backend,
    Catalogue,
    Page,
    PoolBackend,
    RelayBackend,
    Route,
    SecretKey,
    Selection,
    ServiceBackend,
    Variant,
)
from components.gateway.limits import LocalLimits, StreamSpec, TenantLimits, TierSpec
from components.gateway.variants import VariantSpec, not_a_whole

__all__ = [
    "PLATFORM",
    "Access",
    "Backend",
    "Callers",
    "Catalogue",
    "GatewaySpec",
    "LocalLimits",
    "Page",
    "PoolBackend",
    "RelayBackend",
    "Route",
    "RouteSpec",
    "SecretKey",
    "Selection",
    "ServiceBackend",
    "StreamSpec",
    "TenantLimits",
    "TierSpec",
    "Variant",
    "VariantSpec",
]

"""What a client writes as `model`: it becomes a header's value and part of an object's name."""

CERTIFICATE_ARN = r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-f0-9-]+$"
CertificateArn = Annotated[str, StringConstraints(pattern=CERTIFICATE_ARN)]
PrefixListId = Annotated[str, StringConstraints(pattern=r"^pl-[0-9a-f]{8,17}$")]


def _block(value: str) -> str:
    try:
        ipaddress.IPv4Network(value)
    except ValueError as error:
        raise ValueError(
            f"{value!r} is not an IPv4 block: {error}; write for example 203.0.113.0/24"
        ) from None
    return value


Block = Annotated[str, AfterValidator(_block)]


class RouteSpec(Spec):
    """Who answers to one public model name; it replaces the catalogue's own route of that name."""

    backends: dict[DnsLabel, int] = Field(
        min_length=1,
        max_length=8,
        description=(
            "Backend by name to its share in per cent. Shares are not negative and sum to 100; a canary is "
            "a second backend with a small share, and promoting it is a change of the two numbers."
        ),
    )
    fallbacks: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=7,
        description="Backends to try, in this order, while those above answer 429 or 5xx or not at all.",
    )

    variants: dict[DnsLabel, VariantSpec] = Field(
        default_factory=dict,
        max_length=8,
        description="Other shares by name, for callers who ask for them or for tenants: A/B tests.",
    )

    @model_validator(mode="after")
    def _shares_make_a_whole(self) -> Self:
        fault = not_a_whole(self.backends)
        if fault:
            raise ValueError(fault)
        twice = sorted(set(self.fallbacks) & set(self.backends)) or sorted(
            {name for name in self.fallbacks if self.fallbacks.count(name) > 1}
        )
        if twice:
            raise ValueError(f"{', '.join(twice)} is named twice; a fallback is another backend, named once")
        return self


class ProxySpec(Spec):
    """How much gateway there is."""

    replicas: int = Field(
        default=3, ge=1, le=50, description="Proxies at least; three are one for each zone."
    )
    max_replicas: int = Field(default=12, ge=1, le=200, description="Proxies at most.")
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="200m", memory="256Mi", cpu_limit="1", memory_limit="512Mi"),
        description="Of each proxy; memory grows with streams and with `max_body_mib`.",
    )
    max_body_mib: int = Field(
        default=16,
        ge=1,
        le=256,
        description="The largest request in MiB: it is held in memory to read the model's name from it.",
    )

    @model_validator(mode="after")
    def _can_scale(self) -> Self:
        if self.max_replicas < self.replicas:
            raise ValueError(f"max_replicas {self.max_replicas} is below replicas {self.replicas}; raise it")
        return self


class LoadBalancerSpec(Spec):
    """Who can reach the gateway from outside the cluster."""

    scheme: Literal["internal", "internet-facing"] = Field(
        default="internal", description="Addresses of the VPC only, or of the Internet."
    )
    source_ranges: list[Block] = Field(
        default_factory=list[str],
        max_length=50,
        description="Blocks that may connect. Internal: the VPC where empty. Internet-facing: must be written.",
    )
    certificate_arn: CertificateArn | None = Field(
        default=None,
        description=(
            "A certificate of ACM that the load balancer shows; what passes is encrypted anew to the proxies. "
            "None: the proxies' own certificate is shown."
        ),
    )


class UiSpec(Spec):
    """Pages for people, each under its own name below `domain`, all of them behind one login."""

    domain: HostName = Field(
        description="login.<domain>, grafana.<domain> and agents.<domain> are made of it."
    )
    grafana: bool = Field(default=True, description="Show Grafana, where it is installed.")
    agents: bool = Field(default=True, description="Show kagent's UI, where it is installed.")

    def host(self, page: str) -> str:
        """The name of one page."""
        return f"{page}.{self.domain}"


class GrpcRouteSpec(Spec):
    """A gRPC service of the cluster, for callers with a token."""

    grpc_service: str = Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$", description="The service by its full name: package.Service."
    )
    service: DnsLabel = Field(description="The Kubernetes Service that answers.")
    namespace: Literal["ai-agents", "ai-inference"] = Field(description="Where that Service is.")
    port: int = Field(
        ge=1, le=65535, description="Its port; its pods listen on 8000 or 8080, which policies open."
    )


class GatewaySpec(Spec):
    """The gateway: names, way in, limits, routes."""

    enabled: bool = Field(
        default=True,
        description="Install the gateway, where it has a host; without it nobody outside gets in.",
    )
    host: HostName | None = Field(
        default=None,
        description="The name under which clients reach models and agents. None: there is no gateway.",
    )
    load_balancer: LoadBalancerSpec = Field(
        default_factory=LoadBalancerSpec, description="Who can reach it from outside the cluster."
    )
    issuer: DnsLabel | None = Field(
        default=None,
        description=(
            "The ClusterIssuer that signs the proxies' certificate. None: an authority made in the namespace, "
            "which only callers that are given its certificate trust."
        ),
    )
    proxy: ProxySpec = Field(default_factory=ProxySpec, description="How much gateway there is.")
    controller_replicas: int = Field(
        default=2, ge=1, le=3, description="Pods of the controller; proxies keep working while it is away."
    )
    streams: StreamSpec = Field(default_factory=StreamSpec, description="How long an answer may take.")
    tiers: dict[DnsLabel, TierSpec] = Field(
        default_factory=lambda: {"standard": TierSpec()},
        min_length=1,
        max_length=16,
        description="Limits by tenant tier; every tier that a tenant has is one of them.",
    )
    platform_tier: DnsLabel = Field(
        default="standard", description="The tier of the platform's own agents; one of `tiers`."
    )
    routes: dict[ModelName, RouteSpec] = Field(
        default_factory=dict,
        max_length=64,
        description="Public model names routed otherwise than their part of the catalogue says.",
    )
    grpc_routes: dict[DnsLabel, GrpcRouteSpec] = Field(
        default_factory=dict, max_length=16, description="gRPC services by route name."
    )
    allowed_origins: list[str] = Field(
        default_factory=list[str],
        max_length=32,
        description="Browser pages that may call the API, as https://host: scheme and host, no path.",
    )
    inference_pools: bool = Field(
        default=False,
        description=(
            "Let an endpoint picker choose among replicas of a model by queue and cache. For one or two "
            "replicas a Service is enough."
        ),
    )
    ui: UiSpec | None = Field(default=None, description="Pages for people; None: none are shown.")

    @property
    def installed(self) -> bool:
        """Whether the stack has a gateway: a certificate and a listener are for a name."""
        return self.enabled and self.host is not None

    @property
    def target_in_flight(self) -> int:
        """Requests in flight per proxy that scaling aims at."""
        return max(tier.local.soft for tier in self.tiers.values())

    @model_validator(mode="after")
    def _has_the_platforms_tier(self) -> Self:
        if self.platform_tier not in self.tiers:
            raise ValueError(
                f"platform_tier is {self.platform_tier!r}; tiers are {', '.join(sorted(self.tiers))}; name one"
            )
        return self

    @model_validator(mode="after")
    def _origins_are_origins(self) -> Self:
        odd = [
            origin
            for origin in self.allowed_origins
            if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]+)?", origin)
        ]
        if odd:
            raise ValueError(
                f"allowed_origins: {', '.join(odd)} is not an https origin; write https://app.example.com, "
                "without path and without *"
            )
        return self
