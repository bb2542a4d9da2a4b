"""Whether one end may reach another under given NetworkPolicies: allowed, denied, or unknown, never a guess.

Reads policies as objects, whoever wrote them: it judges the renderer's work as well as a chart's own.
It answers for what NetworkPolicy says. It does not know host-network pods, which no policy selects, nor the
node a pod runs on, from which the VPC CNI admits everything (aws/aws-network-policy-agent#65).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from components.isolation.ends import Port
from components.isolation.render import NAMESPACE_LABEL

Verdict = Literal["allowed", "denied", "unknown"]
_UNKNOWN_MARK = "@{"
"""How a plan writes a value that only the cloud knows."""


@dataclass(frozen=True, kw_only=True)
class PodParty:
    """A pod as policies see it: its labels, its namespace's, and the blocks its address may come from."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    namespace_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    networks: tuple[str, ...] = ()

    @property
    def home_labels(self) -> Mapping[str, str]:
        """The namespace's labels, with the one the API server adds."""
        return {**self.namespace_labels, NAMESPACE_LABEL: self.namespace}


@dataclass(frozen=True)
class Outside:
    """An address, or a block of them, that no pod has."""

    network: str


Party = PodParty | Outside


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One NetworkPolicy: where it is and what it says."""

    namespace: str
    spec: Mapping[str, Any]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Policy:
        """From a manifest, or from the inputs of a resource in a plan."""
        return cls(
            namespace=str(manifest.get("metadata", {}).get("namespace", "default")),
            spec=manifest.get("spec", {}),
        )


def reaches(policies: Iterable[Policy], source: Party, target: Party, port: Port) -> Verdict:
    """Whether `source` may open a connection to `port` of `target`: both ends have to allow it."""
    known = tuple(policies)
    leaving = _side(known, source, target, port, "Egress")
    arriving = _side(known, target, source, port, "Ingress")
    return _every((leaving, arriving))


def _side(
    policies: Sequence[Policy], mine: Party, other: Party, port: Port, direction: Literal["Ingress", "Egress"]
) -> Verdict:
    """What the policies that select `mine` say about `other`, in one direction."""
    if isinstance(mine, Outside):
        return "allowed"
    verdicts: list[Verdict] = []
    isolated: Verdict = "denied"
    for policy in policies:
        selected = _selects_pod(policy, mine)
        if selected == "denied" or not _covers(policy, direction):
            continue
        isolated = _any((isolated, selected))
        rules: Sequence[Mapping[str, Any]] = policy.spec.get(direction.lower()) or ()
        verdicts.extend(_every((selected, _rule(rule, policy, other, port, direction))) for rule in rules)
    if isolated == "denied":
        return "allowed"
    said = _any(verdicts)
    # A pod that may be isolated or not is open in one case and judged by the rules in the other.
    return said if isolated == "allowed" or said == "allowed" else "unknown"


def _covers(policy: Policy, direction: str) -> bool:
    types: Sequence[str] = policy.spec.get("policyTypes") or (
        ("Ingress", "Egress") if "egress" in policy.spec else ("Ingress",)
    )
    return direction in types


def _selects_pod(policy: Policy, pod: PodParty) -> Verdict:
    here = _same(policy.namespace, pod.namespace)
    return _every((here, _selector(policy.spec.get("podSelector"), pod.labels)))


def _rule(
    rule: Mapping[str, Any], policy: Policy, other: Party, port: Port, direction: Literal["Ingress", "Egress"]
) -> Verdict:
    peers: Sequence[Mapping[str, Any]] = rule.get("from" if direction == "Ingress" else "to") or ()
    ports: Sequence[Mapping[str, Any]] = rule.get("ports") or ()
    # An empty list is a wildcard in both places, which is why the renderer never writes one.
    peer = _any(_peer(peer, policy, other) for peer in peers) if peers else "allowed"
    through = _any(_port(allowed, port) for allowed in ports) if ports else "allowed"
    return _every((peer, through))


def _peer(peer: Mapping[str, Any], policy: Policy, other: Party) -> Verdict:
    if "ipBlock" in peer:
        networks = (other.network,) if isinstance(other, Outside) else other.networks
        return _in_block(networks, peer["ipBlock"])
    if isinstance(other, Outside):
        return "denied"
    if "namespaceSelector" in peer:
        home = _selector(peer["namespaceSelector"], other.home_labels)
    else:
        home = _same(policy.namespace, other.namespace)
    return _every((home, _selector(peer.get("podSelector"), other.labels)))


def _port(allowed: Mapping[str, Any], asked: Port) -> Verdict:
    if allowed.get("protocol", "TCP") != asked.protocol:
        return "denied"
    number = allowed.get("port")
    if number is None:
        return "allowed"
    if isinstance(number, str) or asked.number is None:
        return "unknown"
    last = allowed.get("endPort", number)
    return "allowed" if number <= asked.number <= last else "denied"


def _in_block(networks: Sequence[str], block: Mapping[str, Any]) -> Verdict:
    """`allowed` where every possible address is in the block, `denied` where none is."""
    stated = [str(block["cidr"]), *map(str, block.get("except") or ())]
    if not networks or any(_UNKNOWN_MARK in text for text in (*networks, *stated)):
        return "unknown"
    cidr, *holes = (ipaddress.IPv4Network(text) for text in stated)
    return _agree(_network_in(ipaddress.IPv4Network(network), cidr, holes) for network in networks)


def _network_in(
    network: ipaddress.IPv4Network, cidr: ipaddress.IPv4Network, holes: Sequence[ipaddress.IPv4Network]
) -> Verdict:
    if not network.overlaps(cidr) or any(network.subnet_of(hole) for hole in holes):
        return "denied"
    if network.subnet_of(cidr) and not any(network.overlaps(hole) for hole in holes):
        return "allowed"
    return "unknown"


def _selector(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> Verdict:
    """Whether a label selector matches; an absent or empty one matches everything."""
    if not selector:
        return "allowed"
    wanted: Mapping[str, str] = selector.get("matchLabels") or {}
    expressions: Sequence[Mapping[str, Any]] = selector.get("matchExpressions") or ()
    return _every(
        (
            *(_same(labels[key], value) if key in labels else "denied" for key, value in wanted.items()),
            *(_expression(expression, labels) for expression in expressions),
        )
    )


_OPERATORS: Mapping[str, Callable[[str | None, Sequence[str]], bool]] = {
    "In": lambda value, values: value in values,
    "NotIn": lambda value, values: value not in values,
    "Exists": lambda value, _: value is not None,
    "DoesNotExist": lambda value, _: value is None,
}


def _expression(expression: Mapping[str, Any], labels: Mapping[str, str]) -> Verdict:
    holds = _OPERATORS.get(str(expression.get("operator")))
    if holds is None:
        return "unknown"
    return "allowed" if holds(labels.get(expression["key"]), expression.get("values") or ()) else "denied"


def _same(one: str, other: str) -> Verdict:
    if _UNKNOWN_MARK in one or _UNKNOWN_MARK in other:
        return "unknown"
    return "allowed" if one == other else "denied"


def _every(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return "denied" if "denied" in found else "unknown" if "unknown" in found else "allowed"


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return "allowed" if "allowed" in found else "unknown" if "unknown" in found else "denied"


def _agree(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return found.pop() if len(found) == 1 else "unknown"
