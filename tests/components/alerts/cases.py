"""For each alert a moment in which it has to fire, and one, as like it as possible, in which it must not."""

from __future__ import annotations

from dataclasses import dataclass, field

Series = dict[str, str]
DAY = 86400


@dataclass(frozen=True, kw_only=True)
class Case:
    """Series that fire an alert with these labels, and series that do not."""

    fires: Series
    labels: dict[str, str] = field(default_factory=dict[str, str])
    silent: Series
    at: str = "3h"


def always(name: str, value: float = 1) -> Series:
    return {name: f"{value:g}x400"}


def rising(name: str, step: float = 1) -> Series:
    return {name: f"0+{step:g}x400"}


_NODE = 'kube_node_status_condition{condition="Ready", status="true", node="n1"}'
_GPU_NODE = 'kube_node_status_capacity{resource="nvidia_com_gpu", node="n1"}'
_GPU = 'namespace="ai-inference", pod="llama-0", gpu="3", UUID="GPU-1"'
_GPU_LABELS = {"namespace": "ai-inference", "pod": "llama-0", "gpu": "3", "UUID": "GPU-1"}
_CERTIFICATE = 'name="tls", namespace="ai-gateway"'
_OBJECT = 'name="app", namespace="observability"'
_OBJECT_LABELS = {"name": "app", "namespace": "observability", "condition": "Ready", "status": "False"}
_POD = 'namespace="ai-data", pod="valkey-0"'
_POD_LABELS = {"namespace": "ai-data", "pod": "valkey-0"}
_EXPORT = 'job="otel-collector", exporter="awsxray", instance="i"'
_WRITE = 'job="otel-collector", exporter="prometheusremotewrite/0", instance="i"'
_CLICKHOUSE = {"pod": "clickhouse-0"}


def _deployment(namespace: str, name: str) -> str:
    return f'kube_deployment_status_replicas_available{{namespace="{namespace}", deployment="{name}"}}'


def _stateful_set(name: str, namespace: str = "ai-data") -> str:
    return f'kube_statefulset_status_replicas_ready{{namespace="{namespace}", statefulset="{name}"}}'


_QUEUE = 'namespace="ai-agents", agent="support"'

CASES: dict[str, Case] = {
    "AgentTasksGivenUp": Case(
        fires=rising(f'agent_queue_tasks_total{{{_QUEUE}, outcome="dead", pod="a"}}', 0.1),
        labels={"namespace": "ai-agents", "agent": "support"},
        silent=rising(f'agent_queue_tasks_total{{{_QUEUE}, outcome="retried", pod="a"}}'),
    ),
    "AgentTasksWait": Case(
        fires=rising(f'agent_queue_waiting_tasks{{{_QUEUE}, pod="a"}}'),
        labels={"namespace": "ai-agents", "agent": "support"},
        # As many, but fewer every minute.
        silent={f'agent_queue_waiting_tasks{{{_QUEUE}, pod="a"}}': "1000-1x400"},
    ),
    "ModelCacheFull": Case(
        fires=always('vllm:kv_cache_usage_perc{namespace="ai-inference", model_name="llama", pod="a"}', 0.97),
        labels={"namespace": "ai-inference", "model_name": "llama"},
        silent=always('vllm:kv_cache_usage_perc{namespace="ai-inference", model_name="llama", pod="a"}', 0.9),
    ),
    "KarpenterCannotLaunch": Case(
        fires=rising('karpenter_cloudprovider_instance_launch_failures_total{reason="capacity"}', 0.5),
        silent=always('karpenter_cloudprovider_instance_launch_failures_total{reason="capacity"}', 40),
    ),
    "PodsUnschedulable": Case(
        fires=always("karpenter_scheduler_unschedulable_pods_count", 2),
        silent=always("karpenter_scheduler_unschedulable_pods_count", 0),
    ),
    "NodePoolNearLimit": Case(
        fires={
            **always('karpenter_nodepools_usage{nodepool="l4", resource_type="nvidia.com/gpu"}', 8),
            **always('karpenter_nodepools_limit{nodepool="l4", resource_type="nvidia.com/gpu"}', 8),
        },
        labels={"nodepool": "l4", "resource_type": "nvidia.com/gpu"},
        silent={
            # A limit of nothing is a pool that is switched off, and not one that is full.
            **always('karpenter_nodepools_usage{nodepool="l4", resource_type="nvidia.com/gpu"}', 0),
            **always('karpenter_nodepools_limit{nodepool="l4", resource_type="nvidia.com/gpu"}', 0),
        },
    ),
    "GpuNodeNotReady": Case(
        fires={**always(_NODE, 0), **always(_GPU_NODE, 8)},
        labels={"condition": "Ready", "status": "true", "node": "n1"},
        # The chart's own alert is about nodes without GPUs.
        silent={**always(_NODE, 0), **always(_GPU_NODE, 0)},
    ),
    "PodsWaitForGpus": Case(
        fires={
            **always(
                "kube_pod_container_resource_requests"
                '{resource="nvidia_com_gpu", namespace="acme", pod="p", container="c"}',
                4,
            ),
            **always('kube_pod_status_phase{phase="Pending", namespace="acme", pod="p"}'),
        },
        labels={"namespace": "acme"},
        silent={
            **always(
                "kube_pod_container_resource_requests"
                '{resource="nvidia_com_gpu", namespace="acme", pod="p", container="c"}',
                4,
            ),
            **always('kube_pod_status_phase{phase="Pending", namespace="acme", pod="p"}', 0),
            **always('kube_pod_status_phase{phase="Pending", namespace="acme", pod="without"}'),
        },
    ),
    "ContainerOutOfMemory": Case(
        fires={
            **rising(
                'kube_pod_container_status_restarts_total{namespace="acme", pod="p", container="c"}', 0.2
            ),
            **always(
                "kube_pod_container_status_last_terminated_reason"
                '{reason="OOMKilled", namespace="acme", pod="p", container="c"}'
            ),
        },
        labels={"namespace": "acme", "pod": "p", "container": "c"},
        # It was killed for memory once, long ago, and has run since.
        silent={
            **always('kube_pod_container_status_restarts_total{namespace="acme", pod="p", container="c"}', 3),
            **always(
                "kube_pod_container_status_last_terminated_reason"
                '{reason="OOMKilled", namespace="acme", pod="p", container="c"}'
            ),
        },
    ),
    "GpuHardwareError": Case(
        fires=always(f"DCGM_FI_DEV_XID_ERRORS{{{_GPU}}}", 79),
        labels={**_GPU_LABELS},
        # 31: a program read where it may not.
        silent=always(f"DCGM_FI_DEV_XID_ERRORS{{{_GPU}}}", 31),
    ),
    "GpuMemoryWornOut": Case(
        fires=always(f"DCGM_FI_DEV_ROW_REMAP_FAILURE{{{_GPU}}}", 1),
        labels=_GPU_LABELS,
        silent=always(f"DCGM_FI_DEV_ROW_REMAP_FAILURE{{{_GPU}}}", 0),
    ),
    "GpuTooHot": Case(
        fires=always(f"DCGM_FI_DEV_GPU_TEMP{{{_GPU}}}", 91),
        labels=_GPU_LABELS,
        silent=always(f"DCGM_FI_DEV_GPU_TEMP{{{_GPU}}}", 80),
    ),
    "GpuHeldIdle": Case(
        fires=always(f"DCGM_FI_DEV_GPU_UTIL{{{_GPU}}}", 0),
        labels={"namespace": "ai-inference", "pod": "llama-0"},
        # Nobody holds this one, and another works in one minute of an hour.
        silent={
            **always('DCGM_FI_DEV_GPU_UTIL{gpu="0", UUID="GPU-0"}', 0),
            f"DCGM_FI_DEV_GPU_UTIL{{{_GPU}}}": "0x59 90 0x59 90 0x59 90 0x59 90 0x59 90 0x59",
        },
        at="5h",
    ),
    "CertificateNotRenewed": Case(
        fires=always(f"certmanager_certificate_renewal_timestamp_seconds{{{_CERTIFICATE}}}", 60),
        labels={"name": "tls", "namespace": "ai-gateway"},
        # Zero is a certificate that was never issued, not one of 1970.
        silent=always(f"certmanager_certificate_renewal_timestamp_seconds{{{_CERTIFICATE}}}", 0),
    ),
    "CertificateExpiring": Case(
        fires={
            **always(f"certmanager_certificate_expiration_timestamp_seconds{{{_CERTIFICATE}}}", DAY),
            **always(f"certmanager_certificate_renewal_timestamp_seconds{{{_CERTIFICATE}}}", 60),
        },
        labels={"name": "tls", "namespace": "ai-gateway"},
        # A certificate of a day, which is renewed in time, is never far from its end.
        silent={
            **always(f"certmanager_certificate_expiration_timestamp_seconds{{{_CERTIFICATE}}}", DAY),
            **always(f"certmanager_certificate_renewal_timestamp_seconds{{{_CERTIFICATE}}}", DAY / 2),
        },
    ),
    "CertificateNotReady": Case(
        fires=always(f'certmanager_certificate_ready_status{{{_CERTIFICATE}, condition="True"}}', 0),
        labels={"name": "tls", "namespace": "ai-gateway", "condition": "True"},
        silent={
            **always(f'certmanager_certificate_ready_status{{{_CERTIFICATE}, condition="True"}}', 1),
            **always(f'certmanager_certificate_ready_status{{{_CERTIFICATE}, condition="False"}}', 0),
        },
    ),
    **{
        alert: Case(
            fires=always(f'{metric}{{{_OBJECT}, condition="Ready", status="False"}}'),
            labels=_OBJECT_LABELS,
            silent={
                **always(f'{metric}{{{_OBJECT}, condition="Ready", status="False"}}', 0),
                **always(f'{metric}{{{_OBJECT}, condition="Ready", status="True"}}'),
            },
        )
        for alert, metric in (
            ("SecretStoreNotReady", "clustersecretstore_status_condition"),
            ("ExternalSecretNotSynced", "externalsecret_status_condition"),
            ("SecretNotPushed", "pushsecret_status_condition"),
        )
    },
    "TenantQuotaNearlyFull": Case(
        fires={
            **always(
                'kube_resourcequota{namespace="acme", resourcequota="quota", resource="pods", type="used"}',
                49,
            ),
            **always(
                'kube_resourcequota{namespace="acme", resourcequota="quota", resource="pods", type="hard"}',
                50,
            ),
            **always('kube_namespace_labels{namespace="acme", label_agentic_dev_tenant="acme"}'),
        },
        labels={
            "namespace": "acme",
            "resourcequota": "quota",
            "resource": "pods",
            "label_agentic_dev_tenant": "acme",
        },
        # The platform fills a namespace of its own on purpose; and a quota of nothing is a prohibition.
        silent={
            **always(
                'kube_resourcequota{namespace="keda", resourcequota="quota", resource="pods", type="used"}',
                50,
            ),
            **always(
                'kube_resourcequota{namespace="keda", resourcequota="quota", resource="pods", type="hard"}',
                50,
            ),
            **always('kube_namespace_labels{namespace="keda"}'),
            **always(
                'kube_resourcequota{namespace="acme", resourcequota="quota", resource="gpu", type="used"}', 0
            ),
            **always(
                'kube_resourcequota{namespace="acme", resourcequota="quota", resource="gpu", type="hard"}', 0
            ),
            **always('kube_namespace_labels{namespace="acme", label_agentic_dev_tenant="acme"}'),
        },
    ),
    "VolumeFillingUp": Case(
        fires={
            'kubelet_volume_stats_available_bytes{namespace="ai-data", persistentvolumeclaim="v"}': "24-0.01x1000",
            'kubelet_volume_stats_capacity_bytes{namespace="ai-data", persistentvolumeclaim="v"}': "100x1000",
        },
        labels={"namespace": "ai-data", "persistentvolumeclaim": "v"},
        # Nearly full for ever: what is on it does not grow.
        silent={
            'kubelet_volume_stats_available_bytes{namespace="ai-data", persistentvolumeclaim="v"}': "10x1000",
            'kubelet_volume_stats_capacity_bytes{namespace="ai-data", persistentvolumeclaim="v"}': "100x1000",
        },
        at="14h",
    ),
    "PrometheusNearMemoryLimit": Case(
        fires={
            **always(
                'container_memory_working_set_bytes{container="prometheus", namespace="observability", pod="p"}',
                9,
            ),
            **always(
                'kube_pod_container_resource_limits{container="prometheus", namespace="observability", pod="p",'
                ' resource="memory"}',
                10,
            ),
        },
        labels={"container": "prometheus", "namespace": "observability", "pod": "p"},
        silent={
            **always(
                'container_memory_working_set_bytes{container="prometheus", namespace="observability", pod="p"}',
                8,
            ),
            **always(
                'kube_pod_container_resource_limits{container="prometheus", namespace="observability", pod="p",'
                ' resource="memory"}',
                10,
            ),
        },
    ),
    "MilvusDown": Case(
        fires=always(_deployment("ai-data", "milvus-proxy"), 0),
        labels={"namespace": "ai-data", "deployment": "milvus-proxy"},
        silent={
            **always(_deployment("ai-data", "milvus-proxy"), 1),
            **always(_deployment("acme", "milvus-proxy"), 0),
        },
    ),
    "MilvusMetadataDown": Case(
        # Of a Milvus that is one tenant's; what the rule says of the shared one is the same.
        fires=always(_stateful_set("milvus-acme-etcd", "ai-data-acme"), 0),
        labels={"namespace": "ai-data-acme", "statefulset": "milvus-acme-etcd"},
        silent={**always(_stateful_set("milvus-etcd"), 2), **always(_stateful_set("milvus-etcd", "acme"), 0)},
    ),
    "MilvusMetadataNearlyFull": Case(
        fires={
            **always('etcd_mvcc_db_total_size_in_bytes{namespace="ai-data", pod="milvus-etcd-0"}', 1.9),
            **always('etcd_server_quota_backend_bytes{namespace="ai-data", pod="milvus-etcd-0"}', 2),
        },
        labels={"namespace": "ai-data", "pod": "milvus-etcd-0"},
        silent={
            **always('etcd_mvcc_db_total_size_in_bytes{namespace="ai-data", pod="milvus-etcd-0"}', 1),
            **always('etcd_server_quota_backend_bytes{namespace="ai-data", pod="milvus-etcd-0"}', 2),
        },
    ),
    "MilvusDeniesWrites": Case(
        fires=rising('milvus_rootcoord_force_deny_writing_counter{namespace="ai-data", pod="m"}'),
        labels={"namespace": "ai-data"},
        silent=always('milvus_rootcoord_force_deny_writing_counter{namespace="ai-data", pod="m"}', 5),
    ),
    "ValkeyDown": Case(
        fires=always(_stateful_set("valkey"), 0),
        labels={"namespace": "ai-data", "statefulset": "valkey"},
        silent=always(_stateful_set("valkey"), 1),
    ),
    "ValkeyNearlyFull": Case(
        fires={
            **always(f"redis_memory_used_bytes{{{_POD}}}", 95),
            **always(f"redis_memory_max_bytes{{{_POD}}}", 100),
        },
        labels=_POD_LABELS,
        # No limit is written as zero.
        silent={
            **always(f"redis_memory_used_bytes{{{_POD}}}", 95),
            **always(f"redis_memory_max_bytes{{{_POD}}}", 0),
        },
    ),
    "ValkeyNotPersisting": Case(
        fires=always(f"redis_aof_last_write_status{{{_POD}}}", 0),
        labels=_POD_LABELS,
        silent=always(f"redis_aof_last_write_status{{{_POD}}}", 1),
    ),
    "LangfuseDown": Case(
        fires=always(_deployment("observability", "langfuse-worker"), 0),
        labels={"namespace": "observability", "deployment": "langfuse-worker"},
        silent={
            **always(_deployment("observability", "langfuse-worker"), 1),
            **always(_deployment("observability", "otel-collector"), 0),
        },
    ),
    "ClickHouseReadOnly": Case(
        fires=always('ClickHouseMetrics_ReadonlyReplica{pod="clickhouse-0"}', 1),
        labels=_CLICKHOUSE,
        silent=always('ClickHouseMetrics_ReadonlyReplica{pod="clickhouse-0"}', 0),
    ),
    "ClickHouseRejectsInserts": Case(
        fires=rising('ClickHouseProfileEvents_RejectedInserts{pod="clickhouse-0"}'),
        labels=_CLICKHOUSE,
        silent=always('ClickHouseProfileEvents_RejectedInserts{pod="clickhouse-0"}', 12),
    ),
    "TracesArriveLate": Case(
        fires=always('ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay{pod="clickhouse-0"}', 900),
        labels=_CLICKHOUSE,
        silent={
            **always('ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay{pod="clickhouse-0"}', 10),
            **always('ClickHouseProfileEvents_DelayedInserts{pod="clickhouse-0"}', 3),
        },
    ),
    "CollectorGatewayDown": Case(
        fires=always('up{job="otel-collector", instance="a"}', 0),
        # One of two is enough.
        silent={
            **always('up{job="otel-collector", instance="a"}', 0),
            **always('up{job="otel-collector", instance="b"}', 1),
        },
    ),
    "CollectorLosesData": Case(
        fires=rising(f"otelcol_exporter_enqueue_failed_spans_total{{{_EXPORT}}}"),
        labels={"job": "otel-collector", "exporter": "awsxray"},
        silent={
            **always(f"otelcol_exporter_enqueue_failed_spans_total{{{_EXPORT}}}", 7),
            **rising(f"otelcol_exporter_sent_spans_total{{{_EXPORT}}}"),
        },
    ),
    "CollectorRefusesData": Case(
        fires=rising('otelcol_receiver_refused_log_records_total{job="otel-collector", receiver="otlp"}'),
        labels={"job": "otel-collector", "receiver": "otlp"},
        silent=always('otelcol_receiver_refused_log_records_total{job="otel-collector", receiver="otlp"}', 9),
    ),
    "CollectorQueueFilling": Case(
        fires={
            **always(f"otelcol_exporter_queue_size{{{_EXPORT}}}", 900),
            **always(f"otelcol_exporter_queue_capacity{{{_EXPORT}}}", 1000),
        },
        labels={"job": "otel-collector", "exporter": "awsxray"},
        silent={
            **always(f"otelcol_exporter_queue_size{{{_EXPORT}}}", 900),
            **always(f"otelcol_exporter_queue_capacity{{{_EXPORT}}}", 5000),
        },
    ),
    "RemoteWriteFailing": Case(
        fires={
            **rising(f"otelcol_exporter_send_failed_metric_points_total{{{_WRITE}}}", 5),
            **rising(f"otelcol_exporter_sent_metric_points_total{{{_WRITE}}}", 95),
        },
        labels={"exporter": "prometheusremotewrite/0"},
        silent={
            **rising(f"otelcol_exporter_send_failed_metric_points_total{{{_WRITE}}}", 0),
            **rising(f"otelcol_exporter_sent_metric_points_total{{{_WRITE}}}", 95),
            **rising(f"otelcol_exporter_send_failed_metric_points_total{{{_EXPORT}}}", 95),
        },
    ),
    "GatewayHighErrorRate": Case(
        fires={
            **rising('agentgateway_requests_total{tenant="acme", status="503"}', 10),
            **rising('agentgateway_requests_total{tenant="acme", status="200"}', 90),
        },
        labels={"tenant": "acme"},
        # What the caller did wrong is not ours, and another's traffic neither hides nor makes a failure.
        silent={
            **rising('agentgateway_requests_total{tenant="acme", status="429"}', 90),
            **rising('agentgateway_requests_total{tenant="globex", status="503"}', 1),
            **rising('agentgateway_requests_total{tenant="globex", status="200"}', 99),
        },
    ),
    "TenantBudgetNearlyUsed": Case(
        fires={
            **always('litellm_remaining_api_key_budget_metric{api_key_alias="acme"}', 19),
            **always('litellm_api_key_max_budget_metric{api_key_alias="acme"}', 100),
        },
        labels={"api_key_alias": "acme"},
        silent={
            **always('litellm_remaining_api_key_budget_metric{api_key_alias="acme"}', 21),
            **always('litellm_api_key_max_budget_metric{api_key_alias="acme"}', 100),
        },
    ),
    "RelayModelFailing": Case(
        fires={
            **rising(
                'litellm_deployment_failure_responses_total{requested_model="gpt-4.1", api_provider="openai"}',
                3,
            ),
            **rising(
                'litellm_deployment_success_responses_total{requested_model="gpt-4.1", api_provider="openai"}',
                2,
            ),
        },
        labels={"requested_model": "gpt-4.1"},
        silent={
            **rising(
                'litellm_deployment_failure_responses_total{requested_model="gpt-4.1", api_provider="openai"}',
                2,
            ),
            **rising(
                'litellm_deployment_success_responses_total{requested_model="gpt-4.1", api_provider="openai"}',
                3,
            ),
        },
    ),
    "RateLimitsUnknown": Case(
        fires=rising('ratelimit_service_should_rate_limit_error{err_type="redis_error"}'),
        silent=always('ratelimit_service_should_rate_limit_error{err_type="redis_error"}', 4),
    ),
    "AgentsNotReconciled": Case(
        fires=rising(
            'controller_runtime_reconcile_errors_total{job="kagent-controller-metrics", namespace="tenant-a", '
            'controller="agent"}'
        ),
        labels={"namespace": "tenant-a", "controller": "agent"},
        # Another operator's controller.
        silent=rising('controller_runtime_reconcile_errors_total{job="clickhouse", controller="agent"}'),
    ),
    "ScalingFails": Case(
        fires=rising('keda_scaled_object_errors_total{namespace="ai-agents", scaledObject="support"}'),
        labels={"namespace": "ai-agents", "scaledObject": "support"},
        silent=always('keda_scaled_object_errors_total{namespace="ai-agents", scaledObject="support"}', 2),
    ),
    "ResourceMetricsMissing": Case(fires={}, silent=always('up{job="metrics-server", instance="a"}')),
    "DnsRecordsStale": Case(
        fires=always("external_dns_controller_last_sync_timestamp_seconds", 60),
        silent=rising("external_dns_controller_last_sync_timestamp_seconds", 60),
    ),
    "LoadBalancersNotReconciled": Case(
        fires=rising('aws_api_call_permission_errors_total{service="EC2"}'),
        silent=always('aws_api_call_permission_errors_total{service="EC2"}', 2),
    ),
    "ApplicationDegraded": Case(
        fires=always('argocd_app_info{name="shop", project="acme", health_status="Degraded"}'),
        labels={"name": "shop", "project": "acme"},
        silent=always('argocd_app_info{name="shop", project="acme", health_status="Progressing"}'),
    ),
    "CostsNotMeasured": Case(
        fires=always('up{job="opencost", instance="a"}', 0),
        silent=always('up{job="opencost", instance="a"}'),
    ),
    "BackupTooOld": Case(
        fires={
            **always('velero_backup_last_successful_timestamp{schedule="hourly"}', 60),
            **always('velero_schedule_expected_interval_seconds{schedule="hourly"}', 3600),
        },
        labels={"schedule": "hourly"},
        silent={
            **always('velero_backup_last_successful_timestamp{schedule="daily"}', 60),
            **always('velero_schedule_expected_interval_seconds{schedule="daily"}', DAY),
        },
    ),
    "BackupStoreUnavailable": Case(
        fires=always('velero_backup_location_status_gauge{backup_location_name="default"}', 0),
        labels={"backup_location_name": "default"},
        silent=always('velero_backup_location_status_gauge{backup_location_name="default"}', 1),
    ),
}
