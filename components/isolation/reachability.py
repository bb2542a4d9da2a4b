"""Whether one end may reach another under given NetworkPolicies: allowed, denied, or unknown, never a guess.

Reads policies as objects, whoever wrote them: it judges the renderer's work as well as a chart's own.
It answers for what NetworkPolicy says. It does not know host-network pods, which no policy selects, nor the
node a pod runs on, from which the VPC CNI admits everything (aws/aws-network-policy-agent#65).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from components.isolation.ends import Port
from components.isolation.matching import (
    Verdict,
    agreed,
    block_matches,
    every,
    port_matches,
    same,
    selector_matches,
    some,
)
from components.isolation.render import NAMESPACE_LABEL

Direction = Literal["Ingress", "Egress"]


@dataclass(frozen=True, kw_only=True)
class PodParty:
    """A pod as policies see it: its labels, its namespace's, and the subnets its address may come from."""

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
    return agreed(
        every((_side(known, one, other, port, "Egress"), _side(known, other, one, port, "Ingress")))
        for one in _placed(source)
        for other in _placed(target)
    )


def _placed(party: Party) -> Iterator[Party]:
    """The party once for every subnet its address may come from: the answer has to be the same for all."""
    if isinstance(party, Outside) or not party.networks:
        yield party
    else:
        for network in party.networks:
            yield replace(party, networks=(network,))


def _side(policies: Sequence[Policy], mine: Party, other: Party, port: Port, direction: Direction) -> Verdict:
    """What the policies that select `mine` say about `other`, in one direction."""
    if isinstance(mine, Outside):
        return "allowed"
    verdicts: list[Verdict] = []
    isolated: Verdict = "denied"
    for policy in policies:
        selected = _selects(policy, mine)
        if selected == "denied" or not _covers(policy, direction):
            continue
        isolated = some((isolated, selected))
        rules: Sequence[Mapping[str, Any]] = policy.spec.get(direction.lower()) or ()
        verdicts.extend(every((selected, _rule(rule, policy, other, port, direction))) for rule in rules)
    if isolated == "denied":
        return "allowed"
    said = some(verdicts)
    # A pod that may be isolated or not is open in one case and judged by the rules in the other.
    return said if isolated == "allowed" or said == "allowed" else "unknown"


def _covers(policy: Policy, direction: Direction) -> bool:
    types: Sequence[str] = policy.spec.get("policyTypes") or (
        ("Ingress", "Egress") if "egress" in policy.spec else ("Ingress",)
    )
    return direction in types


def _selects(policy: Policy, pod: PodParty) -> Verdict:
    here = same(policy.namespace, pod.namespace)
    return (
        here
        if here == "denied"
        else every((here, selector_matches(policy.spec.get("podSelector"), pod.labels)))
    )


def _rule(rule: Mapping[str, Any], policy: Policy, other: Party, port: Port, direction: Direction) -> Verdict:
    peers: Sequence[Mapping[str, Any]] = rule.get("from" if direction == "Ingress" else "to") or ()
    ports: Sequence[Mapping[str, Any]] = rule.get("ports") or ()
    # An empty list is a wildcard in both places, which is why the renderer never writes one.
    through = some(port_matches(allowed, port) for allowed in ports) if ports else "allowed"
    if through == "denied" or not peers:
        return through
    return every((through, some(_peer(peer, policy, other) for peer in peers)))


def _peer(peer: Mapping[str, Any], policy: Policy, other: Party) -> Verdict:
    if "ipBlock" in peer:
        if isinstance(other, Outside):
            return block_matches(other.network, peer["ipBlock"], of_pods=False)
        if not other.networks:
            return "unknown"
        return block_matches(other.networks[0], peer["ipBlock"], of_pods=True)
    if isinstance(other, Outside):
        return "denied"
    if "namespaceSelector" in peer:
        home = selector_matches(peer["namespaceSelector"], other.home_labels)
    else:
        home = same(policy.namespace, other.namespace)
    return every((home, selector_matches(peer.get("podSelector"), other.labels)))
