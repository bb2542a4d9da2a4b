from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.gateway import listeners
from components.gateway.spec import GatewaySpec
from tests.components.gateway.scene import HOST, SPEC
from tests.components.langfuse.test_render import schema, unknown

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/0123abcd-0000-0000-0000-000000000000"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def parameters(spec: GatewaySpec = SPEC, **more: Any) -> dict[str, Any]:
    return listeners.parameters(spec, load_balancer_class="service.k8s.aws/nlb", hosts=[HOST], **more)


def said(spec: GatewaySpec = SPEC, **more: Any) -> dict[str, str]:
    found = parameters(spec, **more)["service"]["metadata"]["annotations"]
    return {name.removeprefix(PREFIX): value for name, value in found.items()}


def spec(**balancer: Any) -> GatewaySpec:
    return GatewaySpec.model_validate({"host": HOST, "load_balancer": balancer})


def test_the_kinds_have_every_field_we_set(reference_crds: Path) -> None:
    made = {
        "agentgateway/v1.4.1/agentgateway.dev_agentgatewayparameters.yaml": parameters(),
        "gateway-api/standard-v1.6.1/gateway.networking.k8s.io_gateways.yaml": listeners.gateway(
            HOST, {"grafana": "g.example.com"}
        ),
        "cert-manager/cert-manager.io_certificates.yaml": listeners.certificate([HOST], None),
    }
    for file, manifest in made.items():
        assert unknown(manifest, schema(reference_crds, file)) == [], file


def test_port_443_is_tls_and_nothing_outside_the_cluster_is_plain() -> None:
    made = {one["name"]: one for one in listeners.gateway(HOST, {})["listeners"]}
    assert {name: (one["port"], one["protocol"]) for name, one in made.items()} == {
        "redirect": (80, "HTTP"),
        "api": (443, "HTTPS"),
        "internal": (8080, "HTTP"),
    }
    assert made["api"]["hostname"] == HOST
    assert made["api"]["tls"]["mode"] == "Terminate"


def test_the_internal_listener_has_no_port_on_the_load_balancer() -> None:
    assert parameters()["service"]["spec"]["ports"] == [{"port": 8080, "$patch": "delete"}]


def test_only_the_gateways_namespace_adds_routes() -> None:
    for one in listeners.gateway(HOST, {"grafana": "g.example.com"})["listeners"]:
        assert one["allowedRoutes"] == {"namespaces": {"from": "Same"}}


def test_proxies_pass_restricted_and_a_quota() -> None:
    made = parameters()
    assert made["deployment"]["spec"]["template"]["spec"]["securityContext"] == {
        "seccompProfile": {"type": "RuntimeDefault"}
    }
    assert made["resources"] == SPEC.proxy.resources.values()


def test_replicas_have_one_owner() -> None:
    """A number in the Deployment and an autoscaler would fight; so would two autoscalers."""
    assert "replicas" not in parameters()["deployment"]["spec"]
    assert parameters()["horizontalPodAutoscaler"]["spec"]["minReplicas"] == 3
    assert "horizontalPodAutoscaler" not in parameters(scaled_elsewhere=True)
    scaled = listeners.scaled_object(SPEC, prometheus="http://prometheus:9090")
    assert (scaled["minReplicaCount"], scaled["maxReplicaCount"]) == (3, 12)
    assert scaled["triggers"][0]["metadata"]["threshold"] == "20"


def test_proxies_are_spread_over_zones_and_leave_one_by_one() -> None:
    made = parameters()
    keys = {
        one["topologyKey"]
        for one in made["deployment"]["spec"]["template"]["spec"]["topologySpreadConstraints"]
    }
    assert keys == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    assert made["podDisruptionBudget"]["spec"] == {"maxUnavailable": 1}


def test_a_stream_ends_before_its_proxy_does() -> None:
    made = parameters()
    assert made["shutdown"] == {"min": 20, "max": 620}
    assert "deregistration_delay.timeout_seconds=600" in said()["target-group-attributes"]
    assert said()["listener-attributes.TCP-443"] == "tcp.idle_timeout.seconds=600"


@pytest.mark.parametrize(("protect", "word"), [(True, "true"), (False, "false")])
def test_the_load_balancer_is_protected_where_the_stack_is(protect: bool, word: str) -> None:
    attributes = said(protect=protect)["attributes"].split(",")
    assert attributes == [f"deletion_protection.enabled={word}", "load_balancing.cross_zone.enabled=true"]


def test_it_is_internal_unless_said_otherwise() -> None:
    assert said(GatewaySpec(host=HOST))["scheme"] == "internal"
    assert (
        said(spec(scheme="internet-facing", source_ranges=["203.0.113.0/24"]))["scheme"] == "internet-facing"
    )


def test_only_named_blocks_connect() -> None:
    made = parameters(spec(source_ranges=["203.0.113.0/24", "198.51.100.0/24"]))
    assert made["service"]["spec"]["loadBalancerSourceRanges"] == ["203.0.113.0/24", "198.51.100.0/24"]
    assert "loadBalancerSourceRanges" not in parameters(GatewaySpec(host=HOST))["service"]["spec"]


def test_an_edge_lets_only_its_own_addresses_in() -> None:
    assert said(prefix_lists=("pl-3b927c52",))["security-group-prefix-lists"] == "pl-3b927c52"


def test_a_clients_address_comes_by_header_not_by_packet() -> None:
    attributes = said()["target-group-attributes"]
    assert "preserve_client_ip.enabled=false" in attributes
    assert "proxy_protocol_v2.enabled=true" in attributes


def test_readiness_is_asked_and_not_just_a_port() -> None:
    found = said()
    assert (found["healthcheck-protocol"], found["healthcheck-port"], found["healthcheck-path"]) == (
        "http",
        "15021",
        "/healthz/ready",
    )


def test_a_certificate_of_acm_is_shown_and_what_passes_is_encrypted_anew() -> None:
    found = said(spec(certificate_arn=ARN))
    assert (found["ssl-cert"], found["ssl-ports"]) == (ARN, "443")
    assert (found["backend-protocol"], found["alpn-policy"]) == ("ssl", "HTTP2Preferred")
    assert "listener-attributes.TCP-443" not in found


def test_without_an_issuer_the_namespace_has_an_authority() -> None:
    assert listeners.certificate([HOST], None)["issuerRef"] == {
        "group": "cert-manager.io",
        "kind": "Issuer",
        "name": "ai-gateway-authority",
    }
    assert listeners.certificate([HOST], "letsencrypt")["issuerRef"]["kind"] == "ClusterIssuer"
    assert list(listeners.authority()) == [
        ("Issuer", "ai-gateway-self-signed"),
        ("Certificate", "ai-gateway-authority"),
        ("Issuer", "ai-gateway-authority"),
    ]


def test_names_are_said_to_whoever_keeps_the_zone() -> None:
    assert (
        parameters()["service"]["metadata"]["annotations"]["external-dns.alpha.kubernetes.io/hostname"]
        == HOST
    )
