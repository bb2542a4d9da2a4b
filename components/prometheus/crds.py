"""The kinds of the Prometheus operator, before any release that brings a ServiceMonitor."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import PROMETHEUS_OPERATOR_CRDS
from components.charts.release import release

RELEASE = "prometheus-operator-crds"


@dataclass(frozen=True, kw_only=True)
class PrometheusCrdsArgs:
    """Where Helm keeps its record; definitions themselves have no namespace and need no node."""

    namespace: Input[str]
    after: tuple[Resource, ...] = ()


class PrometheusCrds(ComponentResource):
    """A cluster that takes ServiceMonitors, whether or not a Prometheus reads them yet.

    Of its own, and not part of kube-prometheus-stack: that chart carries the definitions where Helm installs
    them once and never upgrades them, and comes long after the first charts that are monitored.
    """

    ready: tuple[Resource, ...]
    """What every monitored release depends on: with `monitored=True` and without this, it would fail."""

    def __init__(self, name: str, args: PrometheusCrdsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:prometheus:PrometheusCrds", name, None, opts)
        installed = release(
            RELEASE,
            PROMETHEUS_OPERATOR_CRDS,
            namespace=args.namespace,
            # An uninstall would delete every monitor and rule in the cluster, other people's included.
            values={"crds": {"annotations": {"helm.sh/resource-policy": "keep"}}},
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
