"""Resource Usage: CPU, memory, GPUs, nodes, volumes, stores."""

from __future__ import annotations

from components.dashboards.panels import Dashboard, Panel, Query, Row, Unit, Variable, Width

_PROMETHEUS = frozenset({"prometheus"})
_GPU = frozenset({"dcgm_exporter", "prometheus"})
_KARPENTER = frozenset({"karpenter", "prometheus"})
_MILVUS = frozenset({"milvus", "prometheus"})
_VALKEY = frozenset({"prometheus", "valkey"})

_IN = 'namespace=~"$namespace"'


def _used_and_asked(title: str, used: str, resource: str, unit: Unit) -> Panel:
    asked = f'sum by (namespace) (kube_pod_container_resource_requests{{{_IN}, resource="{resource}"}})'
    return Panel(
        title=title,
        queries=(Query(used, "{{namespace}}"), Query(asked, "{{namespace}} requested")),
        unit=unit,
        needs=_PROMETHEUS,
    )


def _gpu(title: str, series: str, unit: Unit, *, width: Width = 8) -> Panel:
    # Not by host: the label changes its case between versions of the exporter.
    expr = f"max by (UUID, gpu, namespace, pod) ({series})"
    return Panel(
        title=title,
        queries=(Query(expr, "{{gpu}} {{namespace}}/{{pod}}"),),
        unit=unit,
        needs=_GPU,
        width=width,
    )


RESOURCE_USAGE = Dashboard(
    uid="resource-usage",
    title="Resource Usage",
    about="What is used of what is paid for.",
    variables=(
        Variable(
            name="namespace", label="Namespace", series="kube_namespace_status_phase", needs=_PROMETHEUS
        ),
    ),
    rows=(
        Row(
            title="Namespaces",
            panels=(
                _used_and_asked(
                    "CPU",
                    "sum by (namespace) (rate(container_cpu_usage_seconds_total"
                    f'{{{_IN}, container!=""}}[$__rate_interval]))',
                    "cpu",
                    "cores",
                ),
                _used_and_asked(
                    "Memory",
                    f'sum by (namespace) (container_memory_working_set_bytes{{{_IN}, container!=""}})',
                    "memory",
                    "bytes",
                ),
                Panel(
                    title="Quota in use",
                    queries=(
                        Query(
                            f'max by (namespace, resource) (kube_resourcequota{{{_IN}, type="used"}})\n'
                            f'  / max by (namespace, resource) (kube_resourcequota{{{_IN}, type="hard"}} > 0)',
                            "{{namespace}} {{resource}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_PROMETHEUS,
                    kind="bargauge",
                ),
                Panel(
                    title="CPU throttled",
                    queries=(
                        Query(
                            "sum by (namespace, pod) (rate(container_cpu_cfs_throttled_periods_total"
                            f"{{{_IN}}}[$__rate_interval]))\n"
                            "  / (sum by (namespace, pod) (rate(container_cpu_cfs_periods_total"
                            f"{{{_IN}}}[$__rate_interval])) > 0) > 0.1",
                            "{{namespace}}/{{pod}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_PROMETHEUS,
                    about="Periods in which a container reached its CPU limit, where more than a tenth.",
                ),
            ),
        ),
        Row(
            title="GPUs",
            panels=(
                _gpu("GPU busy", "DCGM_FI_DEV_GPU_UTIL / 100", "percentunit"),
                _gpu("GPU memory", "DCGM_FI_DEV_FB_USED * 2^20", "bytes"),
                _gpu("Tensor cores busy", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "percentunit"),
                _gpu("GPU temperature", "DCGM_FI_DEV_GPU_TEMP", "celsius", width=12),
                _gpu("GPU power", "DCGM_FI_DEV_POWER_USAGE", "watt", width=12),
            ),
        ),
        Row(
            title="Nodes",
            panels=(
                Panel(
                    title="Node CPU busy",
                    queries=(
                        Query(
                            '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
                            "{{instance}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_PROMETHEUS,
                    width=8,
                ),
                Panel(
                    title="Node memory in use",
                    queries=(
                        Query(
                            "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{instance}}"
                        ),
                    ),
                    unit="percentunit",
                    needs=_PROMETHEUS,
                    width=8,
                ),
                Panel(
                    title="Nodes by pool",
                    queries=(
                        Query(
                            "count by (label_agentic_dev_pool) (kube_node_labels)",
                            "{{label_agentic_dev_pool}}",
                        ),
                    ),
                    unit="short",
                    needs=_PROMETHEUS,
                    width=8,
                    stacked=True,
                ),
                Panel(
                    title="Pools and their limits",
                    queries=(
                        Query(
                            "max by (nodepool, resource_type) (karpenter_nodepools_usage)\n"
                            "  / max by (nodepool, resource_type) (karpenter_nodepools_limit > 0)",
                            "{{nodepool}} {{resource_type}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_KARPENTER,
                    kind="bargauge",
                ),
                Panel(
                    title="Pods that fit nowhere",
                    queries=(Query("sum(karpenter_scheduler_unschedulable_pods_count)", "pods"),),
                    unit="short",
                    needs=_KARPENTER,
                ),
            ),
        ),
        Row(
            title="Data",
            panels=(
                Panel(
                    title="Volumes in use",
                    queries=(
                        Query(
                            f"max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{{{_IN}}})\n"
                            "  / max by (namespace, persistentvolumeclaim) "
                            f"(kubelet_volume_stats_capacity_bytes{{{_IN}}})",
                            "{{namespace}}/{{persistentvolumeclaim}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_PROMETHEUS,
                    kind="bargauge",
                    width=8,
                ),
                Panel(
                    title="Searches in Milvus",
                    queries=(
                        Query(
                            "histogram_quantile(0.99, sum by (le, query_type) "
                            "(rate(milvus_proxy_sq_latency_bucket[$__rate_interval])))",
                            "{{query_type}} p99",
                        ),
                    ),
                    unit="ms",
                    needs=_MILVUS,
                    width=8,
                ),
                Panel(
                    title="Memory of Valkey",
                    queries=(
                        Query("max by (pod) (redis_memory_used_bytes)", "{{pod}}"),
                        Query("max by (pod) (redis_memory_max_bytes)", "{{pod}} limit"),
                    ),
                    unit="bytes",
                    needs=_VALKEY,
                    width=8,
                ),
            ),
        ),
    ),
)
