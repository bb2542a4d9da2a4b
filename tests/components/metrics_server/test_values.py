from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from components.charts.literals import faults
from components.metrics_server.pods import LABELS, pods
from components.metrics_server.spec import MetricsServerSpec
from components.metrics_server.values import values


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert values(MetricsServerSpec(), monitored=False) == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(monitored: bool) -> None:
    assert faults("metrics-server", values(MetricsServerSpec(), monitored=monitored)) == []


def test_values_say_what_the_pod_class_declares() -> None:
    spec = MetricsServerSpec(replicas=3)
    tree = values(spec, monitored=False)
    (pod,) = pods(spec)
    assert tree["replicas"] == pod.replicas == 3
    assert tree["resources"] == pod.containers[0].resources.values()
    assert tree["image"] == {"tag": pod.containers[0].image.pinned_tag}


def test_it_runs_on_the_bootstrap_nodes_apart_from_its_twin() -> None:
    tree = values(MetricsServerSpec(), monitored=False)
    assert tree["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    for constraint in tree["topologySpreadConstraints"]:
        assert constraint["labelSelector"]["matchLabels"] == LABELS


def test_kubelet_certificates_are_verified() -> None:
    assert "args" not in values(MetricsServerSpec(), monitored=True)


def test_its_own_metrics_are_open_only_where_somebody_reads_them() -> None:
    off, on = (values(MetricsServerSpec(), monitored=monitored) for monitored in (False, True))
    assert off["metrics"] == off["serviceMonitor"] == {"enabled": False}
    assert on["metrics"] == {"enabled": True}
    assert on["serviceMonitor"]["additionalLabels"] == {"release": "kube-prometheus-stack"}


def test_a_single_pod_can_be_drained() -> None:
    assert values(MetricsServerSpec(replicas=1), monitored=False)["podDisruptionBudget"] == {"enabled": False}
