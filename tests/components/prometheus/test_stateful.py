from __future__ import annotations

from components.core.stateful import BackupOwner
from components.prometheus.stateful import stateful


def test_claims_are_named_as_the_operator_names_them() -> None:
    names = {one.name for one in stateful()}
    prometheus = "prometheus-kube-prometheus-stack-prometheus"
    assert names == {
        f"observability/{prometheus}-db-{prometheus}",
        "observability/alertmanager-kube-prometheus-stack-alertmanager"
        "-db-alertmanager-kube-prometheus-stack-alertmanager",
        "observability/kube-prometheus-stack-grafana",
    }
    assert {one.owner for one in stateful()} == {BackupOwner.VOLUME_SNAPSHOTS}
