"""What the exporter's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import GPU_PRESENT_LABEL, GPU_TAINT_KEY
from components.dcgm_exporter.spec import DcgmExporterSpec

SCRAPE_SECONDS = 10
"""How long Prometheus waits, where it does not ask more often than that."""


def values(spec: DcgmExporterSpec, *, monitored: bool) -> dict[str, Any]:
    """On GPU nodes and nowhere else, and each value under the pod that uses the GPU."""
    environment = {
        # By itself it asks the GPUs every 30 s, however often it is asked (pkg/cmd/app.go).
        "DCGM_EXPORTER_INTERVAL": str(spec.interval_seconds * 1000),
        # Go before 1.25 counts the node's vCPUs, up to 192: so many threads at once take it over its memory limit
        # (pytorch/ci-infra#1018).
        "GOMAXPROCS": "2",
    }
    return {
        "image": {
            "repository": images.DCGM_EXPORTER.repository,
            "tag": images.DCGM_EXPORTER.pinned_tag,
        },
        "resources": spec.resources.values(),
        "extraEnv": [{"name": name, "value": value} for name, value in environment.items()],
        # By default it starts on every node without a taint, finds no GPU and crashes, and on none with one.
        "nodeSelector": {GPU_PRESENT_LABEL: "true"},
        "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
        "serviceMonitor": {
            # On by default, which fails where the kind does not exist.
            "enabled": monitored,
            "interval": f"{spec.interval_seconds}s",
            # The chart's 10s is more than a shorter interval, and such a monitor is refused.
            "scrapeTimeout": f"{min(spec.interval_seconds, SCRAPE_SECONDS)}s",
            # `namespace` and `pod` are those of the pod on the GPU, not of the exporter.
            "honorLabels": True,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
    }
