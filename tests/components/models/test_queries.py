"""What KEDA asks, answered by Prometheus' own code over series like those that servers and gateway export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agentic.promtool import Promtool, RulesRefused, locate
from components.models.scaling import cache_query, waiting_query, wake_query
from components.models.servers import all_servers
from tests.components.models import scene

ROOT = Path(__file__).parents[3]
(SERVER,) = all_servers({"qwen3-8b": scene.vllm()})
OURS = 'namespace="ai-inference",service="vllm-qwen3-8b"'
OTHERS = 'namespace="ai-inference",service="vllm-mixtral-8x7b"'


@pytest.fixture(scope="module")
def promtool() -> Promtool:
    found = locate(ROOT)
    if found is None:
        pytest.skip("no promtool: built by `make promtool`")
    return found


def judge(
    promtool: Promtool, directory: Path, series: dict[str, str], query: str, value: float | None
) -> None:
    expected = [] if value is None else [{"labels": "{}", "value": value}]
    test: dict[str, Any] = {
        "evaluation_interval": "15s",
        "fuzzy_compare": True,
        "tests": [
            {
                "interval": "15s",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": [{"expr": query, "eval_time": "5m", "exp_samples": expected}],
            }
        ],
    }
    file = directory / "test.yaml"
    file.write_text(yaml.safe_dump(test))
    promtool.test_rules(file)


def test_the_queue_is_that_of_all_pods_of_this_server_and_of_no_other(
    promtool: Promtool, tmp_path: Path
) -> None:
    series = {
        f'vllm:num_requests_waiting{{{OURS},pod="a",engine="0"}}': "3x30",
        f'vllm:num_requests_waiting{{{OURS},pod="b",engine="0"}}': "4x30",
        f'vllm:num_requests_waiting{{{OTHERS},pod="c",engine="0"}}': "90x30",
    }
    judge(promtool, tmp_path, series, waiting_query(SERVER), 7)
    with pytest.raises(RulesRefused, match="exp"):
        judge(promtool, tmp_path, series, waiting_query(SERVER), 97)


def test_the_cache_is_an_average_in_per_cent(promtool: Promtool, tmp_path: Path) -> None:
    series = {
        f'vllm:kv_cache_usage_perc{{{OURS},pod="a"}}': "0.5x30",
        f'vllm:kv_cache_usage_perc{{{OURS},pod="b"}}': "1x30",
    }
    judge(promtool, tmp_path, series, cache_query(SERVER), 75)


def test_without_a_server_there_is_no_answer(promtool: Promtool, tmp_path: Path) -> None:
    judge(promtool, tmp_path, {}, waiting_query(SERVER), None)


def test_requests_that_nobody_could_answer_wake_it_and_refused_ones_do_not(
    promtool: Promtool, tmp_path: Path
) -> None:
    query = wake_query(["model-qwen3-8b", "model-tickets"])

    def counted(route: str, status: int) -> str:
        return f'agentgateway_requests_total{{route="ai-gateway/{route}",status="{status}",tenant="a"}}'

    answered = {counted("model-tickets", 503): "0+15x30", counted("model-other", 503): "0+300x30"}
    judge(promtool, tmp_path, answered, query, 1)
    refused = {counted("model-qwen3-8b", status): "0+15x30" for status in (401, 403, 429)}
    judge(promtool, tmp_path, refused, query, 0)


@pytest.mark.parametrize(
    ("values", "woken"),
    [("_x13 1x20", 1), ("_x19 1x20", 1), ("1x30", 0)],
    ids=["of-a-minute-ago", "of-this-moment", "of-long-ago"],
)
def test_the_first_request_of_all_wakes_it(
    promtool: Promtool, tmp_path: Path, values: str, woken: int
) -> None:
    """A counter that begins with 1 has never risen."""
    series = {'agentgateway_requests_total{route="ai-gateway/model-qwen3-8b",status="503",pod="a"}': values}
    judge(promtool, tmp_path, series, wake_query(["model-qwen3-8b"]), woken)
