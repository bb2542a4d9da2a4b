"""Every rule the platform has, and those of one stack."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from components.alerts.agents import agents
from components.alerts.collectors import COLLECTORS
from components.alerts.compute import COMPUTE, GPUS
from components.alerts.costs import INFRASTRUCTURE_COSTS, costs, price_list
from components.alerts.platform import BACKUPS, CREDENTIALS, capacity
from components.alerts.rules import Alert, Group, alerts
from components.alerts.services import services
from components.alerts.spec import AlertsSpec
from components.alerts.stores import STORES
from components.core.faults import Fault
from components.prices.catalogue import Price


def catalogue(spec: AlertsSpec, prices: Sequence[Price] = ()) -> tuple[Group, ...]:
    """Every group, whatever is installed."""
    return (
        agents(spec),
        price_list(prices),
        costs(spec),
        INFRASTRUCTURE_COSTS,
        COMPUTE,
        GPUS,
        CREDENTIALS,
        capacity(spec),
        services(spec),
        STORES,
        COLLECTORS,
        BACKUPS,
    )


def in_stack(spec: AlertsSpec, parts: Collection[str], prices: Sequence[Price] = ()) -> tuple[Group, ...]:
    """The groups that a stack with these parts has: only rules whose series exist, and none that is unwanted."""
    kept = (_wanted(group.within(parts), spec.off) for group in catalogue(spec, prices))
    return tuple(group for group in kept if group.rules)


def _wanted(group: Group, off: Collection[str]) -> Group:
    rules = tuple(rule for rule in group.rules if not (isinstance(rule, Alert) and rule.name in off))
    return Group(name=group.name, rules=rules, interval=group.interval)


def alert_faults(spec: AlertsSpec) -> list[Fault]:
    """What is switched off exists: a misspelt name would leave the alert on."""
    known = {alert.name for alert in alerts(catalogue(spec))}
    return [
        Fault(
            "observability.alerts.off",
            f"{name} is no alert of the platform",
            f"name one of {', '.join(sorted(known))}",
        )
        for name in sorted(spec.off - known)
    ]
