"""What the NVIDIA device plugin's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.core.labels import GPU_PRESENT_LABEL, GPU_TAINT_KEY
from components.gpu.spec import GpuReadinessSpec


def values(spec: GpuReadinessSpec) -> dict[str, Any]:
    """On GPU nodes and nowhere else, sized, with the image that its pods are declared with.

    Driver and container toolkit are in the AL2023 image that Karpenter picks for GPU types; only the plugin
    is missing there.
    """
    return {
        "image": {
            "repository": images.NVIDIA_DEVICE_PLUGIN.repository,
            "tag": images.NVIDIA_DEVICE_PLUGIN.pinned_tag,
        },
        "resources": spec.resources.values(),
        # The chart also looks for labels of Node Feature Discovery, which is not installed: our node pools
        # set this one.
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [
                                {"key": GPU_PRESENT_LABEL, "operator": "In", "values": ["true"]}
                            ]
                        }
                    ]
                }
            }
        },
        "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
        "gfd": {"enabled": False},
        # The nodes take no word for it but the kubelet's (node_pools/gpu_nodes.py); it brings the plugin
        # CAP_SYS_ADMIN, by which it sees the GPUs itself.
        "deviceListStrategy": "volume-mounts",
    }
