from __future__ import annotations

from typing import Any

import pytest

from components.core.aws import Place
from components.kagent.names import AGENT_LABEL as KAGENTS_LABEL
from components.otel import requests
from components.otel.attribution import AGENT_LABEL, BY_CONNECTION
from components.otel.gateway import JOINED, Sinks, gateway
from components.otel.metrics import METRICS, REQUESTS
from components.otel.names import GATEWAY
from components.otel.pods import pods
from components.otel.spec import OtelSpec
from components.otel.values import gateway_values
from components.otel.wiring import faults

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
SINKS = Sinks(langfuse=None, prometheus=("a:9090",), models=("gpt-4.1", "deepseek-v3.2"))
CONFIG = gateway(PLACE, OtelSpec(), SINKS)
COUNTED = {metric["name"]: metric for metric in CONFIG["connectors"][requests.CONNECTOR]["spans"]}
(STATEMENTS,) = CONFIG["processors"][requests.MEASURED]["trace_statements"]


def exposed_names(metric: dict[str, Any]) -> set[str]:
    """The series of a metric, by the exporter's rules: dots to underscores, unit, `_total` or a histogram's."""
    name = metric["name"].replace(".", "_") + ("_seconds" if metric.get("unit") == "s" else "")
    if "sum" in metric:
        return {f"{name}_total"}
    return {f"{name}_{suffix}" for suffix in ("bucket", "sum", "count")}


def test_what_the_gateway_makes_is_what_it_is_declared_to_export() -> None:
    made = {name for metric in COUNTED.values() for name in exposed_names(metric)}
    assert made == REQUESTS
    (gateway_source,) = (source for source in METRICS if source.job == GATEWAY)
    assert gateway_source.names >= REQUESTS


def test_every_span_is_measured_before_filters_divide_them() -> None:
    pipelines = CONFIG["service"]["pipelines"]
    assert pipelines["traces/requests"] == {
        "receivers": [JOINED],
        "processors": [requests.MEASURED],
        "exporters": [requests.CONNECTOR],
    }
    assert pipelines["metrics/requests"]["exporters"] == [requests.EXPORTER]


def test_without_prometheus_nothing_is_counted_for_nobody() -> None:
    made = gateway(PLACE, OtelSpec(), Sinks(langfuse=None))
    assert requests.CONNECTOR not in made["connectors"]
    assert requests.EXPORTER not in made["exporters"]
    assert faults(made) == []


def test_a_connector_that_counts_joins_spans_to_metrics_and_nothing_else() -> None:
    broken = gateway(PLACE, OtelSpec(), SINKS)
    broken["service"]["pipelines"]["logs/clients"]["exporters"].append(requests.CONNECTOR)
    assert faults(broken) == [
        f"connectors: {requests.CONNECTOR} does not join pipelines of traces to metrics"
    ]


def test_labels_are_forgotten_before_they_are_written() -> None:
    statements = STATEMENTS["statements"]
    for name in ("agent", "namespace", "model", "agent.failed", "call.failed"):
        forgets = statements.index(f'delete_key(span.attributes, "{name}")')
        writes = [
            index
            for index, text in enumerate(statements)
            if text.startswith(f'set(span.attributes["{name}"]')
        ]
        assert writes
        assert forgets < min(writes), name


def test_a_sender_cannot_make_labels_of_its_own() -> None:
    labels = {label["key"] for metric in COUNTED.values() for label in metric["attributes"]}
    assert labels == {"tenant", "namespace", "agent", "model"}
    for metric in COUNTED.values():
        assert metric["include_resource_attributes"] == [{"key": "k8s.cluster.name"}], metric["name"]


def test_a_model_without_a_price_is_counted_as_other() -> None:
    known = [text for text in STATEMENTS["statements"] if "ContainsValue" in text]
    assert len(known) == 2
    assert all('ContainsValue(["gpt-4.1", "deepseek-v3.2"], ' in text for text in known)
    assert "gen_ai.response.model" in known[1], "the model that answered wins over the alias that was asked"


def test_without_a_catalogue_every_model_is_other() -> None:
    assert not any(
        "ContainsValue" in text for text in requests.measured(())["trace_statements"][0]["statements"]
    )


def test_a_request_without_an_error_begins_the_counter_of_errors() -> None:
    statements = STATEMENTS["statements"]
    assert f'set(span.attributes["agent.failed"], 0) where {requests.REQUEST}' in statements
    errors = COUNTED["agent.request.errors"]
    assert errors["conditions"] == ['span.attributes["agent.failed"] != nil']
    assert errors["sum"]["value"] == 'Int(span.attributes["agent.failed"])'


def test_only_posts_that_reached_an_agents_own_pod_are_requests() -> None:
    assert 'resource.attributes["agent"] != nil' in requests.REQUEST
    assert "SPAN_KIND_SERVER" in requests.REQUEST
    for metric in ("agent.requests", "agent.request.duration"):
        assert COUNTED[metric]["conditions"] == [requests.REQUEST]


def test_an_agent_is_told_by_the_label_that_kagent_gives_its_pods() -> None:
    labels = CONFIG["processors"][BY_CONNECTION]["extract"]["labels"]
    assert {"tag_name": "agent", "key": KAGENTS_LABEL, "from": "pod"} in labels
    assert AGENT_LABEL == KAGENTS_LABEL


def test_the_latency_alerts_limit_is_a_bucket() -> None:
    buckets = COUNTED["agent.request.duration"]["histogram"]["buckets"]
    assert 10.0 in buckets
    assert buckets == sorted(set(buckets))


def test_counters_outlive_the_pauses_between_requests() -> None:
    assert CONFIG["processors"][requests.CUMULATIVE]["max_stale"] == requests.FORGET_AFTER
    assert CONFIG["exporters"][requests.EXPORTER]["metric_expiration"] == requests.FORGET_AFTER
    assert CONFIG["processors"][requests.CUMULATIVE]["max_streams"] == 20_000


def test_the_page_is_scraped_with_the_callers_labels() -> None:
    values = gateway_values(PLACE, OtelSpec(), SINKS, langfuse_secret=None, monitored=True)
    assert values["ports"]["requests"]["containerPort"] == requests.PORT
    assert values["serviceMonitor"]["metricsEndpoints"] == [
        {"port": "metrics"},
        {"port": "requests", "honorLabels": True, "interval": "15s"},
    ]
    (pod,) = (pod for pod in pods(OtelSpec()) if pod.name == GATEWAY)
    assert requests.PORT in {port.number for port in pod.ports}


@pytest.mark.parametrize("monitored", [True, False])
def test_a_page_that_is_not_there_is_not_scraped(monitored: bool) -> None:
    values = gateway_values(
        PLACE, OtelSpec(), Sinks(langfuse=None), langfuse_secret=None, monitored=monitored
    )
    assert "requests" not in values["ports"]
    assert "metricsEndpoints" not in values["serviceMonitor"]
