from __future__ import annotations

import re
from typing import Any

import pytest

from components.core.aws import Place
from components.core.labels import TENANT_LABEL
from components.otel.attribution import BY_CONNECTION, DROP_CLAIMS, TENANT, attributed
from components.otel.gateway import CLOUDWATCH, LANGFUSE, XRAY, Sinks, gateway
from components.otel.names import AGENTS_PORT
from components.otel.redaction import EVENT_PATTERN, PATTERN, REDACTION
from components.otel.spec import OtelSpec
from components.otel.wiring import faults

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
ALL = Sinks(langfuse="http://langfuse-web:3000/api/public/otel", prometheus=("a:9090", "b:9090"))
CONFIG = gateway(PLACE, OtelSpec(), ALL)


def pipelines(config: dict[str, Any]) -> dict[str, Any]:
    return config["service"]["pipelines"]


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.parametrize("langfuse", [ALL.langfuse, None])
@pytest.mark.parametrize("prometheus", [(), ("a:9090",), ("a:9090", "b:9090")])
def test_every_combination_of_parts_is_wired(
    redact: bool, langfuse: str | None, prometheus: tuple[str, ...]
) -> None:
    made = gateway(PLACE, OtelSpec(redact_prompts=redact), Sinks(langfuse=langfuse, prometheus=prometheus))
    assert faults(made) == []


def test_llm_spans_go_to_langfuse_and_the_others_to_xray() -> None:
    made = pipelines(CONFIG)
    assert made["traces/llm"]["exporters"] == [LANGFUSE]
    assert made["traces/other"]["exporters"] == [XRAY]
    keeps, drops = (CONFIG["processors"][name]["traces"]["span"] for name in ("filter/llm", "filter/other"))
    assert keeps == [f"not ({drops[0]})"], "each span is in exactly one of the two"


def test_without_langfuse_every_span_goes_to_xray() -> None:
    made = gateway(PLACE, OtelSpec(), Sinks(langfuse=None))
    assert "traces/llm" not in pipelines(made)
    assert pipelines(made)["traces/other"]["processors"] == [REDACTION, "batch"]


def test_logs_go_to_cloudwatch_and_metrics_to_every_prometheus() -> None:
    made = pipelines(CONFIG)
    assert made["logs/clients"]["exporters"] == made["logs/agents"]["exporters"] == [CLOUDWATCH]
    assert made["metrics/clients"]["exporters"] == ["prometheusremotewrite/0", "prometheusremotewrite/1"]
    assert CONFIG["exporters"]["prometheusremotewrite/1"]["endpoint"] == "http://b:9090/api/v1/write"


def test_langfuse_is_told_the_version_and_authorised_from_the_environment() -> None:
    assert CONFIG["exporters"][LANGFUSE]["headers"] == {
        "Authorization": "Basic ${env:LANGFUSE_BASIC}",
        "x-langfuse-ingestion-version": "4",
    }


def test_no_client_chooses_its_tenant() -> None:
    for name, pipeline in pipelines(CONFIG).items():
        if "otlp" in pipeline["receivers"]:
            assert attributed(pipeline["processors"]), name


def test_a_chain_that_looks_up_before_it_forgets_the_claim_is_not_attributed() -> None:
    assert not attributed(["memory_limiter", BY_CONNECTION, DROP_CLAIMS, TENANT])
    assert not attributed(["memory_limiter", BY_CONNECTION, TENANT])


def test_the_tenant_is_the_namespaces_label_found_by_the_callers_address() -> None:
    lookup = CONFIG["processors"][BY_CONNECTION]
    assert lookup["pod_association"] == [{"sources": [{"from": "connection"}]}]
    assert lookup["extract"]["labels"][0] == {"tag_name": "tenant", "key": TENANT_LABEL, "from": "namespace"}
    dropped = CONFIG["processors"][DROP_CLAIMS]["attributes"]
    assert {"key": "tenant", "action": "delete"} in dropped
    assert {"key": "agent", "action": "delete"} in dropped
    assert {"pattern": "^k8s[.]", "action": "delete"} in dropped, "the lookup never overwrites"


@pytest.mark.parametrize(("signal", "record"), [("trace", "span"), ("metric", "datapoint"), ("log", "log")])
def test_the_tenant_is_written_over_whatever_a_record_says(signal: str, record: str) -> None:
    resource, records = CONFIG["processors"][TENANT][f"{signal}_statements"]
    assert resource["context"] == "resource"
    assert records["statements"][0] == f'set({record}.attributes["tenant"], resource.attributes["tenant"])'


def test_only_the_agents_port_is_believed() -> None:
    protocols = CONFIG["receivers"]["otlp/agents"]["protocols"]
    assert protocols == {"grpc": {"endpoint": f"${{env:MY_POD_IP}}:{AGENTS_PORT}"}}
    believing = [
        name for name, pipeline in pipelines(CONFIG).items() if "otlp/agents" in pipeline["receivers"]
    ]
    assert believing == ["traces/agents", "logs/agents", "metrics/agents"]


def test_prompts_are_removed_on_every_way_out_of_spans_and_logs() -> None:
    leaving = {XRAY, LANGFUSE, CLOUDWATCH}
    for name, pipeline in pipelines(CONFIG).items():
        if leaving & set(pipeline["exporters"]):
            assert REDACTION in pipeline["processors"], name


def test_prompts_stay_only_where_the_stack_says_so() -> None:
    made = gateway(PLACE, OtelSpec(redact_prompts=False), ALL)
    assert REDACTION not in made["processors"]
    assert OtelSpec().redact_prompts is True


@pytest.mark.parametrize(
    "attribute",
    [
        "gen_ai.prompt",
        "gen_ai.prompt.0.content",
        "gen_ai.completion.0.content",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.call.arguments",
        "traceloop.entity.input",
        "llm.prompts.0.user",
        "llm.input_messages.0.message.content",
        "input.value",
        "output.value",
        "retrieval.documents.0.document.content",
        "langfuse.observation.input",
        "langfuse.trace.output",
    ],
)
def test_what_was_asked_and_answered_is_redacted(attribute: str) -> None:
    assert re.match(PATTERN, attribute)


@pytest.mark.parametrize(
    "attribute",
    [
        "gen_ai.request.model",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "gen_ai.operation.name",
        "gen_ai.response.finish_reasons",
        "llm.token_count.prompt",
        "llm.model_name",
        "openinference.span.kind",
        "langfuse.observation.type",
        "tenant",
        "http.route",
    ],
)
def test_what_measures_and_routes_stays(attribute: str) -> None:
    assert not re.match(PATTERN, attribute)


def test_an_exception_keeps_its_message() -> None:
    assert not re.match(EVENT_PATTERN, "exception.message")
    assert re.match(EVENT_PATTERN, "gen_ai.event.content")


def test_no_pattern_holds_a_dollar_sign_which_the_collector_would_expand() -> None:
    assert "$" not in PATTERN + EVENT_PATTERN
