"""Ways out of the VPC that a plan opens: who may reach public addresses, and by which doors to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from agentic.plan.model import Plan, Resource
from components.egress_proxy.doors import DOOR, NAMESPACE, SERVICE
from components.isolation.surroundings import ANYWHERE

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SERVICES = "kubernetes:core/v1:Service"


@dataclass(frozen=True, kw_only=True, order=True)
class WayOut:
    """Pods that public addresses are open to, or one door of the proxy that is."""

    who: str
    ports: str
    where: str
    """A policy knows addresses only: names are known of the proxy's doors alone."""


def ways_out(plan: Plan) -> tuple[WayOut, ...]:
    """Every way out, by who has it; tenants' policies are alike, and each of them is there."""
    found = [way for policy in plan.all(POLICY) for way in _of_policy(policy)]
    doors = [way for service in plan.all(SERVICES) for way in _of_doors(service)]
    return tuple(sorted({*found, *doors}))


def _of_policy(policy: Resource) -> Iterable[WayOut]:
    labels = cast("Mapping[str, str]", policy.section("spec", "podSelector").get("matchLabels") or {})
    pods = ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "every pod"
    who = f"{policy.section('metadata').get('namespace')}: {pods}"
    for rule in cast("Sequence[Mapping[str, Any]]", policy.section("spec").get("egress") or ()):
        peers = cast("Sequence[Mapping[str, Mapping[str, Any]]]", rule.get("to") or ())
        # A rule that names nobody is about everybody.
        if not peers or any(peer.get("ipBlock", {}).get("cidr") == ANYWHERE for peer in peers):
            ports = ", ".join(str(port.get("port", "every")) for port in rule.get("ports") or ())
            yield WayOut(who=who, ports=ports or "every", where="public addresses")


def _of_doors(service: Resource) -> Iterable[WayOut]:
    metadata = service.section("metadata")
    if (metadata.get("namespace"), metadata.get("name")) != (NAMESPACE, SERVICE):
        return
    for key, where in sorted(cast("Mapping[str, str]", metadata.get("annotations") or {}).items()):
        if key.startswith(DOOR):
            client, _, hosts = where.partition(": ")
            yield WayOut(who=f"{NAMESPACE}: door of {client}", ports=key.removeprefix(DOOR), where=hosts)
