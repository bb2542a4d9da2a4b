from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from components.charts import pins
from components.charts.literals import faults
from components.core.labels import TENANT_LABEL
from components.prometheus.pods import RELEASE, pods, replica_hosts
from components.prometheus.secrets import credentials
from components.prometheus.spec import GrafanaSpec, PrometheusSpec
from components.prometheus.values import HIDDEN_ON_EKS, values

VALUES = values(PrometheusSpec())
SPEC = VALUES["prometheus"]["prometheusSpec"]


def blocks(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every `resources` block anywhere in the values."""
    for key, value in tree.items():
        if isinstance(value, dict):
            below = cast("dict[str, Any]", value)
            if key == "resources" and "limits" in below:
                yield below
            yield from blocks(below)


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert snapshot == VALUES


@pytest.mark.parametrize("replicas", [1, 2])
def test_values_are_literals_without_secrets(replicas: int) -> None:
    spec = PrometheusSpec(replicas=replicas, grafana=GrafanaSpec(host="grafana.example.com"))
    assert faults(RELEASE, values(spec)) == []


def test_definitions_are_left_to_their_own_release() -> None:
    assert VALUES["crds"] == {"enabled": False}
    assert pins.PROMETHEUS_OPERATOR_CRDS.crds is pins.Crds.ONLY


def test_what_aws_hides_is_not_scraped_and_has_no_alert_that_never_ends() -> None:
    for name in HIDDEN_ON_EKS:
        assert VALUES[name] == {"enabled": False}
    assert set(VALUES["defaultRules"]["rules"].values()) == {False}


def test_every_monitor_and_rule_is_seen_whoever_wrote_it() -> None:
    for kind in ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"):
        assert SPEC[f"{kind}SelectorNilUsesHelmValues"] is False


def test_every_declared_container_is_sized_with_what_was_declared() -> None:
    given = list(blocks(VALUES))
    for pod in pods(PrometheusSpec()):
        for container in pod.containers:
            assert container.resources.values() in given, f"{pod.name}/{container.name}"


def test_series_leave_a_fifth_of_the_volume_free() -> None:
    made = values(PrometheusSpec(storage_gib=100, retention_days=30))["prometheus"]["prometheusSpec"]
    assert (made["retention"], made["retentionSize"]) == ("30d", "80GiB")
    claim = made["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert claim["resources"]["requests"]["storage"] == "100Gi"
    assert claim["storageClassName"] == "gp3"


def test_only_the_node_exporter_leaves_the_restricted_namespace() -> None:
    assert VALUES["prometheus-node-exporter"]["namespaceOverride"] == "node-monitoring"
    assert VALUES["grafana"]["initChownData"] == {"enabled": False}
    assert VALUES["grafana"]["testFramework"] == {"enabled": False}
    outside = [pod.name for pod in pods(PrometheusSpec()) if pod.namespace != "observability"]
    assert outside == [f"{RELEASE}-prometheus-node-exporter"]


def test_grafana_has_no_password_of_ours_and_cannot_read_other_namespaces() -> None:
    grafana = VALUES["grafana"]
    (admin,) = credentials()
    (consumer,) = admin.consumers
    assert grafana["admin"]["existingSecret"] == admin.secret_in(consumer)
    assert {grafana["admin"]["userKey"], grafana["admin"]["passwordKey"]} == {
        *admin.keys_for(consumer),
        *consumer.literals,
    }
    assert "adminPassword" not in grafana
    assert grafana["rbac"] == {"namespaced": True}, "its sidecars would read every Secret of the cluster"
    assert grafana["sidecar"]["dashboards"]["searchNamespace"] == "observability"
    assert grafana["sidecar"]["datasources"]["searchNamespace"] == "observability"


def test_state_metrics_can_neither_read_secrets_nor_configuration() -> None:
    collectors = VALUES["kube-state-metrics"]["collectors"]
    assert not {"secrets", "configmaps"} & set(collectors)


def test_a_namespace_tells_its_tenant() -> None:
    assert f"namespaces=[{TENANT_LABEL}]" in VALUES["kube-state-metrics"]["metricLabelsAllowlist"]


def test_collectors_may_write_and_cross_on_their_way() -> None:
    assert SPEC["enableRemoteWriteReceiver"] is True
    assert SPEC["tsdb"] == {"outOfOrderTimeWindow": "10m"}


def test_two_replicas_are_kept_apart_and_written_to_one_by_one() -> None:
    spec = PrometheusSpec(replicas=2)
    assert values(spec)["prometheus"]["prometheusSpec"]["podAntiAffinity"] == "hard"
    assert SPEC["podAntiAffinity"] == "soft"
    assert replica_hosts(spec) == (
        "prometheus-kube-prometheus-stack-prometheus-0.prometheus-operated.observability.svc:9090",
        "prometheus-kube-prometheus-stack-prometheus-1.prometheus-operated.observability.svc:9090",
    )


def test_grafana_knows_its_public_name_only_where_it_has_one() -> None:
    named = values(PrometheusSpec(grafana=GrafanaSpec(host="grafana.example.com")))["grafana"]
    assert named["grafana.ini"]["server"] == {"root_url": "https://grafana.example.com"}
    assert "server" not in VALUES["grafana"]["grafana.ini"]


@pytest.mark.parametrize("host", ["https://grafana.example.com", "grafana", "Grafana.example.com"])
def test_a_host_is_a_bare_name(host: str) -> None:
    with pytest.raises(ValidationError, match="should match pattern"):
        GrafanaSpec(host=host)
