from __future__ import annotations

import re

import pytest

from components.agents.scaling import (
    Sources,
    horizontal_pod_autoscaler,
    recording_rules,
    scaled_object,
    sessions_query,
)
from components.agents.spec import ScalingSpec
from components.otel.metrics import REQUESTS
from tests.components.agents import scene

SUPPORT = scene.AGENTS["customer-support-agent"].scaling
NAME = "customer-support-agent"


def test_the_first_example_scales_by_pods_queue_and_conversations() -> None:
    spec = scaled_object(NAME, "ai-agents", SUPPORT, scene.SOURCES)
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 20)
    assert (spec["pollingInterval"], spec["cooldownPeriod"]) == (15, 300)
    cpu, memory, queue, sessions = spec["triggers"]
    assert cpu == {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}}
    assert memory == {"type": "memory", "metricType": "Utilization", "metadata": {"value": "80"}}
    assert queue["type"] == "redis"
    assert queue["metadata"]["listName"] == "agents:agent-task-queue", (
        "the prefix that the cache lets agents use"
    )
    assert queue["metadata"]["listLength"] == "10"
    assert queue["metadata"]["enableTLS"] == "true"
    assert queue["authenticationRef"] == {"name": "cache", "kind": "ClusterTriggerAuthentication"}
    assert "address" not in queue["metadata"]
    assert sessions["type"] == "prometheus"
    assert sessions["metadata"]["threshold"] == "50"
    assert sessions["metadata"]["query"] == (
        'sum(agent_active_sessions{namespace="ai-agents",agent="customer-support-agent"})'
    )
    assert "metricName" not in sessions["metadata"], "KEDA no longer knows it"


def test_a_pod_is_not_taken_away_before_the_pause_is_over() -> None:
    """`cooldownPeriod` alone is about the last pod, and there are always two."""
    spec = scaled_object(NAME, "ai-agents", SUPPORT, scene.SOURCES)
    behavior = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    assert behavior == {"scaleDown": {"stabilizationWindowSeconds": 300}}
    assert horizontal_pod_autoscaler(NAME, SUPPORT)["behavior"] == behavior


def test_an_hpa_measures_both_resources() -> None:
    spec = horizontal_pod_autoscaler("a", ScalingSpec(max_replicas=4))
    assert [one["resource"]["name"] for one in spec["metrics"]] == ["cpu", "memory"]
    assert [one["resource"]["target"]["averageUtilization"] for one in spec["metrics"]] == [70, 80]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (Sources(prometheus="http://p", cache_login=None), "queue agent-task-queue has no cache to be in"),
        (Sources(prometheus=None, cache_login="cache"), "have no Prometheus to be counted by"),
    ],
)
def test_a_trigger_without_its_source_is_refused(sources: Sources, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        scaled_object(NAME, "ai-agents", SUPPORT, sources)


def test_the_series_is_made_of_one_that_the_collector_exports() -> None:
    (rule,) = recording_rules()["groups"][0]["rules"]
    used = set(re.findall(r"\bagent_[a-z_]+", rule["expr"]))
    assert used <= REQUESTS
    assert rule["record"] in sessions_query(NAME, "ai-agents")
    assert "by (tenant, namespace, agent)" in rule["expr"], "the labels that the query asks for"
