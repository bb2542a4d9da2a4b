from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.charts.literals import faults
from components.core.aws import Place
from components.karpenter.pods import CRD_RELEASE, RELEASE, pods
from components.karpenter.spec import KarpenterSpec
from components.karpenter.values import crd_values, values

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def rendered(*, monitored: bool = False, **spec: Any) -> dict[str, Any]:
    return values(PLACE, KarpenterSpec(**spec), monitored=monitored)


def test_values_are_literals() -> None:
    assert faults(RELEASE, rendered(monitored=True)) == []
    assert faults(CRD_RELEASE, crd_values()) == []


def test_cluster_and_queue_are_names_and_the_endpoint_is_discovered() -> None:
    assert rendered()["settings"] == {
        "clusterName": "ai-dev",
        "interruptionQueue": "ai-dev-karpenter",
        "eksControlPlane": True,
        "enableZonalShift": False,
    }


def test_it_runs_twice_on_the_bootstrap_nodes_with_room_of_its_own() -> None:
    assert rendered()["replicas"] == 2
    assert rendered()["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    assert rendered()["controller"]["resources"] == {
        "requests": {"cpu": "1", "memory": "1Gi"},
        "limits": {"cpu": "1", "memory": "1Gi"},
    }


def test_the_chart_keeps_it_off_nodes_that_it_may_remove() -> None:
    """Its default affinity says so (karpenter.sh/nodepool DoesNotExist): no value of ours may replace it."""
    assert "affinity" not in rendered()


def test_the_image_is_pinned_by_digest() -> None:
    image = rendered()["controller"]["image"]
    assert image["repository"] == "public.ecr.aws/karpenter/controller"
    assert image["tag"] == "1.14.1"
    assert image["digest"].startswith("sha256:")


def test_it_is_scraped_only_when_the_kind_for_that_exists() -> None:
    assert rendered()["serviceMonitor"] == {"enabled": False}
    assert rendered(monitored=True)["serviceMonitor"] == {
        "enabled": True,
        "additionalLabels": {"release": "kube-prometheus-stack"},
    }


def test_zonal_shift_and_log_level_are_the_stacks() -> None:
    assert rendered(zonal_shift=True)["settings"]["enableZonalShift"] is True
    assert rendered(log_level="debug")["logLevel"] == "debug"


def test_there_is_no_role_annotation_beside_pod_identity() -> None:
    assert rendered()["serviceAccount"] == {"create": True, "name": "karpenter"}


def test_definitions_outlive_their_release() -> None:
    assert crd_values()["additionalAnnotations"] == {"helm.sh/resource-policy": "keep"}


def test_declared_pods_are_those_the_chart_renders() -> None:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: Karpenter's declared pods were not compared")
    chart = yaml.safe_load(ENDPOINTS.read_text())["charts"]["karpenter"]
    (there,) = chart["workloads"]
    (ours,) = pods()
    assert (ours.kind.value, ours.name) == (there["kind"], there["name"])
    assert dict(ours.labels) == there["labels"]
    assert [{"name": port.name, "port": port.number} for port in ours.ports] == there["ports"]
    assert ours.service_account == there["service_account"]
    assert ours.pod_security.value == there["pod_security"]
    assert [image.reference for image in ours.images] == chart["images"]
    assert {(f"{ours.kind.value}/{ours.name}", one.name) for one in ours.containers} == {
        (one["workload"], one["container"]) for one in chart["resources_missing"]
    }
