"""What the monitoring stack keeps on volumes."""

from __future__ import annotations

from components.core.stateful import BackupOwner, Stateful
from components.prometheus.pods import GRAFANA_SERVICE, NAMESPACE, PROMETHEUS_POD, RELEASE

_ALERTMANAGER = f"alertmanager-{RELEASE}-alertmanager"


def stateful() -> tuple[Stateful, ...]:
    """Series, silences, and what people made by hand in Grafana.

    Claims of the operator's StatefulSets are named `<set>-db-<pod>` (prometheus-operator,
    pkg/operator/statefulset.go and its callers).
    """
    return (
        Stateful(
            what="series of metrics, for as long as the retention says",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/{PROMETHEUS_POD}-db-{PROMETHEUS_POD}",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
        Stateful(
            what="silences, and which alerts were sent",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/{_ALERTMANAGER}-db-{_ALERTMANAGER}",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
        Stateful(
            what="Grafana's users, sessions, and dashboards made by hand",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/{GRAFANA_SERVICE}",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
    )
