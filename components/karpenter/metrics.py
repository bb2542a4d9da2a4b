"""The series of Karpenter that rules and panels may use (reference of v1.14, "Metrics")."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram

COMPONENT = "karpenter"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job="karpenter",
        names=frozenset(
            {
                "up",
                "karpenter_cloudprovider_errors_total",
                "karpenter_cloudprovider_instance_launch_failures_total",
                "karpenter_interruption_received_messages_total",
                "karpenter_nodeclaims_created_total",
                "karpenter_nodeclaims_disrupted_total",
                "karpenter_nodeclaims_terminated_total",
                "karpenter_nodepools_limit",
                "karpenter_nodepools_usage",
                "karpenter_scheduler_queue_depth",
                "karpenter_scheduler_unschedulable_pods_count",
                *histogram("karpenter_scheduler_scheduling_duration_seconds"),
            }
        ),
    ),
)
