from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.charts.literals import faults
from components.external_secrets.pods import pods
from components.external_secrets.spec import ExternalSecretsSpec
from components.external_secrets.values import values

WHERE: dict[str, tuple[str, ...]] = {
    "external-secrets": (),
    "external-secrets-webhook": ("webhook",),
    "external-secrets-cert-controller": ("certController",),
}


def at(tree: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        tree = tree[key]
    return tree


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert values(ExternalSecretsSpec(), monitored=False) == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(monitored: bool) -> None:
    assert faults("external-secrets", values(ExternalSecretsSpec(), monitored=monitored)) == []


def test_every_container_has_the_room_its_pod_class_declares() -> None:
    spec = ExternalSecretsSpec(replicas=3, webhook_replicas=4)
    tree = values(spec, monitored=False)
    for pod in pods(spec):
        block = at(tree, WHERE[pod.name])
        assert block["resources"] == pod.containers[0].resources.values(), pod.name
        assert block["image"] == {"tag": pod.containers[0].image.pinned_tag}, pod.name
        assert block.get("replicaCount", 1) == pod.replicas, pod.name


def test_every_pod_tolerates_the_bootstrap_nodes_and_comes_before_workloads() -> None:
    tree = values(ExternalSecretsSpec(), monitored=False)
    for path in WHERE.values():
        assert at(tree, path)["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
        assert at(tree, path)["priorityClassName"] == "system-cluster-critical"


def test_pods_of_one_deployment_are_spread_by_that_deployments_labels() -> None:
    tree = values(ExternalSecretsSpec(), monitored=False)
    for pod in pods(ExternalSecretsSpec()):
        for constraint in at(tree, WHERE[pod.name])["topologySpreadConstraints"]:
            assert constraint["labelSelector"]["matchLabels"] == pod.labels, pod.name


def test_whoever_may_edit_a_namespace_may_not_write_a_store_there() -> None:
    rights = values(ExternalSecretsSpec(), monitored=False)["rbac"]
    assert rights["aggregateToEdit"] is False, "a store without a role reads with the operator's identity"
    assert rights["aggregateToAdmin"] is False


def test_the_operator_cannot_become_any_service_account() -> None:
    assert values(ExternalSecretsSpec(), monitored=False)["rbac"]["serviceAccountTokenCreate"] is False


def test_crds_come_with_the_chart_and_outlive_it() -> None:
    tree = values(ExternalSecretsSpec(), monitored=False)
    assert tree["installCRDs"] is True
    assert tree["crds"] == {"annotations": {"helm.sh/resource-policy": "keep"}}


def test_two_controllers_never_work_at_once() -> None:
    assert values(ExternalSecretsSpec(replicas=1), monitored=False)["leaderElect"] is True


def test_the_service_account_is_the_one_the_role_is_for() -> None:
    tree = values(ExternalSecretsSpec(), monitored=False)
    assert tree["serviceAccount"] == {"name": "external-secrets"}, "Pod Identity wants no annotation"


def test_a_missing_service_monitor_kind_is_an_error_once_monitoring_is_on() -> None:
    off, on = (values(ExternalSecretsSpec(), monitored=monitored) for monitored in (False, True))
    assert off["serviceMonitor"] == {"enabled": False}
    assert on["serviceMonitor"]["enabled"] is True
    assert on["serviceMonitor"]["renderMode"] == "failIfMissing"
    assert on["serviceMonitor"]["honorLabels"] is True, "whose secret it is, not who looks after it"
