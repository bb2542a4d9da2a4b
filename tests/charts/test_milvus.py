"""Milvus's chart in each of its modes, rendered with our values: what Helm would install is what we declare.

Needs `helm` on PATH and `AGENTIC_CHARTS`, a directory with the unpacked charts by name, subcharts included.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from components.charts.pins import MILVUS
from components.core.aws import Place
from components.milvus.metrics import sources
from components.milvus.pods import ETCD_METRICS_LISTENER, pods
from components.milvus.spec import (
    AutoscalingSpec,
    ClusterMilvus,
    MilvusSpec,
    QueryNodeSpec,
    StandaloneMilvus,
)
from components.milvus.values import values

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
)
SCALED = ClusterMilvus(mode="cluster", query_node=QueryNodeSpec(autoscaling=AutoscalingSpec()))
SPECS: dict[str, MilvusSpec] = {
    "standalone": StandaloneMilvus(mode="standalone"),
    "cluster": ClusterMilvus(mode="cluster"),
    "scaled": SCALED,
}
Render = Callable[[MilvusSpec], list[dict[str, Any]]]
MODES = pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))


@pytest.fixture
def render(tmp_path: Path) -> Render:
    assert HELM is not None
    assert CHARTS is not None
    helm, chart = HELM, Path(CHARTS) / MILVUS.name
    if not chart.is_dir():
        pytest.skip(f"milvus was not rendered: {chart} does not exist")
    version = yaml.safe_load((chart / "Chart.yaml").read_text())["version"]
    assert version == MILVUS.version, f"{chart} holds another version than the pin"

    def rendered(spec: MilvusSpec) -> list[dict[str, Any]]:
        file = tmp_path / "values.json"
        file.write_text(json.dumps(values(PLACE, spec, bucket="ai-dev-milvus", monitored=True)))
        command = [helm, "template", "milvus", str(chart), "--namespace", "ai-data"]
        done = subprocess.run(
            [*command, "--values", str(file), "--kube-version", KUBERNETES],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return [document for document in yaml.safe_load_all(done.stdout) if document]

    return rendered


def templates(manifests: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for one in manifests:
        if one["kind"] in {"Deployment", "StatefulSet"}:
            yield one, one["spec"]["template"]["spec"]


@MODES
def test_the_chart_brings_the_declared_pods_and_no_other(render: Render, spec: MilvusSpec) -> None:
    found = {(one["kind"], one["metadata"]["name"]): one for one, _ in templates(render(spec))}
    assert set(found) == {(pod.kind.value, pod.name) for pod in pods(spec)}
    for pod in pods(spec):
        there = found[pod.kind.value, pod.name]["spec"]
        assert there["selector"]["matchLabels"] == pod.labels, pod.name
        assert there["template"]["spec"]["serviceAccountName"] == pod.service_account
        scaled = spec is SCALED and pod.name == "milvus-querynode"
        assert there.get("replicas") == (None if scaled else pod.replicas), pod.name
        (declared,), (container,) = pod.containers, there["template"]["spec"]["containers"]
        assert (container["name"], container["image"]) == (declared.name, declared.image.reference)
        for kind, amounts in declared.resources.values().items():
            assert amounts.items() <= container["resources"][kind].items(), pod.name
        ports = {(port["name"], port["containerPort"]) for port in container["ports"]}
        assert ports == {(port.name, port.number) for port in pod.ports if port != ETCD_METRICS_LISTENER}, (
            pod.name
        )


@MODES
def test_every_pod_passes_restricted(render: Render, spec: MilvusSpec) -> None:
    for one, pod in templates(render(spec)):
        assert not [volume for volume in (pod.get("volumes") or []) if "hostPath" in volume]
        for container in [*(pod.get("initContainers") or []), *pod["containers"]]:
            context = {**pod["securityContext"], **container["securityContext"]}
            where = one["metadata"]["name"]
            assert context["runAsNonRoot"] is True, where
            assert context["runAsUser"] > 0, where
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}, where
            assert context["allowPrivilegeEscalation"] is False, where
            assert context["capabilities"]["drop"] == ["ALL"], where


@MODES
def test_every_milvus_process_can_write_where_it_makes_its_directory(
    render: Render, spec: MilvusSpec
) -> None:
    for one, pod in templates(render(spec)):
        if one["kind"] == "Deployment":
            mounts = pod["containers"][0]["volumeMounts"]
            mounted = {mount["mountPath"]: mount["name"] for mount in mounts}
            assert len(mounted) == len(mounts), "a server refuses two volumes at one path"
            volumes = {volume["name"]: volume for volume in pod["volumes"]}
            assert volumes[mounted["/var/lib/milvus-local"]]["emptyDir"] == {}, one["metadata"]["name"]


@MODES
def test_the_only_claims_are_those_of_etcd(render: Render, spec: MilvusSpec) -> None:
    manifests = render(spec)
    assert not [one for one in manifests if one["kind"] == "PersistentVolumeClaim"]
    (etcd,) = [one for one in manifests if one["kind"] == "StatefulSet"]
    assert [claim["metadata"]["name"] for claim in etcd["spec"]["volumeClaimTemplates"]] == ["data"]


@MODES
def test_the_log_and_the_objects_go_to_the_bucket_by_the_pods_own_identity(
    render: Render, spec: MilvusSpec
) -> None:
    (config,) = [one for one in render(spec) if one["kind"] == "ConfigMap"]
    told = yaml.safe_load(config["data"]["default.yaml"])
    assert told["mq"] == {"type": "woodpecker"}
    assert told["woodpecker"]["storage"]["type"] == "minio"
    assert told["minio"]["useIAM"] is True
    assert (told["minio"]["accessKeyID"], told["minio"]["secretAccessKey"]) == (None, None)
    assert len(told["etcd"]["endpoints"]) == spec.etcd_replicas
    # Read after the chart's own, and so the last word.
    assert yaml.safe_load(config["data"]["user.yaml"])["common"]["security"]["authorizationEnabled"] is True


@MODES
def test_a_scraped_service_is_called_as_its_metrics_say(render: Render, spec: MilvusSpec) -> None:
    manifests = render(spec)
    (monitor,) = [one for one in manifests if one["kind"] == "ServiceMonitor"]
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    scraped = {
        one["metadata"]["name"]
        for one in manifests
        if one["kind"] == "Service"
        and wanted <= one["metadata"]["labels"].items()
        and "metrics" in {port["name"] for port in one["spec"]["ports"]}
    }
    # The last is of a Service of ours.
    assert scraped == {source.job for source in sources(spec)[:-1]}


def test_an_autoscaler_comes_only_where_it_is_asked_for(render: Render) -> None:
    kind = "HorizontalPodAutoscaler"
    assert not [one for one in render(SPECS["cluster"]) if one["kind"] == kind]
    (scaler,) = [one for one in render(SCALED) if one["kind"] == kind]
    assert scaler["spec"]["scaleTargetRef"]["name"] == "milvus-querynode"


@MODES
def test_objects_of_kubernetes_own_kinds_fit_their_schemas(render: Render, spec: MilvusSpec) -> None:
    for one in render(spec):
        if one["kind"] in {"Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"}:
            kubernetes_validate.validate(one, KUBERNETES, strict=True)
