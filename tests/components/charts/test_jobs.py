"""Which job a series belongs to, against a list of what the charts rendered (where that list is at hand)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cert_manager.metrics import METRICS as CERT_MANAGER
from components.charts.metrics import MetricSource
from components.external_dns.metrics import METRICS as EXTERNAL_DNS
from components.external_secrets.metrics import METRICS as EXTERNAL_SECRETS
from components.karpenter.metrics import METRICS as KARPENTER
from components.keda.metrics import METRICS as KEDA
from components.load_balancer_controller.metrics import METRICS as LOAD_BALANCER_CONTROLLER
from components.metrics_server.metrics import METRICS as METRICS_SERVER
from components.opencost.metrics import METRICS as OPENCOST

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"

SOURCES: dict[str, tuple[MetricSource, ...]] = {
    "cert-manager": CERT_MANAGER,
    "external-dns": EXTERNAL_DNS,
    "external-secrets": EXTERNAL_SECRETS,
    "karpenter": KARPENTER,
    "keda": KEDA,
    "aws-load-balancer-controller": LOAD_BALANCER_CONTROLLER,
    "metrics-server": METRICS_SERVER,
    "opencost": OPENCOST,
}
JOB_LABELS = ("app.kubernetes.io/name", "app.kubernetes.io/instance")
"""What monitors of these charts name where they do not leave the job to be the Service's name."""


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: jobs were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]


def jobs(chart: dict[str, Any]) -> Iterator[str]:
    for service in chart["services"]:
        yield service["name"]
        yield from (service["selector"][key] for key in JOB_LABELS if key in service["selector"])


@pytest.mark.parametrize("chart", SOURCES)
def test_every_job_is_a_service_of_the_chart(rendered: dict[str, Any], chart: str) -> None:
    assert {source.job for source in SOURCES[chart]} <= set(jobs(rendered[chart]))


@pytest.mark.parametrize("chart", SOURCES)
def test_there_is_a_job_for_every_monitor(rendered: dict[str, Any], chart: str) -> None:
    monitors = [one for one in rendered[chart]["monitors"] if one["kind"] == "ServiceMonitor"]
    assert len(SOURCES[chart]) >= len(monitors)


@pytest.mark.parametrize("chart", SOURCES)
def test_the_part_is_called_what_the_stack_calls_it(chart: str) -> None:
    part = {"aws-load-balancer-controller": "load_balancer_controller"}.get(chart, chart.replace("-", "_"))
    assert {source.component for source in SOURCES[chart]} == {part}


def test_every_target_says_whether_it_is_up() -> None:
    for sources in SOURCES.values():
        assert all("up" in source.names for source in sources)
