"""The platform's own table, judged by what its policies allow: the mistakes of the first design stay out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.core.labels import TENANT_LABEL
from components.isolation.ends import Pods, Port, TenantPods
from components.isolation.flows import TABLE, by_namespace, in_force
from components.isolation.flows.gateway import CONTROLLER, LOGIN, RATE_LIMIT
from components.isolation.flows.milvus import MILVUS
from components.isolation.flows.models import FETCHERS
from components.isolation.flows.observability import LANGFUSE
from components.isolation.flows.places import AGENTS, COLLECTOR
from components.isolation.flows.relay import BATCH, RELAY
from components.isolation.flows.services import EXTERNAL_DNS, OPENCOST
from components.isolation.flows.stores import CACHE_JOB
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import NAMESPACES, namespaces_for

EVERY_COMPONENT = frozenset(
    {row.needs for row in NAMESPACES.values() if row.needs} | {flow.needs for flow in TABLE if flow.needs}
)
TENANT_NAMES = ("tenant-a", "tenant-b")
POD_BLOCKS = ("10.0.0.0/18", "10.0.64.0/18")
METADATA = Outside("169.254.169.254/32")
POD_IDENTITY = Outside("169.254.170.23/32")
API_SERVICE = Outside("172.20.0.1/32")
CONTROL_PLANE = Outside("10.0.240.0/28")
ENDPOINTS = Outside("10.0.241.0/24")
INTERNET = Outside("93.184.216.34/32")
VPC_CNI_PORTS_PER_BLOCK = 24  # EKS user guide, network policy considerations


def stack(components: Iterable[str], around: Surroundings) -> list[Policy]:
    """Every policy of a stack with these components and two tenants."""
    on = frozenset(components)
    names = (*namespaces_for(on), "kube-system", "default")
    flows = in_force(on, names)
    found = {name: policies(name, flows, around) for name in names}
    found |= {name: tenant_policies(flows, around) for name in TENANT_NAMES}
    return [Policy(namespace=name, spec=spec) for name, specs in found.items() for spec in specs.values()]


def pod(namespace: str, labels: Mapping[str, str] | None = None) -> PodParty:
    tenant = {TENANT_LABEL: namespace} if namespace in TENANT_NAMES else {}
    return PodParty(namespace=namespace, labels=labels or {}, namespace_labels=tenant, networks=POD_BLOCKS)


@pytest.fixture(scope="module")
def full(around: Surroundings) -> list[Policy]:
    return stack(EVERY_COMPONENT, around)


def every_port() -> list[Port]:
    named = {port for flow in TABLE for port in flow.numbered if port.number is not None}
    return sorted({*named, Port(22), Port(1), Port(65535), Port(161, "UDP")})


A, B = pod("tenant-a"), pod("tenant-b")
COREDNS = pod("kube-system", {"k8s-app": "kube-dns"})
PROMETHEUS = pod("observability", {"app.kubernetes.io/name": "prometheus"})


class TestTenants:
    @pytest.mark.parametrize("port", every_port(), ids=str)
    def test_no_tenant_reaches_another_on_any_port(self, full: list[Policy], port: Port) -> None:
        assert reaches(full, A, B, port) == "denied"
        assert reaches(full, B, A, port) == "denied"

    @pytest.mark.parametrize("port", [Port(80), Port(8080), Port(65535), Port(161, "UDP")], ids=str)
    def test_a_tenants_own_pods_talk_on_every_port(self, full: list[Policy], port: Port) -> None:
        assert reaches(full, A, pod("tenant-a", {"app": "other"}), port) == "allowed"

    @pytest.mark.parametrize("port", [8000, 8080])
    def test_a_tenant_reaches_models(self, full: list[Policy], port: int) -> None:
        """As first drawn, tenants could leave for ai-inference, which admitted agents and gateway only."""
        assert reaches(full, A, pod("ai-inference"), Port(port)) == "allowed"

    @pytest.mark.parametrize(
        ("where", "port"), [("ai-data", 19530), ("ai-data", 6379), ("observability", 4317)]
    )
    def test_a_tenant_reaches_stores_and_the_collector(
        self, full: list[Policy], where: str, port: int
    ) -> None:
        assert reaches(full, A, pod(where), Port(port)) == "allowed"

    @pytest.mark.parametrize("where", ["ai-agents", "ai-gateway", "karpenter", "external-secrets", "default"])
    @pytest.mark.parametrize("port", [443, 8000, 8080, 10250])
    def test_a_tenant_reaches_nothing_else_of_the_platform(
        self, full: list[Policy], where: str, port: int
    ) -> None:
        assert reaches(full, A, pod(where), Port(port)) == "denied"

    def test_a_tenant_does_not_reach_the_stores_other_ports(self, full: list[Policy]) -> None:
        assert reaches(full, A, pod("ai-data"), Port(2379)) == "denied"

    @pytest.mark.parametrize("where", [API_SERVICE, CONTROL_PLANE, ENDPOINTS, INTERNET, POD_IDENTITY])
    @pytest.mark.parametrize("port", [80, 443])
    def test_a_tenant_has_no_way_out(self, full: list[Policy], where: Outside, port: int) -> None:
        assert reaches(full, A, where, Port(port)) == "denied"

    @pytest.mark.parametrize("port", [8000, 8080])
    def test_the_gateway_reaches_no_pod_of_a_tenant(self, full: list[Policy], port: int) -> None:
        """Once it did, whatever the pod; a tenant's agents are asked through the tenant's own controller."""
        assert reaches(full, pod("ai-gateway"), A, Port(port)) == "denied"

    def test_a_tenant_reaches_nothing_of_the_platforms_kagent_nor_it_a_tenant(
        self, full: list[Policy]
    ) -> None:
        kagent = pod(
            "ai-agents", {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"}
        )
        for port in every_port():
            assert reaches(full, A, kagent, port) == "denied"
            assert reaches(full, kagent, A, port) == "denied"


class TestEverybody:
    @pytest.mark.parametrize("name", [*NAMESPACES, *TENANT_NAMES, "kube-system", "default"])
    @pytest.mark.parametrize("port", [80, 443])
    def test_instance_metadata_is_out_of_reach(self, full: list[Policy], name: str, port: int) -> None:
        """0.0.0.0/0 without the private ranges still has the metadata address in it."""
        assert reaches(full, pod(name), METADATA, Port(port)) == "denied"

    @pytest.mark.parametrize("name", [*NAMESPACES, *TENANT_NAMES, "default"])
    @pytest.mark.parametrize("protocol", ["TCP", "UDP"])
    def test_names_resolve_by_pod_and_by_service_address(
        self, full: list[Policy], name: str, protocol: Any
    ) -> None:
        """Policies with an egress section and no rule for DNS took name resolution from every pod."""
        assert reaches(full, pod(name), COREDNS, Port(53, protocol)) == "allowed"
        assert reaches(full, pod(name), Outside("172.20.0.10/32"), Port(53, protocol)) == "allowed"

    @pytest.mark.parametrize(
        ("name", "port"),
        [
            ("tenant-a", 8080),
            ("ai-inference", 8000),
            ("ai-data", 9091),
            ("kube-system", 9153),
            ("nvidia", 9400),
        ],
    )
    def test_prometheus_pulls_and_nobody_pushes_to_it(self, full: list[Policy], name: str, port: int) -> None:
        """Models were to send metrics to observability:9090; Prometheus fetches them."""
        assert reaches(full, PROMETHEUS, pod(name), Port(port)) == "allowed"
        assert reaches(full, pod(name), PROMETHEUS, Port(9090)) == "denied"

    def test_models_have_no_internet(self, full: list[Policy]) -> None:
        assert reaches(full, pod("ai-inference"), INTERNET, Port(443)) == "denied"

    def test_peers_are_selected_by_the_label_that_every_namespace_has(self, full: list[Policy]) -> None:
        """The label `name`, which nobody set, matched nothing: everything was denied."""
        text = str([policy.spec for policy in full])
        assert "kubernetes.io/metadata.name" in text
        assert "{'name':" not in text

    def test_no_block_needs_more_ports_than_the_vpc_cni_holds(self, full: list[Policy]) -> None:
        ports: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for policy in full:
            for direction in ("ingress", "egress"):
                for rule in policy.spec[direction]:
                    for peer in rule.get("from") or rule.get("to"):
                        if "ipBlock" in peer:
                            key = (policy.namespace, direction, peer["ipBlock"]["cidr"])
                            ports[key] |= {str(port) for port in rule["ports"]}
        assert max(len(found) for found in ports.values()) <= VPC_CNI_PORTS_PER_BLOCK


class TestControllers:
    @pytest.mark.parametrize(
        ("name", "labels", "port"),
        [
            ("cert-manager", {"app.kubernetes.io/name": "webhook"}, 10250),
            ("external-secrets", {"app.kubernetes.io/name": "external-secrets-webhook"}, 10250),
            ("kube-system", {}, 9443),
            ("kube-system", {}, 10250),
        ],
    )
    def test_the_api_server_reaches_webhooks(
        self, full: list[Policy], name: str, labels: dict[str, str], port: int
    ) -> None:
        assert reaches(full, CONTROL_PLANE, pod(name, labels), Port(port)) == "allowed"

    def test_nobody_else_reaches_a_webhook(self, full: list[Policy]) -> None:
        webhook = pod("cert-manager", {"app.kubernetes.io/name": "webhook"})
        for source in (A, pod("ai-agents"), Outside("10.0.0.0/18"), INTERNET):
            assert reaches(full, source, webhook, Port(10250)) == "denied"

    @pytest.mark.parametrize(
        "name", ["karpenter", "cert-manager", "external-secrets", "kube-system", "nvidia"]
    )
    @pytest.mark.parametrize("where", [API_SERVICE, CONTROL_PLANE])
    def test_controllers_reach_the_api_server_at_both_addresses(
        self, full: list[Policy], name: str, where: Outside
    ) -> None:
        assert reaches(full, pod(name), where, Port(443)) == "allowed"

    def test_karpenter_reaches_aws_and_its_credentials(self, full: list[Policy]) -> None:
        karpenter = pod("karpenter")
        assert reaches(full, karpenter, ENDPOINTS, Port(443)) == "allowed"
        assert reaches(full, karpenter, POD_IDENTITY, Port(80)) == "allowed"
        assert reaches(full, karpenter, INTERNET, Port(443)) == "allowed", "IAM has no interface endpoint"

    def test_secrets_are_fetched_without_leaving_the_vpc(self, full: list[Policy]) -> None:
        controller = pod("external-secrets", {"app.kubernetes.io/name": "external-secrets"})
        assert reaches(full, controller, ENDPOINTS, Port(443)) == "allowed"
        assert reaches(full, controller, POD_IDENTITY, Port(80)) == "allowed"
        assert reaches(full, controller, INTERNET, Port(443)) == "denied"

    def test_only_the_controller_of_external_secrets_gets_credentials(self, full: list[Policy]) -> None:
        webhook = pod("external-secrets", {"app.kubernetes.io/name": "external-secrets-webhook"})
        assert reaches(full, webhook, POD_IDENTITY, Port(80)) == "denied"
        assert reaches(full, webhook, ENDPOINTS, Port(443)) == "denied"

    def test_metrics_server_reads_kubelets(self, full: list[Policy]) -> None:
        assert reaches(full, pod("kube-system"), Outside("10.0.0.0/18"), Port(10250)) == "allowed"

    def test_coredns_forwards_to_the_vpc(self, full: list[Policy]) -> None:
        for address in ("169.254.169.253/32", "10.0.0.2/32"):
            assert reaches(full, COREDNS, Outside(address), Port(53, "UDP")) == "allowed"

    def test_kube_system_depends_on_no_label_of_an_add_on(self, around: Surroundings) -> None:
        flows = in_force(EVERY_COMPONENT, namespaces_for(EVERY_COMPONENT))
        assert list(policies("kube-system", flows, around)) == ["isolation"]


class TestWhatIsInForce:
    def test_a_flow_of_a_part_that_is_off_does_not_exist(self, around: Surroundings) -> None:
        without = stack(EVERY_COMPONENT - {"load_balancer_controller"}, around)
        assert reaches(without, CONTROL_PLANE, pod("kube-system"), Port(9443)) == "denied"

    def test_a_flow_to_a_namespace_that_does_not_exist_is_left_out(self) -> None:
        flows = in_force({"karpenter"}, namespaces_for({"karpenter"}))
        named = {
            end.namespace for flow in flows for end in (flow.source, flow.target) if isinstance(end, Pods)
        }
        assert named <= {*namespaces_for({"karpenter"}), "kube-system"}
        assert "cert-manager" not in named

    def test_only_flows_to_aws_apis_without_endpoint_leave_the_vpc(self, around: Surroundings) -> None:
        flows = in_force(EVERY_COMPONENT, namespaces_for(EVERY_COMPONENT))
        assert {flow.source for flow in flows if around.leaves_the_vpc(flow.target)} == {
            Pods("karpenter"),
            Pods("kube-system"),
            COLLECTOR,
            # S3's gateway endpoint has public addresses, which no policy can name.
            FETCHERS,
            LANGFUSE,
            MILVUS,
            Pods("velero"),
            EXTERNAL_DNS,
            # AWS's price list is a public file.
            OPENCOST,
            # Keys and codes of whoever issues tokens.
            CONTROLLER,
            LOGIN,
            # ElastiCache's API, and a cache of somebody else.
            CACHE_JOB,
            RATE_LIMIT,
            RELAY,
            BATCH,
            AGENTS,
        }

    def test_without_interface_endpoints_api_calls_leave_in_public(self, around: Surroundings) -> None:
        bare = replace(around, endpoint_services=frozenset[str]())
        found = stack(EVERY_COMPONENT, bare)
        controller = pod("external-secrets", {"app.kubernetes.io/name": "external-secrets"})
        assert reaches(found, controller, INTERNET, Port(443)) == "allowed"
        assert reaches(found, controller, METADATA, Port(443)) == "denied"

    def test_flows_of_a_namespace_can_be_listed(self) -> None:
        assert {flow.why for flow in by_namespace(TABLE, "cert-manager")} == {
            "certificates are API objects",
            "admission of certificates",
            "certificate metrics",
        }

    def test_nobody_names_a_single_tenant(self) -> None:
        for flow in TABLE:
            for end in (flow.source, flow.target):
                assert not (isinstance(end, TenantPods) and end.labels), "tenants have no labels in common"
