"""Alerts about nodes, pools and GPUs: what has to be there before a pod runs."""

from __future__ import annotations

from components.alerts.rules import Alert, Group

_PROMETHEUS = frozenset({"prometheus"})
_KARPENTER = frozenset({"karpenter", "prometheus"})
_GPU = frozenset({"dcgm_exporter", "prometheus"})

HARDWARE_XIDS = (48, 64, 74, 79, 94, 95, 119, 120)
"""Double-bit error, row remapping failed, NVLink, fallen off the bus, contained and uncontained memory errors, GSP.

By NVIDIA's "XID Errors". Those a program causes by itself, such as 13, 31 and 43, are its owner's."""

COMPUTE = Group(
    name="compute",
    rules=(
        Alert(
            name="KarpenterCannotLaunch",
            expr="sum(increase(karpenter_cloudprovider_instance_launch_failures_total[15m])) > 0",
            hold="15m",
            severity="warning",
            summary="EC2 has refused instances to Karpenter for half an hour",
            needs=_KARPENTER,
        ),
        Alert(
            name="PodsUnschedulable",
            expr="sum(karpenter_scheduler_unschedulable_pods_count) > 0",
            hold="15m",
            severity="warning",
            summary="{{ $value }} pods fit no node that any pool may make",
            needs=_KARPENTER,
        ),
        Alert(
            name="NodePoolNearLimit",
            expr=(
                "max by (nodepool, resource_type) (karpenter_nodepools_usage)\n"
                "  / max by (nodepool, resource_type) (karpenter_nodepools_limit > 0) > 0.9"
            ),
            hold="15m",
            severity="warning",
            summary=(
                "Pool {{ $labels.nodepool }} has {{ $value | humanizePercentage }} of its limit of "
                "{{ $labels.resource_type }}"
            ),
            needs=_KARPENTER,
        ),
        Alert(
            name="GpuNodeNotReady",
            expr=(
                'kube_node_status_condition{condition="Ready", status="true"} == 0\n'
                '  and on (node) kube_node_status_capacity{resource="nvidia_com_gpu"} > 0'
            ),
            hold="5m",
            severity="critical",
            summary="GPU node {{ $labels.node }} is not ready, and costs as if it were",
            needs=_PROMETHEUS,
        ),
        Alert(
            name="PodsWaitForGpus",
            expr=(
                "sum by (namespace) (\n"
                '  sum by (namespace, pod) (kube_pod_container_resource_requests{resource="nvidia_com_gpu"})\n'
                '  and on (namespace, pod) kube_pod_status_phase{phase="Pending"} == 1\n'
                ") > 0"
            ),
            hold="15m",
            severity="warning",
            summary="Pods in {{ $labels.namespace }} have waited a quarter of an hour for {{ $value }} GPUs",
            needs=_PROMETHEUS,
        ),
        Alert(
            name="ContainerOutOfMemory",
            expr=(
                "sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total[15m])) > 0\n"
                "  and on (namespace, pod, container)\n"
                '  kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1'
            ),
            hold="1m",
            severity="warning",
            summary=(
                "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} was killed at its memory limit"
            ),
            needs=_PROMETHEUS,
        ),
    ),
)

GPUS = Group(
    name="gpus",
    rules=(
        Alert(
            name="GpuHardwareError",
            # The gauge holds the last error until the driver is reloaded.
            expr=" or ".join(f"DCGM_FI_DEV_XID_ERRORS == {xid}" for xid in HARDWARE_XIDS),
            hold="1m",
            severity="critical",
            summary="GPU {{ $labels.gpu }} ({{ $labels.UUID }}) reports XID {{ $value }}",
            needs=_GPU,
        ),
        Alert(
            name="GpuMemoryWornOut",
            expr="DCGM_FI_DEV_ROW_REMAP_FAILURE > 0",
            hold="1m",
            severity="critical",
            summary="GPU {{ $labels.gpu }} ({{ $labels.UUID }}) has no spare rows left for broken memory",
            needs=_GPU,
        ),
        Alert(
            name="GpuTooHot",
            expr="DCGM_FI_DEV_GPU_TEMP > 88",
            hold="10m",
            severity="warning",
            summary="GPU {{ $labels.gpu }} ({{ $labels.UUID }}) has been at {{ $value }} degrees for ten minutes",
            needs=_GPU,
        ),
        Alert(
            name="GpuHeldIdle",
            expr=(
                "max by (namespace, pod) (max_over_time(DCGM_FI_DEV_GPU_UTIL"
                '{namespace!="", pod!=""}[2h])) < 2'
            ),
            hold="2h",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} holds GPUs and has not used them for hours",
            needs=_GPU,
        ),
    ),
)
