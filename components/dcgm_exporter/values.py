"""What the exporter's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import GPU_PRESENT_LABEL, GPU_TAINT_KEY
from components.dcgm_exporter.spec import DcgmExporterSpec


def values(spec: DcgmExporterSpec, *, monitored: bool) -> dict[str, Any]:
    """On GPU nodes and nowhere else, and each value under the pod that uses the GPU."""
    return {
        "image": {
            "repository": images.DCGM_EXPORTER.repository,
            "tag": images.DCGM_EXPORTER.pinned_tag,
        },
        "resources": spec.resources.values(),
        # By default it starts on every node without a taint, finds no GPU and crashes, and on none with one.
        "nodeSelector": {GPU_PRESENT_LABEL: "true"},
        "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
        "serviceMonitor": {
            # On by default, which fails where the kind does not exist.
            "enabled": monitored,
            "interval": f"{spec.interval_seconds}s",
            # `namespace` and `pod` are those of the pod on the GPU, not of the exporter.
            "honorLabels": True,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
    }
