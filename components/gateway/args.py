"""What the gateway needs to know of everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.labels import managed_labels
from components.gateway.names import GATEWAY, NAMESPACE
from components.gateway.routes import routes_in_force
from components.gateway.spec import Access, Callers, Catalogue, GatewaySpec, Page, PoolBackend, Route
from components.rate_limit.spec import RateLimitSpec


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """What the gateway needs to know of everybody else."""

    place: Place
    spec: GatewaySpec
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
    user_claim: str = "sub"
    """The claim of a person's token that kagent keeps sessions under."""
    tenants_with_agents: tuple[str, ...] = ()
    """Each has a controller of its own."""
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

    @property
    def pools(self) -> tuple[PoolBackend, ...]:
        """The backends that a picker chooses among."""
        return tuple(one for one in self.catalogue.backends if isinstance(one, PoolBackend))

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of models, those that the stack writes in their place."""
        return routes_in_force(self.spec, self.catalogue)


@dataclass(frozen=True)
class Maker:
    """Makes the gateway's custom resources: named after kind and object, in a namespace as an output."""

    name: str
    args: GatewayArgs
    parent: Resource

    def make(
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
        """One object; `namespace` None is a kind that has none."""
        where: dict[str, Any] = {} if namespace is None else {"namespace": self.args.namespaces[namespace]}
        place = "" if namespace in {None, NAMESPACE} else f"-{namespace}"
        return CustomResource(
            f"{self.name}-{kind.lower()}-{name}{place}",
            api_version=api_version,
            kind=kind,
            metadata={"name": name, "labels": {**managed_labels(GATEWAY), **(labels or {})}, **where},
            spec=dict(spec),
            opts=ResourceOptions(parent=self.parent, depends_on=list(after)),
        )
