from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.cert_manager.pods import pods
from components.cert_manager.spec import CertManagerSpec
from components.cert_manager.values import values
from components.charts.literals import faults

DEPLOYMENTS: dict[str, tuple[str, ...]] = {
    "cert-manager": (),
    "cert-manager-webhook": ("webhook",),
    "cert-manager-cainjector": ("cainjector",),
}


def at(tree: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        tree = tree[key]
    return tree


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert values(CertManagerSpec(), monitored=False) == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(monitored: bool) -> None:
    assert faults("cert-manager", values(CertManagerSpec(), monitored=monitored)) == []


def test_every_container_has_the_room_its_pod_class_declares() -> None:
    spec = CertManagerSpec(replicas=3, webhook_replicas=5)
    tree = values(spec, monitored=False)
    where = {**DEPLOYMENTS, "cert-manager-startupapicheck": ("startupapicheck",)}
    for pod in pods(spec):
        block = at(tree, where[pod.name])
        assert block["resources"] == pod.containers[0].resources.values(), pod.name
        assert block["image"]["tag"] == pod.containers[0].image.tag, pod.name
        if not pod.hook:
            assert block["replicaCount"] == pod.replicas, pod.name


def test_every_pod_tolerates_the_bootstrap_nodes_hooks_included() -> None:
    tree = values(CertManagerSpec(), monitored=False)
    for path in (*DEPLOYMENTS.values(), ("startupapicheck",)):
        assert at(tree, path)["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}], path


def test_pods_of_one_deployment_are_spread_by_that_deployments_labels() -> None:
    tree = values(CertManagerSpec(), monitored=False)
    for pod in pods(CertManagerSpec()):
        if not pod.hook:
            for constraint in at(tree, DEPLOYMENTS[pod.name])["topologySpreadConstraints"]:
                assert constraint["labelSelector"]["matchLabels"] == pod.labels, pod.name


def test_crds_come_with_the_chart_and_outlive_it() -> None:
    assert values(CertManagerSpec(), monitored=False)["crds"] == {"enabled": True, "keep": True}


def test_crds_are_asked_for_by_one_switch_only() -> None:
    assert "installCRDs" not in values(CertManagerSpec(), monitored=False), "the chart refuses both"


def test_the_leader_is_elected_where_the_controller_lives() -> None:
    tree = values(CertManagerSpec(), monitored=False)
    assert tree["global"]["leaderElection"] == {"namespace": "cert-manager"}


def test_no_service_monitor_is_asked_for_before_its_kind_exists() -> None:
    off, on = (values(CertManagerSpec(), monitored=monitored) for monitored in (False, True))
    assert off["prometheus"] == {"servicemonitor": {"enabled": False}}
    assert on["prometheus"] == {
        "servicemonitor": {
            "enabled": True,
            "honorLabels": True,
            "labels": {"release": "kube-prometheus-stack"},
        }
    }


def test_single_pods_can_be_drained() -> None:
    tree = values(CertManagerSpec(replicas=1, webhook_replicas=1), monitored=False)
    for path in DEPLOYMENTS.values():
        assert at(tree, path)["podDisruptionBudget"] == {"enabled": False}, path
