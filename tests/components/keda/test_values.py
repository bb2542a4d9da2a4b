from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from components.charts.literals import faults
from components.charts.pods import ContainerResources
from components.core.quantities import parse
from components.keda.metrics import METRICS
from components.keda.pods import METRICS_APISERVER, OPERATOR, RELEASE, WEBHOOKS, pods
from components.keda.spec import KedaSpec
from components.keda.values import values
from components.namespaces.catalogue import NAMESPACES

PARTS = {
    OPERATOR: ("operator", "operator", "keda", "operator"),
    METRICS_APISERVER: ("metricsServer", "metricServer", "metricsApiServer", "metricsServer"),
    WEBHOOKS: ("webhooks", "webhooks", "webhooks", "webhooks"),
}
"""Each part as the chart calls it: at its own values, under `resources` and budgets, images, spread."""


def said(**changed: Any) -> dict[str, Any]:
    return values(KedaSpec(**changed), monitored=True)


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert said() == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(monitored: bool) -> None:
    assert faults(RELEASE, values(KedaSpec(), monitored=monitored)) == []


def test_every_part_is_what_its_pod_class_declares() -> None:
    room = ContainerResources(cpu="200m", memory="1Gi", cpu_limit="2", memory_limit="2Gi")
    spec = KedaSpec(replicas=3, resources=room)
    tree = values(spec, monitored=False)
    for pod in pods(spec):
        own, shared, image, spread = PARTS[pod.name]
        (container,) = pod.containers
        assert tree[own]["replicaCount"] == pod.replicas == 3
        assert tree["resources"][shared] == container.resources.values()
        said_image = tree["image"][image]
        assert f"{said_image['registry']}/{said_image['repository']}:{said_image['tag']}" == (
            container.image.reference
        )
        for constraint in tree["topologySpreadConstraints"][spread]:
            assert constraint["labelSelector"]["matchLabels"] == pod.labels


@pytest.mark.parametrize(("replicas", "budget"), [(1, {}), (2, {"maxUnavailable": 1})])
def test_a_drain_leaves_one_of_two_and_can_move_a_single_one(replicas: int, budget: dict[str, int]) -> None:
    assert list(said(replicas=replicas)["podDisruptionBudget"].values()) == [budget] * 3


def test_no_secret_but_its_own_namespaces_can_be_read() -> None:
    """`get` on every kind, which the chart gives for custom kinds to be scaled, is a right to read Secrets."""
    tree = said()
    assert {part["restrict"]["secret"] for part in tree["permissions"].values()} == {True}
    assert tree["rbac"] == {"enabledCustomScaledRefKinds": False}


def test_it_may_change_no_webhook_of_anybody_else() -> None:
    assert said()["certificates"] == {"certManager": {"enabled": True}}


def test_no_tenant_stands_in_the_values_of_the_shared_release() -> None:
    assert "watchNamespace" not in said(), "empty: every namespace, the next tenant's too"


def test_what_was_scaled_is_still_known_when_the_release_goes() -> None:
    assert said()["crds"] == {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}}


def test_pods_start_while_the_registry_is_down() -> None:
    assert said()["image"]["pullPolicy"] == "IfNotPresent"


def test_series_are_about_the_namespace_of_the_scaled_object() -> None:
    for part in said()["prometheus"].values():
        copied, dropped = part["serviceMonitor"]["metricRelabelings"]
        assert (copied["sourceLabels"], copied["targetLabel"]) == (["exported_namespace"], "namespace")
        assert dropped == {"action": "labeldrop", "regex": copied["sourceLabels"][0]}


def test_a_monitor_is_asked_for_only_where_its_kind_exists() -> None:
    for part in values(KedaSpec(), monitored=False)["prometheus"].values():
        assert part == {"enabled": True, "serviceMonitor": {"enabled": False}}
    assert {source.job for source in METRICS} == set(PARTS)


def test_the_quota_holds_the_largest_size_while_it_is_updated() -> None:
    quota = NAMESPACES["keda"].quota
    assert quota is not None
    declared = pods(KedaSpec(replicas=3))
    for pod_sum, allowed in (
        (sum(pod.requests("cpu") for pod in declared), quota.cpu),
        (sum(pod.requests("memory") for pod in declared), quota.memory),
        (sum(pod.limits("cpu") for pod in declared), quota.limits_cpu),
        (sum(pod.limits("memory") for pod in declared), quota.limits_memory),
    ):
        assert 4 * pod_sum <= parse(allowed), "three, and one that takes the place of another"
    assert quota.pods == 4 * len(declared)


@pytest.mark.parametrize("replicas", [0, 4])
def test_a_number_of_pods_that_helps_nobody_is_refused(replicas: int) -> None:
    with pytest.raises(ValidationError, match="replicas"):
        KedaSpec(replicas=replicas)
