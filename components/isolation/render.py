"""From the table to NetworkPolicies: deny by default both ways, DNS always, every flow on both ends."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from components.core.labels import TENANT_LABEL
from components.core.names import bounded
from components.isolation.ends import (
    DNS,
    EVERY_PORT,
    TENANTS,
    End,
    Flow,
    LocalEnd,
    OwnNamespace,
    Pods,
    Port,
    TenantPods,
)
from components.isolation.surroundings import ANYWHERE, Surroundings

PolicySpec = dict[str, Any]
NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Set by the API server on every Namespace, so nobody can forget it or forge it."""

ISOLATION = "isolation"
"""The policy that selects every pod of a namespace: what makes the namespace closed."""

OWN = "own"
"""The policy with what one tenant may do beyond all tenants."""

KUBE_DNS = Pods("kube-system", {"k8s-app": "kube-dns"})
HBONE = Port(15008)
PROBES = "169.254.7.127/32"
"""Where kubelet probes come from in the ambient mesh (Istio, "Ambient and Kubernetes NetworkPolicy")."""

_NAME_LIMIT = 63
_NAME_LABEL = "app.kubernetes.io/name"


def policies(namespace: str, flows: Iterable[Flow], around: Surroundings) -> dict[str, PolicySpec]:
    """The policies of one namespace by name: `isolation` for all its pods, one for each labelled end."""
    return _policies(Pods(namespace), tuple(flows), around, in_mesh=namespace in around.mesh_namespaces)


def tenant_policies(
    flows: Iterable[Flow], around: Surroundings, tenant: str | None = None
) -> dict[str, PolicySpec]:
    """The policies of a tenant's namespace: what every tenant has, and what `tenant` alone has; no other is named.

    What all of its pods have more is in `own`: `isolation` is the same for every tenant, and policies add up.
    """
    table = tuple(flow for flow in flows if {_tenant(flow.source), _tenant(flow.target)} <= {None, tenant})
    shared = _policies(TENANTS, table, around, in_mesh=bool(around.mesh_namespaces))
    mine = TenantPods(tenant=tenant)
    if tenant is None or not any(mine in (flow.source, flow.target) for flow in table):
        return shared
    return {**shared, OWN: _policy(mine, table, around, probed=False)}


def _tenant(end: End) -> str | None:
    return end.tenant if isinstance(end, TenantPods) else None


def _policies(
    everyone: LocalEnd, flows: tuple[Flow, ...], around: Surroundings, *, in_mesh: bool
) -> dict[str, PolicySpec]:
    ends: dict[str, LocalEnd] = {ISOLATION: everyone}
    for flow in flows:
        for end in (flow.source, flow.target):
            if isinstance(end, LocalEnd) and end.labels and _same_home(end, everyone):
                ends[_policy_name(end.labels)] = end
    return {
        name: _policy(end, flows, around, probed=in_mesh and end == everyone) for name, end in ends.items()
    }


def _same_home(end: LocalEnd, everyone: LocalEnd) -> bool:
    if isinstance(everyone, TenantPods) or isinstance(end, TenantPods):
        return isinstance(everyone, TenantPods) and isinstance(end, TenantPods)
    return end.namespace == everyone.namespace


def _policy(pods: LocalEnd, flows: tuple[Flow, ...], around: Surroundings, *, probed: bool) -> PolicySpec:
    ingress = [
        {"from": _peers(flow.source, around, as_source=True), "ports": _ports(_carried(flow, around))}
        for flow in flows
        if flow.target == pods
    ]
    egress = [
        {"to": _peers(flow.target, around, as_source=False), "ports": _ports(_carried(flow, around))}
        for flow in flows
        if flow.source == pods
    ]
    own = [flow for flow in flows if flow.source == pods and isinstance(flow.target, OwnNamespace)]
    ingress += [{"from": [{"podSelector": {}}], "ports": _ports(_carried(flow, around))} for flow in own]
    if probed:
        ingress.append({"from": [_block(PROBES)], "ports": _ports(EVERY_PORT[:1])})
    return {
        "podSelector": _selector(pods.labels),
        "policyTypes": ["Ingress", "Egress"],
        "ingress": ingress,
        "egress": [_dns(around), *egress],
    }


def _dns(around: Surroundings) -> dict[str, Any]:
    # Both: pods of the CoreDNS add-on, and the Service address by itself. In Auto Mode CoreDNS runs on the
    # node and no pod matches (aws/containers-roadmap#2552); elsewhere it spares name resolution a policy
    # controller that leaves the Service out (aws/amazon-network-policy-controller-k8s#222).
    return {"to": [_pods_peer(KUBE_DNS), _block(around.dns_service)], "ports": _ports(DNS)}


def _carried(flow: Flow, around: Surroundings) -> tuple[Port, ...]:
    """The flow's ports, and the mesh's tunnel where both ends are in the mesh."""
    inside = isinstance(flow.target, OwnNamespace) or _meshed(flow.target, around)
    if not (inside and _meshed(flow.source, around)) or {HBONE, EVERY_PORT[0]} & set(flow.numbered):
        return flow.numbered
    return (*flow.numbered, HBONE)


def _meshed(end: End, around: Surroundings) -> bool:
    match end:
        case Pods(namespace):
            return namespace in around.mesh_namespaces
        case TenantPods():
            return bool(around.mesh_namespaces)
        case _:
            return False


def _peers(end: End, around: Surroundings, *, as_source: bool) -> list[dict[str, Any]]:
    match end:
        case Pods():
            return [_pods_peer(end)]
        case TenantPods(labels, None):
            exists = {"matchExpressions": [{"key": TENANT_LABEL, "operator": "Exists"}]}
            return [_peer(exists, labels)]
        case TenantPods(labels, tenant):
            return [_peer({"matchLabels": {NAMESPACE_LABEL: tenant}}, labels)]
        case OwnNamespace():
            return [{"podSelector": {}}]
        case _:
            peers = [_block(block) for block in around.blocks(end, as_source=as_source)]
            if around.leaves_the_vpc(end):
                peers.append({"ipBlock": {"cidr": ANYWHERE, "except": list(around.not_public)}})
            return peers


def _pods_peer(pods: Pods) -> dict[str, Any]:
    return _peer({"matchLabels": {NAMESPACE_LABEL: pods.namespace}}, pods.labels)


def _peer(namespaces: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    pods = {"podSelector": _selector(labels)} if labels else {}
    return {"namespaceSelector": namespaces, **pods}


def _selector(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"matchLabels": dict(labels)} if labels else {}


def _block(cidr: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr}}


def _ports(ports: Iterable[Port]) -> list[dict[str, Any]]:
    return [
        {"protocol": port.protocol}
        if port.number is None
        else {"protocol": port.protocol, "port": port.number}
        for port in ports
    ]


def _policy_name(labels: Mapping[str, str]) -> str:
    """`allow-<name>`; a hash of the labels tells ends apart that more than one label or another key names."""
    plain = re.sub(r"[^a-z0-9-]+", "-", "-".join(labels[key] for key in sorted(labels)).lower()).strip("-")
    if set(labels) == {_NAME_LABEL} and plain == labels[_NAME_LABEL]:
        return bounded(f"allow-{plain}", _NAME_LIMIT)
    digest = hashlib.sha256(repr(sorted(labels.items())).encode()).hexdigest()[:6]
    return bounded(f"allow-{plain}-{digest}", _NAME_LIMIT)
