"""The series of the exporter: the list that its chart puts into its ConfigMap."""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.dcgm_exporter.pods import RELEASE

COMPONENT = "dcgm_exporter"

_FIELDS = (
    "DEV_CORRECTABLE_REMAPPED_ROWS",
    "DEV_DEC_UTIL",
    "DEV_ENC_UTIL",
    "DEV_FB_FREE",
    "DEV_FB_USED",
    "DEV_GPU_TEMP",
    "DEV_GPU_UTIL",
    "DEV_MEMORY_TEMP",
    "DEV_MEM_CLOCK",
    "DEV_MEM_COPY_UTIL",
    "DEV_NVLINK_BANDWIDTH_TOTAL",
    "DEV_PCIE_REPLAY_COUNTER",
    "DEV_POWER_USAGE",
    "DEV_ROW_REMAP_FAILURE",
    "DEV_SM_CLOCK",
    "DEV_TOTAL_ENERGY_CONSUMPTION",
    "DEV_UNCORRECTABLE_REMAPPED_ROWS",
    "DEV_XID_ERRORS",
    # Only on data-centre GPUs, which all of our pools have.
    "PROF_DRAM_ACTIVE",
    "PROF_GR_ENGINE_ACTIVE",
    "PROF_PCIE_RX_BYTES",
    "PROF_PCIE_TX_BYTES",
    "PROF_PIPE_TENSOR_ACTIVE",
)

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset({"up", *(f"DCGM_FI_{field}" for field in _FIELDS)}),
    ),
)
