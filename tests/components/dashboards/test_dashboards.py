from __future__ import annotations

import json

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.dashboards import dashboards as module
from components.dashboards.dashboards import (
    FOLDER_ANNOTATION,
    LARGEST_BYTES,
    SIDECAR_LABEL,
    Dashboards,
    DashboardsArgs,
)
from components.dashboards.spec import DashboardsSpec
from components.prometheus.spec import PrometheusSpec
from components.prometheus.values import values

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
PARTS = frozenset({"prometheus", "otel", "alerts", "opencost"})


def captured(capture: Capture, parts: frozenset[str] = PARTS, spec: DashboardsSpec | None = None) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("observability", metadata={"name": "observability"})
        made = Dashboards(
            "dashboards",
            DashboardsArgs(
                spec=spec or DashboardsSpec(), namespace="observability", parts=parts, after=(namespace,)
            ),
        )
        assert len(made.uids) == len(made.ready)

    return capture(program)


def test_each_dashboard_is_where_grafanas_sidecar_looks(capture: Capture) -> None:
    sidecar = values(PrometheusSpec())["grafana"]["sidecar"]["dashboards"]
    assert (sidecar["label"], sidecar["labelValue"], sidecar["folderAnnotation"]) == (
        SIDECAR_LABEL,
        "1",
        FOLDER_ANNOTATION,
    )
    for one in captured(capture).all(CONFIG_MAP):
        metadata = one.inputs["metadata"]
        assert metadata["namespace"] == sidecar["searchNamespace"]
        assert metadata["labels"][sidecar["label"]] == sidecar["labelValue"]
        assert metadata["annotations"][sidecar["folderAnnotation"]] == "Platform"


def test_four_dashboards_are_four_objects_with_a_file_each(capture: Capture) -> None:
    made = captured(capture).all(CONFIG_MAP)
    assert [one.inputs["metadata"]["name"] for one in made] == sorted(
        [
            "dashboard-agent-overview",
            "dashboard-cost-tracking",
            "dashboard-llm-performance",
            "dashboard-resource-usage",
        ]
    )
    for one in made:
        ((file, text),) = one.inputs["data"].items()
        assert f"dashboard-{json.loads(text)['uid']}" == one.inputs["metadata"]["name"]
        assert file.endswith(".json")


def test_a_dashboard_that_nobody_would_answer_is_not_there(capture: Capture) -> None:
    made = captured(capture, frozenset({"prometheus"})).all(CONFIG_MAP)
    assert [one.inputs["metadata"]["name"] for one in made] == ["dashboard-resource-usage"]


def test_without_prometheus_there_are_none(capture: Capture) -> None:
    assert captured(capture, frozenset({"otel", "alerts"})).all(CONFIG_MAP) == []


def test_all_of_them_fit_an_annotation_too(capture: Capture) -> None:
    """Whoever takes one over with `kubectl apply` writes it into an annotation, of at most 256 KiB."""
    everything = PARTS | {"models", "gateway", "karpenter", "dcgm_exporter", "milvus", "valkey"}
    for one in captured(capture, everything).all(CONFIG_MAP):
        ((_, text),) = one.inputs["data"].items()
        assert len(text.encode()) < LARGEST_BYTES < 256 * 1024


def test_a_dashboard_that_does_not_fit_is_refused_before_the_cluster_does(
    capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BYTES", 1000)
    with pytest.raises(Exception, match=r"agent-overview is \d+ bytes; 1000 fit: split it"):
        captured(capture)


def test_an_open_dashboard_asks_as_often_as_the_stack_says(capture: Capture) -> None:
    (one, *_) = captured(capture, spec=DashboardsSpec(refresh_seconds=300)).all(CONFIG_MAP)
    ((_, text),) = one.inputs["data"].items()
    assert json.loads(text)["refresh"] == "300s"
