"""The platform's rules in the cluster: one object for each group, so that a change shows which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.alerts.catalogue import in_stack
from components.alerts.costs import notices
from components.alerts.render import GROUP_PREFIX, rule_file
from components.alerts.rules import alerts
from components.alerts.spec import AlertsSpec
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.prices.catalogue import Price


@dataclass(frozen=True, kw_only=True)
class AlertsArgs:
    """What the rules need to know."""

    spec: AlertsSpec
    namespace: Input[str]
    parts: Collection[str]
    """The parts that the stack has: a rule about another would never be true, and would look like safety."""
    prices: Sequence[Price] = ()
    after: tuple[Resource, ...]
    """The definition of PrometheusRule, and the operator whose webhook reads rules before they are stored."""


class Alerts(ComponentResource):
    """A stack in which somebody is called for what is installed, and for nothing that is not."""

    names: tuple[str, ...]
    """The alerts that are on."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: AlertsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:alerts:Alerts", name, None, opts)
        groups = in_stack(args.spec, args.parts, args.prices)
        self.ready = tuple(
            CustomResource(
                f"{name}-{group.name}",
                api_version="monitoring.coreos.com/v1",
                kind="PrometheusRule",
                metadata={
                    "name": f"{GROUP_PREFIX}{group.name}",
                    "namespace": args.namespace,
                    "labels": {**managed_labels("alerts"), **MONITOR_LABELS},
                    **notices(group, args.prices),
                },
                spec=rule_file(args.spec, [group]),
                opts=ResourceOptions(parent=self, depends_on=list(args.after)),
            )
            for group in groups
        )
        self.names = tuple(alert.name for alert in alerts(groups))
        self.register_outputs({"names": list(self.names)})
