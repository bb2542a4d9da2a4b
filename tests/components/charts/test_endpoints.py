"""What we declare about pods, against a list of what the charts rendered (where that list is at hand)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cert_manager.pods import pods as cert_manager
from components.cert_manager.spec import CertManagerSpec
from components.charts import pins
from components.charts.pods import PodClass
from components.external_dns.pods import pods as external_dns
from components.external_dns.spec import ExternalDnsSpec
from components.external_secrets.pods import pods as external_secrets
from components.external_secrets.spec import ExternalSecretsSpec
from components.kagent.pods import pods as kagent
from components.kagent.spec import KagentSpec
from components.keda.pods import pods as keda
from components.keda.spec import KedaSpec
from components.load_balancer_controller.pods import pods as load_balancer_controller
from components.load_balancer_controller.spec import LoadBalancerControllerSpec
from components.metrics_server.pods import pods as metrics_server
from components.metrics_server.spec import MetricsServerSpec
from components.opencost.pods import pods as opencost
from components.opencost.spec import OpenCostSpec

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"

DECLARED: dict[str, Callable[[], tuple[PodClass, ...]]] = {
    "cert-manager": lambda: cert_manager(CertManagerSpec()),
    "external-secrets": lambda: external_secrets(ExternalSecretsSpec()),
    "metrics-server": lambda: metrics_server(MetricsServerSpec()),
    "aws-load-balancer-controller": lambda: load_balancer_controller(LoadBalancerControllerSpec()),
    "kagent": lambda: kagent(KagentSpec()),
    "keda": lambda: keda(KedaSpec()),
    "external-dns": lambda: external_dns(ExternalDnsSpec()),
    "opencost": lambda: opencost(OpenCostSpec()),
}


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]


LISTED_AS = {"opentelemetry-collector": "opentelemetry-collector-gateway"}
UNLISTED = {
    "prometheus-operator-crds": "definitions only: no pod to list",
    "clickhouse-operator-helm": "the list is about 0.0.1, the only version at hand; its pods are compared",
}


@pytest.mark.parametrize(
    "pin", [pin for pin in pins.PINS if pin.name not in UNLISTED], ids=lambda pin: pin.name
)
def test_the_list_is_about_the_version_we_install(rendered: dict[str, Any], pin: pins.Pin) -> None:
    assert rendered[LISTED_AS.get(pin.name, pin.name)]["version"] == pin.version


@pytest.mark.parametrize("chart", DECLARED)
def test_declared_pods_are_those_the_chart_renders(rendered: dict[str, Any], chart: str) -> None:
    there = {
        (one["kind"], one["name"]): {
            "release": rendered[chart]["release"],
            "namespace": one["namespace"],
            "labels": one["labels"],
            "ports": sorted((port["name"], port["port"]) for port in one["ports"]),
            "service_account": one["service_account"],
            "pod_security": one["pod_security"],
            "hook": "hook" in one,
        }
        for one in rendered[chart]["workloads"]
    }
    ours = {
        (one.kind.value, one.name): {
            "release": one.release,
            "namespace": one.namespace,
            "labels": dict(one.labels),
            "ports": sorted((port.name, port.number) for port in one.ports),
            "service_account": one.service_account,
            "pod_security": one.pod_security.value,
            "hook": one.hook,
        }
        for one in DECLARED[chart]()
    }
    assert ours == there


@pytest.mark.parametrize("chart", DECLARED)
def test_declared_images_are_those_the_chart_pulls(rendered: dict[str, Any], chart: str) -> None:
    ours = {image.reference.partition("@")[0] for one in DECLARED[chart]() for image in one.images}
    # Some carry a remark, in brackets.
    there = {reference.partition(" ")[0] for reference in rendered[chart]["images"]}
    assert ours == {reference.partition("@")[0] for reference in there}


@pytest.mark.parametrize("chart", DECLARED)
def test_every_container_that_the_chart_leaves_unsized_is_declared(
    rendered: dict[str, Any], chart: str
) -> None:
    unsized = {(one["workload"], one["container"]) for one in rendered[chart]["resources_missing"]}
    sized = {
        (f"{one.kind.value}/{one.name}", container.name)
        for one in DECLARED[chart]()
        for container in one.containers
    }
    assert unsized <= sized
