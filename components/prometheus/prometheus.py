"""Prometheus, Alertmanager and Grafana, with the exporters of cluster and nodes."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import KUBE_PROMETHEUS_STACK
from components.charts.release import release
from components.prometheus.pods import NAMESPACE, PORT, RELEASE, SERVICE, replica_hosts
from components.prometheus.spec import PrometheusSpec
from components.prometheus.values import values


@dataclass(frozen=True, kw_only=True)
class PrometheusArgs:
    """What the stack needs to know; it calls no AWS service and has no role."""

    spec: PrometheusSpec
    namespace: Input[str]
    after: tuple[Resource, ...]
    """Nodes, storage class, definitions, Grafana's Secret, and the namespaces' quotas and policies."""


class Prometheus(ComponentResource):
    """A cluster whose series are kept, whose alerts are sent, and whose dashboards open."""

    url: str
    """Where queries go; a name known at plan time."""
    write_hosts: tuple[str, ...]
    """Where remote writes go: to every replica, each keeps its own copy."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: PrometheusArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:prometheus:Prometheus", name, None, opts)
        installed = release(
            RELEASE,
            KUBE_PROMETHEUS_STACK,
            namespace=args.namespace,
            values=values(args.spec),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
            # Another release owns and upgrades them.
            skip_crds=True,
        )
        self.url = f"http://{SERVICE}.{NAMESPACE}.svc:{PORT}"
        self.write_hosts = replica_hosts(args.spec)
        self.ready = (installed,)
        self.register_outputs({"release": installed.name, "url": self.url})
