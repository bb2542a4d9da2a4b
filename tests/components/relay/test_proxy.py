"""The relay's modules and configuration inside LiteLLM's own proxy, before a provider of ours."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from components.agents.worker.wire import Wire
from components.prices.catalogue import cost_usd
from components.prices.spec import PricesSpec
from components.relay.metrics import SOURCES
from tests.components.agents.worker.stage import until
from tests.components.relay import stage
from tests.components.relay.stage import GATEWAY_KEY, MASTER_KEY, PROVIDER_KEY, Relay
from tests.components.relay.upstream import Upstream

REQUESTS = "litellm_proxy_total_requests_metric_total{"
pytestmark = pytest.mark.xdist_group("relay-proxy")


@pytest.fixture(autouse=True)
def clean(provider: Upstream) -> Iterator[None]:
    yield
    provider.answers.clear()


def message(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


class TestConformance:
    def test_a_request_reaches_the_provider_with_its_key_and_nobody_elses(
        self, relay: Relay, provider: Upstream
    ) -> None:
        answer = relay.ask(model="gpt-4.1", max_tokens=7)
        assert answer.status == 200
        assert answer.json["choices"][0]["message"]["content"].startswith("answer ")
        assert answer.json["usage"]["total_tokens"] == 1500
        assert provider.keys[-1] == f"Bearer {PROVIDER_KEY}"
        assert provider.asked[-1]["model"] == "gpt-4.1"
        assert provider.asked[-1]["max_tokens"] == 7

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (b'{"messages": []}', "model is missing; name a model, a tier, or auto"),
            (b'{"model": ""}', "model is missing"),
            (b'{"model": 4}', "model is missing"),
            (b"[]", "the body is not a JSON object"),
            (b"{", "the body is not JSON"),
        ],
    )
    def test_a_request_that_names_no_model_is_answered_400(
        self, relay: Relay, body: bytes, says: str
    ) -> None:
        answer = relay.ask(raw=body)
        assert answer.status == 400
        assert says in answer.json["error"]["message"]

    def test_a_model_that_nobody_has_is_answered_400(self, relay: Relay) -> None:
        answer = relay.ask(model="gpt-9")
        assert answer.status == 400
        assert answer.json["error"]["message"] == "no model 'gpt-9' here; GET /v1/models lists them"

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
    def test_the_providers_status_is_the_answers(self, relay: Relay, provider: Upstream, status: int) -> None:
        provider.answers["gemini-2.5-flash"] = (status, "not today")
        for _ in range(3):
            assert relay.ask(model="gemini-2.5-flash").status == status, "and stays so"
        provider.answers.clear()
        assert relay.ask(model="gemini-2.5-flash").status == 200, "nothing is left behind"

    def test_an_error_leaks_no_key(self, relay: Relay, provider: Upstream) -> None:
        words = f"wrong key {PROVIDER_KEY} or Bearer abcdef0123456789 or sk-proj-0123456789abcdef"
        provider.answers["gpt-4.1"] = (401, words)
        answer = relay.ask(model="gpt-4.1")
        told = answer.body.decode() + json.dumps(answer.headers)
        for secret in (
            PROVIDER_KEY,
            "abcdef0123456789",
            "sk-proj",
            GATEWAY_KEY,
            MASTER_KEY,
            "key-of-tenant-a",
        ):
            assert secret not in told
        assert "wrong key [redacted]" in told
        logged = relay.log.read_text()
        assert PROVIDER_KEY not in logged
        assert "abcdef0123456789" not in logged
        assert provider.base not in json.dumps(answer.headers)

    def test_the_log_holds_no_prompt_and_no_answer(self, relay: Relay, provider: Upstream) -> None:
        answer = relay.ask(model="gpt-4.1", messages=message("a-prompt-nobody-reads"))
        provider.answers["gpt-4.1"] = (500, "broken")
        relay.ask(model="gpt-4.1", messages=message("a-prompt-that-fails"))
        stream(relay, "a-prompt-that-breaks please break")
        cost_line(relay, answer.headers["x-litellm-call-id"])
        logged = relay.log.read_text()
        for text in ("a-prompt", answer.json["choices"][0]["message"]["content"]):
            assert text not in logged

    def test_a_stream_arrives_piece_by_piece(self, relay: Relay, provider: Upstream) -> None:
        _, arrived = stream(relay, "hello")
        pieces = [when for when, line in arrived if b'"content":"' in line]
        assert len(pieces) == 3
        assert pieces[0] < provider.last_piece_at, "held back until the provider had said everything"
        assert arrived[-1][1].strip() == b"data: [DONE]"

    def test_what_a_stream_used_is_said_and_counted(self, relay: Relay) -> None:
        call, arrived = stream(relay, "hello")
        assert any(b'"total_tokens":1500' in line for _, line in arrived)
        cost = cost_line(relay, call)
        assert (cost["input_tokens"], cost["output_tokens"], cost["estimated"]) == (1000, 500, False)
        assert cost["usd"] == pytest.approx(0.024)

    def test_a_stream_that_breaks_says_so_and_leaks_no_key(self, relay: Relay) -> None:
        lines = b"".join(line for _, line in stream(relay, "please break")[1])
        assert b'"error"' in lines
        assert PROVIDER_KEY.encode() not in lines


class TestTheDoor:
    def test_nobody_comes_in_without_the_gateways_key(self, relay: Relay) -> None:
        for key in ("", "sk-key-of-tenant-a", "gateway", GATEWAY_KEY[:-1]):
            answer = relay.ask(model="gpt-4.1", key=key)
            assert answer.status == 401
            assert "asked through the gateway" in answer.json["error"]["message"]

    @pytest.mark.parametrize("tenant", [None, "nobody", "../keys/tenant-a", "tenant-a\u00e9"])
    def test_a_tenant_without_a_key_is_refused(self, relay: Relay, tenant: str | None) -> None:
        answer = relay.ask(model="gpt-4.1", tenant=tenant)
        assert answer.status == 403
        assert "this tenant has no key at the relay" in answer.json["error"]["message"]

    @pytest.mark.parametrize(
        "path", ["/key/generate", "/v1/model/info", "/openai/deployments/gpt-4.1/chat/completions"]
    )
    def test_callers_of_the_gateway_do_not_manage(self, relay: Relay, path: str) -> None:
        assert relay.ask(path=path, model="gpt-4.1").status == 404

    def test_a_client_says_nothing_that_is_the_relays_to_say(self, relay: Relay, provider: Upstream) -> None:
        answer = relay.ask(
            model="gpt-4.1",
            api_base="http://elsewhere.example",
            mock_response="free",
            input_cost_per_token=0,
            headers={"x-litellm-timeout": "0.001", "x-litellm-api-key": "sk-key-of-tenant-b"},
        )
        assert answer.status == 200
        assert answer.json["choices"][0]["message"]["content"] != "free"
        assert float(answer.headers["x-litellm-response-cost"]) == pytest.approx(0.024)


class TestTiersAndSelection:
    def test_a_tier_is_tried_in_its_order(self, relay: Relay, provider: Upstream) -> None:
        assert relay.ask(model="high-quality").status == 200
        assert provider.asked[-1]["model"] == "gpt-4.1"
        for status in (429, 500, 503):
            provider.answers["gpt-4.1"] = (status, "busy")
            assert relay.ask(model="high-quality").status == 200
            assert provider.asked[-1]["model"] == "claude-sonnet-4-5"

    def test_a_model_asked_for_by_name_is_not_replaced(self, relay: Relay, provider: Upstream) -> None:
        provider.answers["gpt-4.1"] = (503, "busy")
        assert relay.ask(model="gpt-4.1").status == 503

    def test_an_alias_is_its_model(self, relay: Relay, provider: Upstream) -> None:
        assert relay.ask(model="claude-3").status == 200
        assert provider.asked[-1]["model"] == "claude-sonnet-4-5"

    @pytest.mark.parametrize(
        ("headers", "model"),
        [
            ({"X-Quality": "0.9", "X-Task": "analysis"}, "gpt-4.1"),
            ({"x-task": "reasoning", "x-max-latency-ms": "100"}, "claude-sonnet-4-5"),
            ({"x-max-latency-ms": "499", "x-budget-usd": "0.001"}, "gemini-2.5-flash"),
            ({"x-budget-usd": "0.009"}, "deepseek-v3.2"),
            ({}, "gemini-2.5-flash"),
        ],
    )
    def test_auto_is_the_model_that_the_rules_choose(
        self, relay: Relay, provider: Upstream, headers: dict[str, str], model: str
    ) -> None:
        answer = relay.ask(model="auto", headers=headers)
        assert answer.status == 200
        assert answer.headers["x-model-used"] == model
        assert provider.asked[-1]["model"] == model

    def test_a_small_request_to_auto_goes_to_the_cheap_model(self, relay: Relay, provider: Upstream) -> None:
        relay.ask(model="auto", messages=message("Translate: bonjour"))
        assert provider.asked[-1]["model"] == "deepseek-v3.2"


class TestCosts:
    def test_an_answer_costs_what_the_catalogue_says(self, relay: Relay) -> None:
        for model in ("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-flash", "deepseek-v3.2"):
            cost = cost_line(relay, relay.ask(model=model).headers["x-litellm-call-id"])
            expected = cost_usd(PricesSpec(), model, input_tokens=1000, output_tokens=500)
            assert expected is not None
            assert cost["usd"] == pytest.approx(float(expected), rel=1e-12)
            assert (cost["tenant"], cost["model"]) == ("tenant-a", model)
            assert cost["ms"] >= 0

    def test_an_answer_without_usage_is_estimated_and_says_so(self, relay: Relay) -> None:
        answer = relay.ask(model="deepseek-v3.2", messages=message("no usage"))
        content = answer.json["choices"][0]["message"]["content"]
        cost = cost_line(relay, answer.headers["x-litellm-call-id"])
        assert cost["estimated"] is True
        assert (cost["input_tokens"], cost["output_tokens"]) == (2, -(-len(content) // 4))
        assert cost["usd"] > 0

    def test_no_client_can_be_left_out_of_the_count(self, relay: Relay) -> None:
        answer = relay.ask(
            model="gpt-4.1",
            turn_off_message_logging=False,
            service_tier="priority",
            **{"no-log": True},
        )
        assert answer.status == 200
        assert cost_line(relay, answer.headers["x-litellm-call-id"])["usd"] == pytest.approx(0.024)

    def test_a_provider_that_fails_is_asked_twice_and_no_more(self, relay: Relay, provider: Upstream) -> None:
        provider.answers["gpt-4.1"] = (503, "busy")
        before = len(provider.asked)
        assert relay.ask(model="gpt-4.1", max_retries=5, num_retries=5).status == 503
        assert len(provider.asked) - before == 2, "once, and once more"

    def test_from_eighty_per_cent_on_the_caller_is_told(self, relay: Relay, provider: Upstream) -> None:
        answer = relay.ask(model="gpt-4.1", tenant="noticed")
        assert (answer.status, answer.headers["x-budget-used-percent"]) == (200, "85")
        assert "x-budget-degraded" not in answer.headers
        assert provider.asked[-1]["model"] == "gpt-4.1"

    def test_from_ninety_per_cent_on_the_cheap_tier_answers(self, relay: Relay, provider: Upstream) -> None:
        answer = relay.ask(model="gpt-4.1", tenant="degraded")
        assert (answer.status, answer.headers["x-budget-degraded"]) == (200, "true")
        assert answer.headers["x-model-used"] == "cost-effective"
        assert provider.asked[-1]["model"] == "deepseek-v3.2"
        answer = relay.ask(model="gemini-2.5-flash", tenant="degraded")
        assert "x-budget-degraded" not in answer.headers, "no dearer than the tier, so as asked for"

    def test_at_a_hundred_per_cent_nothing_is_asked(self, relay: Relay, provider: Upstream) -> None:
        before = len(provider.asked)
        answer = relay.ask(model="deepseek-v3.2", tenant="spent")
        assert answer.status == 429
        assert "the budget of spent is used up until it is renewed" in answer.json["error"]["message"]
        assert answer.headers["x-relay-refused"] == "true", "the gateway would take the relay from everybody"
        assert len(provider.asked) == before


class TestVectors:
    def ask(self, relay: Relay, *, tenant: str, model: str = "text-embedding-3-small") -> stage.Answer:
        body = {"model": model, "input": f"where is it? {time.time_ns()}", "dimensions": 512}
        return relay.ask(path="/v1/embeddings", raw=json.dumps(body).encode(), tenant=tenant)

    def test_a_text_becomes_a_vector_of_the_length_asked_for(self, relay: Relay, provider: Upstream) -> None:
        answer = self.ask(relay, tenant="tenant-a")
        assert answer.status == 200
        assert len(answer.json["data"][0]["embedding"]) == 512
        assert (provider.asked[-1]["model"], provider.asked[-1]["dimensions"]) == (
            "text-embedding-3-small",
            512,
        )

    def test_it_costs_what_the_catalogue_says(self, relay: Relay) -> None:
        cost = cost_line(relay, self.ask(relay, tenant="tenant-a").headers["x-litellm-call-id"])
        expected = cost_usd(PricesSpec(), "text-embedding-3-small", input_tokens=1000, output_tokens=0)
        assert expected == Decimal("0.00002")
        assert cost["usd"] == pytest.approx(float(expected), rel=1e-12)
        assert (cost["tenant"], cost["model"]) == ("tenant-a", "text-embedding-3-small")

    def test_near_the_end_of_a_budget_no_tier_answers_in_its_place(
        self, relay: Relay, provider: Upstream
    ) -> None:
        answer = self.ask(relay, tenant="degraded")
        assert answer.status == 200
        assert provider.asked[-1]["model"] == "text-embedding-3-small"
        assert "x-budget-degraded" not in answer.headers


class TestTheCache:
    def test_a_deterministic_answer_is_given_again(self, relay: Relay, provider: Upstream) -> None:
        said = {"model": "gpt-4.1", "temperature": 0, "messages": message("once")}
        first = kept(relay, **said)
        asked = len(provider.asked)
        again = relay.ask(**said)
        assert (first.headers["x-cached"], again.headers["x-cached"]) == ("false", "true")
        assert again.json["choices"] == first.json["choices"]
        assert len(provider.asked) == asked

    def test_another_tenant_gets_an_answer_of_its_own(self, relay: Relay) -> None:
        said = {"model": "gpt-4.1", "temperature": 0, "messages": message("secret")}
        mine = kept(relay, **said)
        theirs = relay.ask(tenant="tenant-b", **said)
        assert theirs.headers["x-cached"] == "false"
        assert theirs.json["choices"] != mine.json["choices"]

    def test_no_request_can_reach_into_another_tenants_answers(self, relay: Relay) -> None:
        """With every way of LiteLLM's to choose the place in the cache, headers and body."""
        said = {"model": "gpt-4.1", "temperature": 0, "messages": message("mine alone")}
        mine = kept(relay, **said).json["choices"]
        assert relay.ask(**said).json["choices"] == mine, "there is something to reach into"
        scope = stage.cache_scope("tenant-a")
        for attack in (
            {"cache": {"use-cache": True, "namespace": scope}},
            {"metadata": {"redis_namespace": scope}},
            {"litellm_params": {"preset_cache_key": f"{scope}:x"}},
            {"litellm_metadata": {"redis_namespace": scope}},
            {"extra_body": {"cache": {"namespace": scope}}},
            {"headers": {"x-subject": scope}},
            {"user": "tenant-a"},
        ):
            answer = relay.ask(tenant="tenant-b", **{**said, **attack})
            assert answer.status == 200
            assert answer.json["choices"] != mine, attack

    @pytest.mark.parametrize(
        "other",
        [
            {"temperature": 0.1},
            {"temperature": None},
            {"max_tokens": 11},
            {"seed": 4},
            {"top_k": 3},
            {"stop": ["."]},
            {"response_format": {"type": "json_object"}},
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]},
            {"headers": {"x-no-cache": "true"}},
            {"headers": {"x-subject": "somebody-else"}},
        ],
        ids=str,
    )
    def test_a_request_that_differs_is_asked_anew(self, relay: Relay, other: dict[str, object]) -> None:
        said = {"model": "gpt-4.1", "temperature": 0, "messages": message(f"the base, and {other}")}
        kept(relay, **said)
        assert relay.ask(**said).headers["x-cached"] == "true"
        answer = relay.ask(**{**said, **other})
        assert (answer.status, answer.headers["x-cached"]) == (200, "false")


def test_it_exports_without_a_licence_what_is_declared(relay: Relay) -> None:
    relay.ask(model="gpt-4.1", tenant="noticed")
    stream(relay, "hello")
    (source,) = SOURCES
    deadline = time.monotonic() + 60
    missing: set[str] = set()
    while time.monotonic() < deadline:
        text = relay.get("/metrics/").body.decode()
        typed = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
        samples = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")}
        missing = {
            name for name in source.names - {"up"} if name not in typed | samples and base(name) not in typed
        }
        if not missing:
            break
        time.sleep(0.5)
    assert missing == set()
    assert 'api_key_alias="tenant-a"' in text


def test_no_client_makes_series_by_what_it_writes(relay: Relay) -> None:
    before = counted(relay)
    for number in range(3):
        relay.ask(
            model=f"made-up-{number}", headers={"user-agent": f"browser-{number}"}, user=f"user-{number}"
        )
        relay.ask(model="gpt-4.1", headers={"user-agent": f"browser-{number}"}, user=f"user-{number}")
    until(lambda: counted(relay) >= before + 3)
    text = relay.get("/metrics/").body.decode()
    for written in ("made-up-", "browser-", "user-0", "127.0.0.1"):
        assert written not in text


def counted(relay: Relay) -> float:
    """How many requests it has counted, which is a moment after it has answered."""
    samples = relay.get("/metrics/").body.decode().splitlines()
    return sum(float(one.rpartition(" ")[2]) for one in samples if one.startswith(REQUESTS))


def base(name: str) -> str:
    for suffix in ("_bucket", "_sum", "_count"):
        name = name.removesuffix(suffix)
    return name


def cost_line(relay: Relay, call: str) -> dict[str, object]:
    return until(lambda: [line for line in relay.costs() if line["call"] == call])[0]


def kept(relay: Relay, **said: object) -> stage.Answer:
    """The answer to what was not asked before, once it is in the cache: it is given a moment before that."""
    with contextlib.closing(Wire(relay.cache_url)) as cache:
        before = cache.do("KEYS", "*")
        answer = relay.ask(**said)  # type: ignore[arg-type]
        assert answer.headers["x-cached"] == "false"
        until(lambda: len(cache.do("KEYS", "*")) > len(before))  # type: ignore[arg-type]
    return answer


def stream(relay: Relay, text: str) -> tuple[str, list[tuple[float, bytes]]]:
    """The call, and its lines with the moment each arrived, read as they come."""
    body = json.dumps({"model": "gpt-4.1", "messages": message(text), "stream": True}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: relay\r\nauthorization: Bearer {GATEWAY_KEY}\r\n"
        f"x-tenant: tenant-a\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        "connection: close\r\n\r\n"
    )
    found: list[tuple[float, bytes]] = []
    call = ""
    with socket.create_connection(("127.0.0.1", relay.port), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        with connection.makefile("rb") as lines:
            for line in lines:
                if line.startswith(b"data:"):
                    found.append((time.monotonic(), line))
                elif line.lower().startswith(b"x-litellm-call-id:"):
                    call = line.decode().partition(":")[2].strip()
    return call, found
