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
    platform = frozenset({*namespaces, KUBE_DNS.namespace})
    written = _policies(tenants, tuple(flows), around, platform)
    source = _tenant_pod(mine, around)
    asked: list[tuple[Expectation, Party]] = []

    def add(party: Party, name: str, port: int, **where: Any) -> None:
        asked.append((Expectation(name=name, port=port, expected="denied", **where), party))

    add(_tenant_pod(mine, around), OWN, PORT, namespace=mine, labels=LABELS)
    add(_tenant_pod(other, around), OTHER, PORT, namespace=other, labels=LABELS)
    for pod in pods:
        if pod.kind not in (Workload.DEPLOYMENT, Workload.STATEFUL_SET):
            continue
        if pod.namespace not in {*platform, mine}:
            # Another tenant's: what it runs is not told here, and `OTHER` stands for all of it.
            continue
        party = _pod(pod.namespace, pod.labels, around, tenant=pod.namespace == mine)
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
    return _pod(tenant, LABELS, around, tenant=True)


def _pod(namespace: str, labels: Mapping[str, str], around: Surroundings, *, tenant: bool) -> PodParty:
    return PodParty(
        namespace=namespace,
        labels=labels,
        namespace_labels={TENANT_LABEL: namespace} if tenant else {},
        networks=tuple(around.tiers.get(NODE_TIER, ())),
    )


def _policies(
    tenants: Iterable[str], flows: tuple[Flow, ...], around: Surroundings, namespaces: Iterable[str]
) -> tuple[Policy, ...]:
    """Of the tenants and of the platform's namespaces, as they are rendered for the cluster."""
    return (
        *(
            Policy(namespace=tenant, spec=spec)
            for tenant in tenants
            for spec in tenant_policies(flows, around, tenant).values()
        ),
        *(
            Policy(namespace=namespace, spec=spec)
            for namespace in namespaces
            for spec in policies(namespace, flows, around).values()
        ),
    )
