"""The series of OpenCost (`pkg/costmodel/metrics.go`); labels are those of what costs, not of OpenCost."""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.opencost.pods import RELEASE

COMPONENT = "opencost"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                # US dollars an hour: of a core, of a GiB, of a GPU, of a node, of a GiB of volume.
                "node_cpu_hourly_cost",
                "node_ram_hourly_cost",
                "node_gpu_hourly_cost",
                "node_total_hourly_cost",
                "pv_hourly_cost",
                # What a container has of its node: the larger of what it asked for and what it used.
                "container_cpu_allocation",
                "container_gpu_allocation",
                "container_memory_allocation_bytes",
                "pod_pvc_allocation",
                "kubecost_cluster_info",
                "kubecost_cluster_management_cost",
                "kubecost_load_balancer_cost",
                "kubecost_network_internet_egress_cost",
                "kubecost_network_region_egress_cost",
                "kubecost_network_zone_egress_cost",
                "kubecost_node_is_spot",
                "kube_node_status_allocatable_cpu_cores",
                "kube_node_status_allocatable_memory_bytes",
                "kube_node_status_capacity_cpu_cores",
                "kube_node_status_capacity_memory_bytes",
                "kube_pod_labels",
                "node_gpu_count",
            }
        ),
    ),
)
