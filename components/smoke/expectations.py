"""What a tenant's pod may reach and what not: asked of the policies that the cluster gets, not written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from components.charts.pods import PodClass, Workload
from components.core.labels import TENANT_LABEL
from components.isolation.ends import DNS, METADATA, Flow, Port
from components.isolation.reachability import Outside, Party, PodParty, Policy, reaches
from components.isolation.render import KUBE_DNS, policies, tenant_policies
from components.isolation.surroundings import NODE_TIER, Surroundings
from components.smoke.names import LABELS, OTHER, OWN, PORT

Verdict = Literal["allowed", "denied"]


@dataclass(frozen=True, order=True, kw_only=True)
class Expectation:
    """One connection, and what has to become of it."""

    name: str
    port: int
    expected: Verdict
    namespace: str = ""
    """Of pods; empty where `address` says where."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    address: str = ""

    def document(self) -> dict[str, Any]:
        """For the ConfigMap."""
        return {**asdict(self), "labels": dict(self.labels)}


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """Those that can be told, and the names of those that cannot."""

    known: tuple[Expectation, ...]
    unknown: tuple[str, ...]


def expectations(
    tenants: tuple[str, str],
    pods: Iterable[PodClass],
    flows: Iterable[Flow],
    around: Surroundings,
    namespaces: Iterable[str],
) -> Expectations:
    """From a pod of the first tenant to its neighbours, the other tenant, every pod with a port, and the outside.

    Pods on every node are left out: most are on the host's network, which no policy selects.
    """
    mine, other = tenants
    table = tuple(flows)
    written = _policies(tenants, table, around, namespaces)
    source = _tenant_pod(mine, around)
    asked: list[tuple[Expectation, Party]] = []

    def add(party: Party, name: str, port: int, **where: Any) -> None:
        asked.append((Expectation(name=name, port=port, expected="denied", **where), party))

    add(_tenant_pod(mine, around), OWN, PORT, namespace=mine, labels=LABELS)
    add(_tenant_pod(other, around), OTHER, PORT, namespace=other, labels=LABELS)
    for pod in pods:
        if pod.kind not in (Workload.DEPLOYMENT, Workload.STATEFUL_SET):
            continue
        party = PodParty(
            namespace=pod.namespace, labels=pod.labels, networks=tuple(around.tiers.get(NODE_TIER, ()))
        )
        for port in pod.ports:
            if port.protocol == "TCP":
                name = f"{pod.namespace}/{pod.name} {port.name}"
                add(party, name, port.number, namespace=pod.namespace, labels=dict(pod.labels))
    add(Outside(METADATA.cidr), "instance metadata", 80, address=_host(METADATA.cidr))
    add(Outside(around.api_service), "Kubernetes API", 443, address=_host(around.api_service))
    # Its Service: what pods have as their name server.
    add(Outside(around.dns_service), "name server", DNS[1].number or 53, address=_host(around.dns_service))
    known: list[Expectation] = []
    unknown: list[str] = []
    for expectation, party in asked:
        verdict = reaches(written, source, party, Port(expectation.port))
        if verdict == "unknown":
            unknown.append(expectation.name)
        else:
            known.append(replace(expectation, expected=verdict))
    return Expectations(known=tuple(sorted(set(known))), unknown=tuple(sorted(unknown)))


def _host(cidr: str) -> str:
    return cidr.partition("/")[0]


def _tenant_pod(tenant: str, around: Surroundings) -> PodParty:
    return PodParty(
        namespace=tenant,
        labels=LABELS,
        namespace_labels={TENANT_LABEL: tenant},
        networks=tuple(around.tiers.get(NODE_TIER, ())),
    )


def _policies(
    tenants: tuple[str, str], flows: tuple[Flow, ...], around: Surroundings, namespaces: Iterable[str]
) -> tuple[Policy, ...]:
    """Of the two tenants and of the platform's namespaces, as they are rendered for the cluster."""
    return (
        *(
            Policy(namespace=tenant, spec=spec)
            for tenant in tenants
            for spec in tenant_policies(flows, around, tenant).values()
        ),
        *(
            Policy(namespace=namespace, spec=spec)
            for namespace in {*namespaces, KUBE_DNS.namespace}
            for spec in policies(namespace, flows, around).values()
        ),
    )
