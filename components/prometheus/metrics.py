"""The series that exist wherever Prometheus is installed: of the cluster, its nodes and the stack itself."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.prometheus.pods import RELEASE

COMPONENT = "prometheus"

_ALWAYS = ("up", "scrape_duration_seconds", "scrape_samples_scraped")
"""Prometheus writes these for every target of every job."""


def _source(job: str, *names: str) -> MetricSource:
    return MetricSource(component=COMPONENT, job=job, names=frozenset({*_ALWAYS, *names}))


KUBELET = _source(
    "kubelet",
    # /metrics
    "kubelet_node_name",
    "kubelet_running_containers",
    "kubelet_running_pods",
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
    "kubelet_volume_stats_inodes",
    "kubelet_volume_stats_inodes_free",
    "kubelet_volume_stats_used_bytes",
    *histogram("kubelet_pod_start_duration_seconds"),
    # /metrics/cadvisor, without the many that the chart drops
    "container_cpu_cfs_periods_total",
    "container_cpu_cfs_throttled_periods_total",
    "container_cpu_usage_seconds_total",
    "container_fs_reads_bytes_total",
    "container_fs_writes_bytes_total",
    "container_memory_cache",
    "container_memory_rss",
    "container_memory_working_set_bytes",
    "container_network_receive_bytes_total",
    "container_network_receive_packets_dropped_total",
    "container_network_transmit_bytes_total",
    "container_network_transmit_packets_dropped_total",
    "container_oom_events_total",
    "machine_cpu_cores",
    "machine_memory_bytes",
)
STATE_METRICS = _source(
    "kube-state-metrics",
    "kube_cronjob_next_schedule_time",
    "kube_cronjob_status_active",
    "kube_daemonset_status_desired_number_scheduled",
    "kube_daemonset_status_number_available",
    "kube_daemonset_status_number_unavailable",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas",
    "kube_deployment_status_replicas_available",
    "kube_deployment_status_replicas_unavailable",
    "kube_horizontalpodautoscaler_spec_max_replicas",
    "kube_horizontalpodautoscaler_status_current_replicas",
    "kube_horizontalpodautoscaler_status_desired_replicas",
    "kube_job_status_active",
    "kube_job_status_failed",
    "kube_job_status_succeeded",
    "kube_limitrange",
    "kube_namespace_labels",
    "kube_namespace_status_phase",
    "kube_node_info",
    "kube_node_labels",
    "kube_node_spec_taint",
    "kube_node_spec_unschedulable",
    "kube_node_status_allocatable",
    "kube_node_status_capacity",
    "kube_node_status_condition",
    "kube_persistentvolume_capacity_bytes",
    "kube_persistentvolumeclaim_info",
    "kube_persistentvolumeclaim_resource_requests_storage_bytes",
    "kube_persistentvolumeclaim_status_phase",
    "kube_pod_container_info",
    "kube_pod_container_resource_limits",
    "kube_pod_container_resource_requests",
    "kube_pod_container_status_last_terminated_reason",
    "kube_pod_container_status_ready",
    "kube_pod_container_status_restarts_total",
    "kube_pod_container_status_waiting_reason",
    "kube_pod_info",
    "kube_pod_owner",
    "kube_pod_status_phase",
    "kube_pod_status_ready",
    "kube_pod_status_reason",
    "kube_poddisruptionbudget_status_current_healthy",
    "kube_poddisruptionbudget_status_desired_healthy",
    "kube_replicaset_owner",
    "kube_resourcequota",
    "kube_service_info",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
)
NODE_EXPORTER = _source(
    "node-exporter",
    "node_boot_time_seconds",
    "node_cpu_seconds_total",
    "node_disk_io_time_seconds_total",
    "node_disk_read_bytes_total",
    "node_disk_written_bytes_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_files_free",
    "node_filesystem_readonly",
    "node_filesystem_size_bytes",
    "node_load1",
    "node_load5",
    "node_load15",
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
    "node_network_receive_bytes_total",
    "node_network_transmit_bytes_total",
    "node_nf_conntrack_entries",
    "node_nf_conntrack_entries_limit",
    "node_uname_info",
)
API_SERVER = _source(
    "apiserver",
    "apiserver_current_inflight_requests",
    "apiserver_request_total",
    *histogram("apiserver_request_duration_seconds"),
    *histogram("apiserver_admission_webhook_admission_duration_seconds"),
    "apiserver_admission_webhook_rejection_count",
    "apiserver_storage_size_bytes",
)
COREDNS = _source(
    "coredns",
    "coredns_dns_requests_total",
    "coredns_dns_responses_total",
    *histogram("coredns_dns_request_duration_seconds"),
)
PROMETHEUS = _source(
    f"{RELEASE}-prometheus",
    "prometheus_config_last_reload_successful",
    "prometheus_notifications_dropped_total",
    "prometheus_rule_evaluation_failures_total",
    "prometheus_rule_group_iterations_missed_total",
    "prometheus_target_scrapes_exceeded_sample_limit_total",
    "prometheus_tsdb_head_samples_appended_total",
    "prometheus_tsdb_head_series",
    "prometheus_tsdb_out_of_order_samples_appended_total",
    "prometheus_tsdb_storage_blocks_bytes",
    "process_resident_memory_bytes",
)
ALERTMANAGER = _source(
    f"{RELEASE}-alertmanager",
    "alertmanager_alerts",
    "alertmanager_config_last_reload_successful",
    "alertmanager_notifications_failed_total",
    "alertmanager_notifications_total",
)
OPERATOR = _source(
    f"{RELEASE}-operator",
    "prometheus_operator_reconcile_errors_total",
    "prometheus_operator_reconcile_operations_total",
    "prometheus_operator_rejected_resources_total",
)

METRICS: tuple[MetricSource, ...] = (
    KUBELET,
    STATE_METRICS,
    NODE_EXPORTER,
    API_SERVER,
    COREDNS,
    PROMETHEUS,
    ALERTMANAGER,
    OPERATOR,
)
