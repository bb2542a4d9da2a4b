from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.models.metrics import SOURCES, VLLM
from components.models.scaling import cache_query, scaled_object, waiting_query, wake_query
from components.models.servers import all_servers
from components.models.shape import ScalingSpec
from components.models.sizing import cold_start_seconds
from tests.components.alerts.promql import names
from tests.components.models import scene

URL = scene.PROMETHEUS


def scaler(**said: Any) -> dict[str, Any]:
    spec = scene.vllm(scaling={"max": 3, **said})
    (server,) = all_servers({"qwen3-8b": spec})
    assert spec.scaling is not None
    return scaled_object(server, spec, spec.scaling, prometheus_url=URL, routes=["model-qwen3-8b", "model-t"])


def triggers(**said: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in scaler(**said)["triggers"]}


def test_it_scales_by_what_waits_and_by_how_full_the_cache_is() -> None:
    made = triggers(waiting_per_replica=7, kv_cache_percent=70)
    of = '{namespace="ai-inference",service="vllm-qwen3-8b"}'
    assert made["waiting"]["metadata"]["query"] == f"sum(vllm:num_requests_waiting{of})"
    assert (made["waiting"]["metadata"]["threshold"], made["waiting"]["metricType"]) == ("7", "AverageValue")
    assert made["kv-cache"]["metadata"]["query"] == f"100 * avg(vllm:kv_cache_usage_perc{of})"
    # As AverageValue, three servers would have to be at 240 % together.
    assert (made["kv-cache"]["metadata"]["threshold"], made["kv-cache"]["metricType"]) == ("70", "Value")
    assert "asked-for" not in made


def test_no_answer_is_trouble_while_there_is_always_a_server() -> None:
    assert {one["metadata"]["ignoreNullValues"] for one in triggers(min=1).values()} == {"false"}
    assert scaler(min=1)["fallback"] == {
        "failureThreshold": 4,
        "replicas": 1,
        "behavior": "currentReplicasIfHigher",
    }


def test_from_zero_the_gateway_wakes_it_and_refused_callers_do_not() -> None:
    made = triggers(min=0)
    assert {one["metadata"]["ignoreNullValues"] for one in made.values()} == {"true"}
    counted = (
        'agentgateway_requests_total{route=~"ai-gateway/model-qwen3-8b|ai-gateway/model-t",'
        'status!~"401|403|429"}'
    )
    assert made["asked-for"]["metadata"]["query"] == (
        f"(sum(rate({counted}[2m])) or vector(0)) + (count({counted} unless {counted} offset 2m) or vector(0))"
    )
    assert made["asked-for"]["metadata"]["threshold"] == "1000000"
    assert scaler(min=0, idle_seconds=900)["cooldownPeriod"] == 900
    assert scaler(min=0)["minReplicaCount"] == 0


def test_it_does_not_add_another_before_the_last_can_have_started() -> None:
    behaviour = scaler()["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    (up,) = behaviour["scaleUp"]["policies"]
    assert up == {"type": "Pods", "value": 1, "periodSeconds": cold_start_seconds(scene.vllm())}
    assert up["periodSeconds"] <= 1800
    assert behaviour["scaleDown"]["stabilizationWindowSeconds"] == 600


def test_a_period_is_never_longer_than_kubernetes_takes() -> None:
    spec = scene.vllm(load_mib_per_second=10, scaling={"max": 2})
    (server,) = all_servers({"m": spec})
    made = scaled_object(server, spec, ScalingSpec(max=2), prometheus_url=URL, routes=[])
    (up,) = made["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleUp"]["policies"]
    assert up["periodSeconds"] == 1800


def test_what_it_asks_for_somebody_exports() -> None:
    (server,) = all_servers({"m": scene.vllm()})
    asked = names(waiting_query(server)) | names(cache_query(server))
    assert asked <= VLLM.names
    assert names(wake_query(["r"])) == {"agentgateway_requests_total"}


def test_series_of_two_engines_are_two_jobs() -> None:
    assert [source.job for source in SOURCES] == ["vllm", "tgi"]
    assert {source.component for source in SOURCES} == {"models"}


@pytest.mark.parametrize("least", [0, 1])
def test_it_is_what_keda_accepts(least: int, reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    manifest = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "vllm-qwen3-8b", "namespace": "ai-inference"},
        "spec": scaler(min=least),
    }
    assert schemas.faults(manifest) == []
