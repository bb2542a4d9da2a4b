"""Each pinned chart, rendered with our values: what we declare about its pods is what Helm would install.

Needs `helm` on PATH and `AGENTIC_CHARTS`, a directory with the unpacked charts by name
(`helm pull --untar -d DIR ...`); says so when it is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

import components.cert_manager.pods as cert_manager_pods
import components.cert_manager.values as cert_manager_values
import components.external_secrets.pods as external_secrets_pods
import components.external_secrets.values as external_secrets_values
import components.load_balancer_controller.pods as load_balancer_pods
import components.load_balancer_controller.values as load_balancer_values
import components.metrics_server.pods as metrics_server_pods
import components.metrics_server.values as metrics_server_values
from components.cert_manager.spec import CertManagerSpec
from components.charts import pins
from components.charts.pins import Pin
from components.charts.pods import PodClass, PodSecurity
from components.core.aws import Place
from components.external_secrets.spec import ExternalSecretsSpec
from components.load_balancer_controller.spec import LoadBalancerControllerSpec
from components.metrics_server.spec import MetricsServerSpec

HELM = shutil.which("helm")
CHARTS = os.environ.get("AGENTIC_CHARTS")
pytestmark = pytest.mark.skipif(
    HELM is None or CHARTS is None,
    reason="charts were not rendered: needs helm on PATH and AGENTIC_CHARTS, a folder of charts",
)

KUBERNETES = "1.35.0"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform team", "agentic.dev/cluster": "ai-dev"},
)


@dataclass(frozen=True, kw_only=True)
class Case:
    pin: Pin
    pods: tuple[PodClass, ...]
    values: Callable[[bool], dict[str, Any]]
    """By whether ServiceMonitors are wanted."""


CASES = (
    Case(
        pin=pins.CERT_MANAGER,
        pods=cert_manager_pods.pods(CertManagerSpec()),
        values=lambda monitored: cert_manager_values.values(CertManagerSpec(), monitored=monitored),
    ),
    Case(
        pin=pins.EXTERNAL_SECRETS,
        pods=external_secrets_pods.pods(ExternalSecretsSpec()),
        values=lambda monitored: external_secrets_values.values(ExternalSecretsSpec(), monitored=monitored),
    ),
    Case(
        pin=pins.METRICS_SERVER,
        pods=metrics_server_pods.pods(MetricsServerSpec()),
        values=lambda monitored: metrics_server_values.values(MetricsServerSpec(), monitored=monitored),
    ),
    Case(
        pin=pins.AWS_LOAD_BALANCER_CONTROLLER,
        pods=load_balancer_pods.pods(LoadBalancerControllerSpec()),
        values=lambda monitored: load_balancer_values.values(
            PLACE, LoadBalancerControllerSpec(), vpc_id=None, monitored=monitored
        ),
    ),
)


@pytest.fixture(params=CASES, ids=lambda case: case.pin.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def manifests(case: Case, tmp_path: Path) -> Callable[[bool], list[dict[str, Any]]]:
    assert HELM is not None
    assert CHARTS is not None
    helm, chart = HELM, Path(CHARTS) / case.pin.name
    if not chart.is_dir():
        pytest.skip(f"{case.pin.name} was not rendered: {chart} does not exist")
    version = yaml.safe_load((chart / "Chart.yaml").read_text())["version"]
    assert version == case.pin.version, f"{chart} holds another version than the pin"

    def render(monitored: bool) -> list[dict[str, Any]]:
        file = tmp_path / "values.json"
        file.write_text(json.dumps(case.values(monitored)))
        command = [
            *(helm, "template", case.pods[0].release, str(chart), "--namespace", case.pods[0].namespace),
            *("--values", str(file), "--kube-version", KUBERNETES),
            *("--api-versions", "monitoring.coreos.com/v1/ServiceMonitor"),
            *("--api-versions", "monitoring.coreos.com/v1"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return [document for document in yaml.safe_load_all(done.stdout) if document]

    return render


def workloads(manifests: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (one["kind"], one["metadata"]["name"]): one
        for one in manifests
        if one["kind"] in {"Deployment", "StatefulSet", "DaemonSet", "Job"}
    }


def containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from pod.get("initContainers", [])
    yield from pod["containers"]


def test_the_chart_brings_the_declared_workloads_and_no_other(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    found = workloads(manifests(False))
    assert set(found) == {(pod.kind.value, pod.name) for pod in case.pods}
    for pod in case.pods:
        there = found[pod.kind.value, pod.name]
        template = there["spec"]["template"]
        assert there["metadata"].get("namespace", pod.namespace) == pod.namespace
        selector = there["spec"].get("selector", {}).get("matchLabels", pod.labels)
        assert selector == pod.labels, pod.name
        assert pod.labels.items() <= template["metadata"]["labels"].items(), pod.name
        assert template["spec"]["serviceAccountName"] == pod.service_account
        assert there["spec"].get("replicas", 1) == pod.replicas, pod.name
        assert any("hook" in key for key in there["metadata"].get("annotations", {})) is pod.hook


def test_containers_have_the_declared_names_images_ports_and_room(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    found = workloads(manifests(False))
    for pod in case.pods:
        spec = found[pod.kind.value, pod.name]["spec"]["template"]["spec"]
        there = {one["name"]: (one["image"], one["resources"]) for one in containers(spec)}
        assert there == {one.name: (one.image.reference, one.resources.values()) for one in pod.containers}, (
            pod.name
        )
        ports = [
            (port["name"], port["containerPort"]) for one in containers(spec) for port in one.get("ports", [])
        ]
        assert sorted(ports) == sorted((port.name, port.number) for port in pod.ports), pod.name


def test_every_pod_may_run_on_the_bootstrap_nodes_and_outranks_workloads(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    for name, one in workloads(manifests(False)).items():
        spec = one["spec"]["template"]["spec"]
        assert {"key": "CriticalAddonsOnly", "operator": "Exists"} in spec["tolerations"], name
        assert spec["priorityClassName"] == "system-cluster-critical", name


def test_pods_declared_restricted_pass_restricted(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    found = workloads(manifests(False))
    for pod in case.pods:
        assert pod.pod_security is PodSecurity.RESTRICTED
        spec = found[pod.kind.value, pod.name]["spec"]["template"]["spec"]
        assert not {key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)}
        assert not [one for one in spec.get("volumes", []) if "hostPath" in one]
        of_pod = spec.get("securityContext", {})
        for one in containers(spec):
            context = {**of_pod, **one.get("securityContext", {})}
            assert context["runAsNonRoot"] is True, one["name"]
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}, one["name"]
            assert context["allowPrivilegeEscalation"] is False, one["name"]
            assert context["capabilities"]["drop"] == ["ALL"], one["name"]


def test_objects_of_kubernetes_own_kinds_fit_their_schemas(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    for one in manifests(False):
        if one["kind"] in {"Deployment", "Job", "Service", "PodDisruptionBudget", "ServiceAccount"}:
            kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_service_monitors_come_with_monitoring_and_not_before(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    def monitors(monitored: bool) -> list[dict[str, Any]]:
        return [one for one in manifests(monitored) if one["kind"] == "ServiceMonitor"]

    assert monitors(False) == []
    assert monitors(True)
    for one in monitors(True):
        assert one["metadata"]["labels"]["release"] == "kube-prometheus-stack", one["metadata"]["name"]


def test_crds_in_templates_are_kept_when_the_release_goes(
    case: Case, manifests: Callable[[bool], list[dict[str, Any]]]
) -> None:
    for one in manifests(False):
        if one["kind"] == "CustomResourceDefinition":
            assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
