"""What the renderer writes, and what it never writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.core.labels import TENANT_LABEL
from components.isolation.ends import (
    API_SERVER,
    EVERY_PORT,
    OWN_NAMESPACE,
    TENANTS,
    AwsApis,
    Flow,
    FlowError,
    Host,
    Pods,
    Port,
    SubnetTier,
    TenantPods,
)
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import ANYWHERE, PRIVATE_RANGES, Surroundings

GATEWAY, MODELS = Pods("ai-gateway"), Pods("ai-inference")
WEBHOOK = Pods("cert-manager", {"app.kubernetes.io/name": "webhook"})
TCP_8000 = [{"protocol": "TCP", "port": 8000}]
DNS_RULE = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        },
        {"ipBlock": {"cidr": "172.20.0.10/32"}},
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


def in_namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def test_a_namespace_without_flows_is_closed_but_resolves_names(around: Surroundings) -> None:
    assert policies("ai-data", (), around) == {
        "isolation": {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [],
            "egress": [DNS_RULE],
        }
    }


def test_one_flow_is_written_on_both_of_its_ends(around: Surroundings) -> None:
    flow = Flow(GATEWAY, MODELS, (8000,), "why")
    leaving = policies("ai-gateway", [flow], around)["isolation"]
    arriving = policies("ai-inference", [flow], around)["isolation"]
    assert leaving["egress"] == [DNS_RULE, {"to": [in_namespace("ai-inference")], "ports": TCP_8000}]
    assert leaving["ingress"] == []
    assert arriving["ingress"] == [{"from": [in_namespace("ai-gateway")], "ports": TCP_8000}]
    assert arriving["egress"] == [DNS_RULE]


def test_labelled_pods_get_a_policy_of_their_own_with_dns(around: Surroundings) -> None:
    rendered = policies("cert-manager", [Flow(API_SERVER, WEBHOOK, (10250,), "why")], around)
    assert list(rendered) == ["isolation", "allow-webhook"]
    assert rendered["isolation"]["ingress"] == [], "the opening is for the webhook, not for the namespace"
    assert rendered["allow-webhook"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "webhook"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {
                "from": [{"ipBlock": {"cidr": "10.0.240.0/28"}}, {"ipBlock": {"cidr": "10.0.240.16/28"}}],
                "ports": [{"protocol": "TCP", "port": 10250}],
            }
        ],
        "egress": [DNS_RULE],
    }


def test_ends_that_read_alike_get_policies_of_different_names(around: Surroundings) -> None:
    flows = [
        Flow(API_SERVER, Pods("a", labels), (1,), "why")
        for labels in ({"app.kubernetes.io/name": "x"}, {"app": "x"}, {"app": "X"}, {"app": "x", "z": "x"})
    ]
    names = list(policies("a", flows, around))
    assert len(set(names)) == 5
    assert all(len(name) <= 63 for name in names)


def test_tenants_are_selected_by_a_label_so_shared_policies_never_name_one(around: Surroundings) -> None:
    rendered = policies("ai-inference", [Flow(TENANTS, MODELS, (8000,), "why")], around)
    exists = {"matchExpressions": [{"key": TENANT_LABEL, "operator": "Exists"}]}
    assert rendered["isolation"]["ingress"] == [{"from": [{"namespaceSelector": exists}], "ports": TCP_8000}]


def test_a_tenant_names_exactly_where_it_may_go(around: Surroundings) -> None:
    rendered = tenant_policies([Flow(TENANTS, MODELS, (8000,), "why")], around)
    assert rendered["isolation"]["egress"] == [
        DNS_RULE,
        {"to": [in_namespace("ai-inference")], "ports": TCP_8000},
    ]


def test_what_one_tenant_has_is_in_its_own_policies_and_in_no_other_tenants(around: Surroundings) -> None:
    mine = TenantPods({"app": "x"}, tenant="tenant-a")
    flows = [Flow(TENANTS, MODELS, (8000,), "why"), Flow(MODELS, mine, (8083,), "why")]
    everybodys = tenant_policies(flows, around)
    assert tenant_policies(flows, around, "tenant-b") == everybodys
    (name,) = set(tenant_policies(flows, around, "tenant-a")) - set(everybodys)
    rule = tenant_policies(flows, around, "tenant-a")[name]
    assert rule["podSelector"] == {"matchLabels": {"app": "x"}}
    assert rule["ingress"] == [
        {"from": [in_namespace("ai-inference")], "ports": [{"protocol": "TCP", "port": 8083}]}
    ]
    # The other end names the tenant's namespace, by the label that the API server itself sets.
    (_, to) = policies("ai-inference", flows, around)["isolation"]["egress"]
    assert to["to"] == [
        {
            **in_namespace("tenant-a"),
            "podSelector": {"matchLabels": {"app": "x"}},
        }
    ]


def test_what_one_tenant_may_do_more_is_in_its_own_policies_and_in_nobody_elses(around: Surroundings) -> None:
    every = Flow(TENANTS, MODELS, (8000,), "why")
    own = Flow(TenantPods(tenant="tenant-a"), Pods("ai-data-tenant-a", {"app": "x"}), (19530,), "why")
    before = tenant_policies([every], around, "tenant-a")
    assert tenant_policies([every, own], around, "tenant-b") == before
    assert tenant_policies([every, own], around) == before
    after = tenant_policies([every, own], around, "tenant-a")
    assert after == {
        **before,
        "own": {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [],
            "egress": [
                DNS_RULE,
                {
                    "to": [
                        {**in_namespace("ai-data-tenant-a"), "podSelector": {"matchLabels": {"app": "x"}}}
                    ],
                    "ports": [{"protocol": "TCP", "port": 19530}],
                },
            ],
        },
    }


def test_one_tenant_is_admitted_by_the_name_of_its_namespace(around: Surroundings) -> None:
    own = Flow(TenantPods(tenant="tenant-a"), Pods("ai-data-tenant-a"), (19530,), "why")
    (rule,) = policies("ai-data-tenant-a", [own], around)["isolation"]["ingress"]
    assert rule["from"] == [in_namespace("tenant-a")]


def test_an_own_namespace_is_opened_both_ways_without_naming_it(around: Surroundings) -> None:
    rendered = tenant_policies([Flow(TENANTS, OWN_NAMESPACE, EVERY_PORT, "why")], around)["isolation"]
    ports = [{"protocol": "TCP"}, {"protocol": "UDP"}]
    assert rendered["ingress"] == [{"from": [{"podSelector": {}}], "ports": ports}]
    assert rendered["egress"] == [DNS_RULE, {"to": [{"podSelector": {}}], "ports": ports}]


def test_public_addresses_leave_out_every_private_range(around: Surroundings) -> None:
    flow = Flow(MODELS, Host("huggingface.co"), (443,), "why")
    rule = policies("ai-inference", [flow], around)["isolation"]["egress"][1]
    assert rule["to"] == [{"ipBlock": {"cidr": ANYWHERE, "except": list(PRIVATE_RANGES)}}]


def test_aws_apis_are_reached_at_endpoints_and_in_public_only_where_there_are_none(
    around: Surroundings,
) -> None:
    flow = Flow(Pods("karpenter"), AwsApis("ec2", "iam"), (443,), "why")
    rule = policies("karpenter", [flow], around)["isolation"]["egress"][1]
    assert [peer["ipBlock"]["cidr"] for peer in rule["to"]] == ["10.0.241.0/24", ANYWHERE]


def test_an_api_without_an_endpoint_is_outside_the_vpc(around: Surroundings) -> None:
    assert not around.leaves_the_vpc(AwsApis("ec2"))
    assert around.leaves_the_vpc(AwsApis("iam"))


def test_a_tier_that_does_not_exist_stops_the_plan(around: Surroundings) -> None:
    with pytest.raises(FlowError, match="the network has no 'lake' subnets"):
        policies("a", [Flow(Pods("a"), SubnetTier("lake"), (443,), "why")], around)


class TestInTheMesh:
    """Where both ends are in the ambient mesh, traffic arrives through its tunnel."""

    @pytest.fixture
    def meshed(self, around: Surroundings) -> Surroundings:
        return replace(around, mesh_namespaces=frozenset({"ai-gateway", "ai-inference"}))

    def test_the_tunnel_is_open_along_a_flow_between_two_members(self, meshed: Surroundings) -> None:
        flow = Flow(GATEWAY, MODELS, (8000,), "why")
        tunnel = {"protocol": "TCP", "port": 15008}
        assert tunnel in policies("ai-gateway", [flow], meshed)["isolation"]["egress"][1]["ports"]
        assert tunnel in policies("ai-inference", [flow], meshed)["isolation"]["ingress"][0]["ports"]

    def test_the_tunnel_stays_shut_where_one_end_is_no_member(self, meshed: Surroundings) -> None:
        flow = Flow(Pods("observability"), MODELS, (8000,), "why")
        assert policies("ai-inference", [flow], meshed)["isolation"]["ingress"][0]["ports"] == TCP_8000

    def test_the_tunnel_is_not_named_twice(self, meshed: Surroundings) -> None:
        flow = Flow(GATEWAY, MODELS, (Port(15008),), "why")
        assert policies("ai-gateway", [flow], meshed)["isolation"]["egress"][1]["ports"] == [
            {"protocol": "TCP", "port": 15008}
        ]
        everything = Flow(GATEWAY, OWN_NAMESPACE, EVERY_PORT, "why")
        assert len(policies("ai-gateway", [everything], meshed)["isolation"]["egress"][1]["ports"]) == 2

    def test_members_admit_the_probes_that_the_mesh_readdresses(self, meshed: Surroundings) -> None:
        probes = {"from": [{"ipBlock": {"cidr": "169.254.7.127/32"}}], "ports": [{"protocol": "TCP"}]}
        assert policies("ai-gateway", (), meshed)["isolation"]["ingress"] == [probes]
        assert tenant_policies((), meshed)["isolation"]["ingress"] == [probes]
        assert policies("karpenter", (), meshed)["isolation"]["ingress"] == []

    def test_without_a_mesh_there_is_no_trace_of_it(self, around: Surroundings) -> None:
        flow = Flow(GATEWAY, MODELS, (8000,), "why")
        text = str([policies("ai-inference", [flow], around), tenant_policies([flow], around)])
        assert "15008" not in text
        assert "169.254.7.127" not in text
