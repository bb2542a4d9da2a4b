"""The reader's own rules, on policies written by hand: Kubernetes' rules, and what cannot be known."""

from __future__ import annotations

from typing import Any

import pytest

from components.isolation.ends import Port
from components.isolation.matching import Verdict
from components.isolation.reachability import Outside, Party, PodParty, Policy, reaches

A = PodParty(namespace="a", labels={"app": "web"}, networks=("10.0.0.0/18",))
B = PodParty(namespace="b", labels={"app": "db"}, networks=("10.0.0.0/18",))
WORLD = Outside("93.184.216.34/32")


def policy(namespace: str = "b", **spec: Any) -> Policy:
    return Policy(namespace=namespace, spec={"podSelector": {}, **spec})


def ask(*policies: Policy, source: Party = A, target: Party = B, port: Port | int = 80) -> Verdict:
    return reaches(policies, source, target, Port(port) if isinstance(port, int) else port)


def admits(*peers: dict[str, Any], ports: Any = ()) -> Policy:
    return policy(ingress=[{"from": list(peers), "ports": list(ports)}])


def test_without_policies_everything_is_open() -> None:
    assert ask() == "allowed"


def test_a_policy_closes_only_the_direction_it_is_about() -> None:
    closed = policy(policyTypes=["Ingress"], ingress=[])
    assert ask(closed) == "denied"
    assert ask(closed, source=B, target=A) == "allowed"


def test_without_policy_types_ingress_is_meant_and_egress_where_it_is_written() -> None:
    assert ask(policy(ingress=[])) == "denied"
    assert ask(policy("a", ingress=[])) == "allowed"
    assert ask(policy("a", ingress=[], egress=[])) == "denied"


def test_both_ends_have_to_allow_a_connection() -> None:
    closed = policy("a", policyTypes=["Egress"], egress=[])
    assert ask(admits({"namespaceSelector": {}}), closed) == "denied"


def test_policies_add_up() -> None:
    assert ask(policy(policyTypes=["Ingress"], ingress=[]), admits({"namespaceSelector": {}})) == "allowed"


def test_a_policy_is_about_the_pods_it_selects() -> None:
    other = policy(podSelector={"matchLabels": {"app": "cache"}}, ingress=[])
    assert ask(other) == "allowed"


def test_an_empty_peer_list_is_everyone_and_an_empty_port_list_every_port() -> None:
    assert ask(policy(ingress=[{}])) == "allowed"
    assert ask(policy(ingress=[{}]), source=WORLD) == "allowed"
    assert ask(admits({"namespaceSelector": {}}), port=1) == "allowed"


def test_a_peer_without_namespaces_is_in_the_policys_own() -> None:
    own = admits({"podSelector": {"matchLabels": {"app": "web"}}})
    assert ask(own) == "denied"
    neighbour = PodParty(namespace="b", labels={"app": "web"})
    assert ask(own, source=neighbour) == "allowed"


def test_namespace_and_pods_of_one_peer_are_both_required() -> None:
    both = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}},
        "podSelector": {"matchLabels": {"app": "cache"}},
    }
    assert ask(admits(both)) == "denied"


def test_two_peers_are_alternatives() -> None:
    first = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "c"}}}
    assert ask(admits(first, {"namespaceSelector": {}})) == "allowed"


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ({"key": "app", "operator": "In", "values": ["web", "api"]}, "allowed"),
        ({"key": "app", "operator": "In", "values": ["api"]}, "denied"),
        ({"key": "app", "operator": "NotIn", "values": ["web"]}, "denied"),
        ({"key": "gone", "operator": "NotIn", "values": ["web"]}, "allowed"),
        ({"key": "app", "operator": "Exists"}, "allowed"),
        ({"key": "gone", "operator": "Exists"}, "denied"),
        ({"key": "gone", "operator": "DoesNotExist"}, "allowed"),
        ({"key": "app", "operator": "Like", "values": ["w*"]}, "unknown"),
    ],
)
def test_label_expressions_follow_kubernetes(expression: dict[str, Any], verdict: Verdict) -> None:
    peer = {"namespaceSelector": {}, "podSelector": {"matchExpressions": [expression]}}
    assert ask(admits(peer)) == verdict


@pytest.mark.parametrize(
    ("allowed", "asked", "verdict"),
    [
        ({"port": 80}, Port(80), "allowed"),
        ({"protocol": "TCP", "port": 80}, Port(81), "denied"),
        ({"protocol": "UDP", "port": 80}, Port(80), "denied"),
        ({"protocol": "TCP"}, Port(81), "allowed"),
        ({"port": 80, "endPort": 90}, Port(90), "allowed"),
        ({"port": 80, "endPort": 90}, Port(91), "denied"),
        ({"port": "http"}, Port(80), "unknown"),
        ({"port": 80}, Port(None), "unknown"),
    ],
)
def test_ports_follow_kubernetes(allowed: dict[str, Any], asked: Port, verdict: Verdict) -> None:
    assert ask(admits({"namespaceSelector": {}}, ports=[allowed]), port=asked) == verdict


@pytest.mark.parametrize(
    ("block", "source", "verdict"),
    [
        ({"cidr": "0.0.0.0/0"}, WORLD, "allowed"),
        ({"cidr": "0.0.0.0/0", "except": ["93.184.0.0/16"]}, WORLD, "denied"),
        ({"cidr": "10.0.0.0/8"}, WORLD, "denied"),
        ({"cidr": "10.0.0.0/16"}, A, "allowed"),
        ({"cidr": "10.0.0.0/16", "except": ["10.0.0.0/20"]}, A, "unknown"),
        ({"cidr": "10.0.0.0/24"}, A, "unknown"),
        ({"cidr": "10.9.0.0/16"}, A, "denied"),
        ({"cidr": "10.0.0.2/32"}, A, "denied"),
        ({"cidr": "10.0.0.4/32"}, A, "unknown"),
        ({"cidr": "10.0.0.0/16"}, PodParty(namespace="a"), "unknown"),
        ({"cidr": "@{aws:ec2/vpc:Vpc::network.cidrBlock}"}, WORLD, "unknown"),
    ],
)
def test_blocks_say_yes_or_no_only_for_every_possible_address(
    block: dict[str, Any], source: Party, verdict: Verdict
) -> None:
    assert ask(admits({"ipBlock": block}), source=source) == verdict


def test_a_pod_whose_subnets_disagree_is_unknown() -> None:
    split = PodParty(namespace="a", networks=("10.0.0.0/18", "10.9.0.0/18"))
    assert ask(admits({"ipBlock": {"cidr": "10.0.0.0/16"}}), source=split) == "unknown"


def test_what_only_the_cloud_knows_stays_unknown() -> None:
    where = "@{kubernetes:core/v1:Namespace::b.metadata.name}"
    assert ask(policy(where, ingress=[])) == "unknown"
    label = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "@{x::y.z}"}}}
    assert ask(admits(label)) == "unknown"


def test_an_unknown_never_turns_a_denial_into_a_pass() -> None:
    unknown = admits({"ipBlock": {"cidr": "10.0.0.0/24"}})
    closed = policy("a", policyTypes=["Egress"], egress=[])
    assert ask(unknown, closed) == "denied"


def test_an_address_is_not_a_pod() -> None:
    assert ask(admits({"namespaceSelector": {}}), source=WORLD) == "denied"


def test_a_policy_is_read_from_a_manifest() -> None:
    read = Policy.of({"metadata": {"name": "x", "namespace": "b"}, "spec": {"ingress": []}})
    assert (read.namespace, read.spec) == ("b", {"ingress": []})
    assert ask(read) == "denied"
