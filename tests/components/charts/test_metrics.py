from __future__ import annotations

import pytest

from components.charts.metrics import MetricSource, exported, histogram, summary, unknown

SOURCES = (
    MetricSource(component="gpu", job="dcgm-exporter", names=frozenset({"DCGM_FI_DEV_GPU_UTIL"})),
    MetricSource(component="prometheus", job="node-exporter", names=frozenset({"node_load1"})),
)


def test_a_histogram_is_three_series_and_a_summary_keeps_its_bare_name() -> None:
    assert histogram("x") == ("x_bucket", "x_sum", "x_count")
    assert summary("x") == ("x", "x_sum", "x_count")


def test_only_installed_components_export() -> None:
    assert exported(SOURCES, {"prometheus"}) == {"node_load1"}
    assert exported(SOURCES, ()) == frozenset()


def test_a_metric_of_a_component_that_is_off_is_unknown_and_its_owner_is_named() -> None:
    assert unknown(["DCGM_FI_DEV_GPU_UTIL", "node_load1"], SOURCES, {"prometheus"}) == [
        "DCGM_FI_DEV_GPU_UTIL: only gpu exports it"
    ]


def test_a_metric_that_nobody_declares_is_unknown() -> None:
    assert unknown(["nod_load1"], SOURCES, {"prometheus", "gpu"}) == ["nod_load1: no component declares it"]


def test_a_source_without_metrics_is_refused() -> None:
    with pytest.raises(ValueError, match="gpu/dcgm: no metrics; leave the source out"):
        MetricSource(component="gpu", job="dcgm", names=frozenset())


def test_a_name_that_promql_cannot_select_is_refused() -> None:
    with pytest.raises(ValueError, match="prometheus/x: not metric names: http-requests"):
        MetricSource(component="prometheus", job="x", names=frozenset({"http-requests", "up"}))
