"""The series of Karpenter (`reference/metrics.md` of provider v1.14.1, types from its sources)."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram, summary
from components.karpenter.pods import RELEASE

COMPONENT = "karpenter"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                "controller_runtime_reconcile_errors_total",
                "controller_runtime_reconcile_total",
                "karpenter_build_info",
                "karpenter_cloudprovider_errors_total",
                "karpenter_cloudprovider_instance_launch_failures_total",
                "karpenter_cloudprovider_instance_type_offering_available",
                "karpenter_cloudprovider_instance_type_offering_price_estimate",
                *histogram("karpenter_cloudprovider_duration_seconds"),
                "karpenter_cluster_state_node_count",
                "karpenter_cluster_state_synced",
                "karpenter_cluster_utilization_percent",
                "karpenter_interruption_deleted_messages_total",
                "karpenter_interruption_received_messages_total",
                *histogram("karpenter_interruption_message_queue_duration_seconds"),
                "karpenter_nodeclaims_created_total",
                "karpenter_nodeclaims_disrupted_total",
                "karpenter_nodeclaims_terminated_total",
                *histogram("karpenter_nodeclaims_termination_duration_seconds"),
                "karpenter_nodepools_allowed_disruptions",
                "karpenter_nodepools_cost_total",
                "karpenter_nodepools_limit",
                "karpenter_nodepools_usage",
                "karpenter_nodes_allocatable",
                "karpenter_nodes_created_total",
                "karpenter_nodes_current_lifetime_seconds",
                "karpenter_nodes_terminated_total",
                "karpenter_nodes_total_daemon_requests",
                "karpenter_nodes_total_pod_requests",
                "karpenter_pods_eviction_requests_total",
                "karpenter_pods_state",
                "karpenter_pods_unbound_time_seconds",
                *histogram("karpenter_pods_bound_duration_seconds"),
                *summary("karpenter_pods_startup_duration_seconds"),
                "karpenter_scheduler_queue_depth",
                "karpenter_scheduler_unschedulable_pods_count",
                *histogram("karpenter_scheduler_scheduling_duration_seconds"),
                "karpenter_voluntary_disruption_decisions_total",
                "karpenter_voluntary_disruption_eligible_nodes",
                "karpenter_voluntary_disruption_queue_failures_total",
                "operator_ec2nodeclass_status_condition_count",
                "operator_nodeclaim_status_condition_count",
                "operator_nodepool_status_condition_count",
                "workqueue_depth",
            }
        ),
    ),
)
