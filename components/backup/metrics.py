"""Velero's own series, as its source registers them (pkg/metrics/metrics.go of 1.18)."""

from __future__ import annotations

from components.backup.pods import RELEASE
from components.charts.metrics import MetricSource, histogram

COMPONENT = "velero"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                # 1 where the last backup of a schedule was complete, 0 where it was not.
                "velero_backup_last_status",
                "velero_backup_last_successful_timestamp",
                "velero_backup_attempt_total",
                "velero_backup_success_total",
                "velero_backup_partial_failure_total",
                "velero_backup_failure_total",
                "velero_backup_validation_failure_total",
                "velero_backup_deletion_failure_total",
                "velero_backup_items_errors",
                "velero_backup_items_total",
                "velero_backup_tarball_size_bytes",
                "velero_backup_total",
                "velero_backup_warning_total",
                "velero_backup_location_status_gauge",
                "velero_schedule_expected_interval_seconds",
                "velero_csi_snapshot_attempt_total",
                "velero_csi_snapshot_success_total",
                "velero_csi_snapshot_failure_total",
                "velero_restore_attempt_total",
                "velero_restore_success_total",
                "velero_restore_partial_failure_total",
                "velero_restore_failed_total",
                "velero_restore_validation_failed_total",
                *histogram("velero_backup_duration_seconds"),
            }
        ),
    ),
)
