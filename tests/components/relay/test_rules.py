from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.relay.hook import rules
from components.relay.hook.rules import Settings, cache_control, estimated_tokens, redacted, standing

SETTINGS = Settings(cheap=("deepseek-v3.2", "cost-effective"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
)


def test_settings_are_read_as_they_were_written() -> None:
    text = json.dumps(
        {
            "cache_ttl_seconds": 5,
            "cheap": ["a"],
            "pre_rules": [{"model": "m", "longest_characters": 3, "words": ["x"]}],
        }
    )
    assert Settings.read(text) == Settings(
        cache_ttl_seconds=5, cheap=("a",), pre_rules=(rules.PreRule("m", 3, ("x",)),)
    )


class TestTheCache:
    @pytest.mark.parametrize("temperature", [None, 0.0001, 1, "0", True, False, [0]])
    def test_only_temperature_zero_is_kept(self, temperature: object) -> None:
        assert cache_control({"temperature": temperature}, {}, "a", SETTINGS) is None

    @pytest.mark.parametrize("temperature", [0, 0.0])
    def test_a_deterministic_request_is_kept_for_as_long_as_said(self, temperature: float) -> None:
        control = cache_control({"temperature": temperature}, {}, "a", SETTINGS)
        assert control is not None
        assert (control["use-cache"], control["ttl"]) == (True, 3600)

    @pytest.mark.parametrize(
        ("more", "headers", "tenant", "settings"),
        [
            ({"stream": True}, {}, "a", SETTINGS),
            ({"n": 2}, {}, "a", SETTINGS),
            ({}, {"x-no-cache": "1"}, "a", SETTINGS),
            ({}, {}, None, SETTINGS),
            ({}, {}, "", SETTINGS),
            ({}, {}, "a", Settings(cache_enabled=False)),
        ],
    )
    def test_what_is_never_kept(
        self, more: dict[str, Any], headers: dict[str, str], tenant: str | None, settings: Settings
    ) -> None:
        assert cache_control({"temperature": 0, **more}, headers, tenant, settings) is None

    @given(st.tuples(st.text(min_size=1), st.text()), st.tuples(st.text(min_size=1), st.text()))
    def test_two_scopes_are_the_same_only_for_the_same_tenant_and_subject(
        self, one: tuple[str, str], other: tuple[str, str]
    ) -> None:
        def scope(who: tuple[str, str]) -> object:
            control = cache_control({"temperature": 0}, {"x-subject": who[1]}, who[0], SETTINGS)
            assert control is not None
            return control["namespace"]

        assert (scope(one) == scope(other)) == (one == other)


class TestWhatClientsMaySay:
    @given(st.dictionaries(st.sampled_from([*sorted(rules.SAYABLE)]) | st.text(), JSON))
    def test_what_a_client_may_say_is_there_and_nothing_else(self, said: dict[str, Any]) -> None:
        kept = rules.without_private(said)
        assert kept == {name: value for name, value in said.items() if name in rules.SAYABLE}

    @pytest.mark.parametrize(
        "name",
        [
            "no-log",
            "max_retries",
            "num_retries",
            "fallbacks",
            "cache",
            "metadata",
            "litellm_params",
            "litellm_credential_name",
            "preset_cache_key",
            "api_base",
            "api_key",
            "base_url",
            "headers",
            "extra_headers",
            "extra_body",
            "mock_response",
            "mock_timeout",
            "model_info",
            "input_cost_per_token",
            "service_tier",
            "drop_params",
            "turn_off_message_logging",
        ],
    )
    def test_what_steers_litellm_or_changes_the_price_is_gone(self, name: str) -> None:
        assert rules.without_private({"model": "m", name: True}) == {"model": "m"}


class TestBudgets:
    @pytest.mark.parametrize(
        ("spend", "percent", "state"),
        [
            (0.0, 0, (False, False, False)),
            (79.99, 79, (False, False, False)),
            (80.0, 80, (True, False, False)),
            (89.99, 89, (True, False, False)),
            (90.0, 90, (True, True, False)),
            (99.99, 99, (True, True, False)),
            (100.0, 100, (True, True, True)),
            (1000.0, 1000, (True, True, True)),
        ],
    )
    def test_the_three_steps(self, spend: float, percent: int, state: tuple[bool, bool, bool]) -> None:
        stands = standing(spend, 100.0, SETTINGS)
        assert stands.percent == percent
        assert (stands.noticed, stands.degraded, stands.refused) == state

    @pytest.mark.parametrize("spend", [math.nan, math.inf])
    def test_spend_that_cannot_be_read_counts_as_all(self, spend: float) -> None:
        assert standing(spend, 10.0, SETTINGS).refused

    @pytest.mark.parametrize("budget", [0.0, -1.0, math.nan])
    def test_a_budget_that_is_none_allows_nothing(self, budget: float) -> None:
        assert standing(0.0, budget, SETTINGS).refused

    def test_without_a_budget_nobody_is_stopped(self) -> None:
        assert standing(1e9, None, SETTINGS) == rules.Standing(percent=None)

    @given(st.floats(0.01, 1e6), st.integers(1, 1000))
    def test_a_threshold_reached_is_reached_whatever_the_numbers(self, budget: float, percent: int) -> None:
        assert standing(budget * percent / 100, budget, SETTINGS).noticed == (percent >= 80)

    @pytest.mark.parametrize(
        ("model", "spend", "answers"),
        [
            ("gpt-4.1", 89.0, "gpt-4.1"),
            ("gpt-4.1", 90.0, "cost-effective"),
            ("deepseek-v3.2", 95.0, "deepseek-v3.2"),
            ("cost-effective", 95.0, "cost-effective"),
        ],
    )
    def test_only_dearer_models_are_replaced(self, model: str, spend: float, answers: str) -> None:
        assert rules.affordable(model, standing(spend, 100.0, SETTINGS), SETTINGS) == answers


class TestThePreRouter:
    settings = Settings(
        pre_rules=(rules.PreRule("ultra-cheap", 20, ("translate", "spell")), rules.PreRule("tiny", 4))
    )

    def chosen(
        self, text: object, model: str = "auto", headers: dict[str, str] | None = None, **more: Any
    ) -> str:
        data = {"messages": [{"role": "user", "content": text}], **more}
        return rules.chosen_model(model, headers or {}, data, self.settings)

    def test_the_first_rule_that_applies_decides(self) -> None:
        assert self.chosen("Translate: oui") == "ultra-cheap"
        assert self.chosen("hey") == "tiny"
        assert self.chosen("what is it?") == "gemini-2.5-flash"

    def test_a_word_is_a_whole_word_of_the_last_message(self) -> None:
        assert self.chosen("mistranslated") == "gemini-2.5-flash"
        two = [{"role": "user", "content": "translate"}, {"role": "user", "content": "no"}]
        assert rules.chosen_model("auto", {}, {"messages": two}, self.settings) == "gemini-2.5-flash"

    def test_a_conversation_that_is_too_long_or_has_tools_is_no_small_one(self) -> None:
        assert self.chosen("translate " + "x" * 20) == "gemini-2.5-flash"
        assert self.chosen("translate", tools=[{"type": "function"}]) == "gemini-2.5-flash"

    def test_what_a_caller_says_goes_before_what_a_request_looks_like(self) -> None:
        assert self.chosen("translate", headers={"x-quality": "1"}) == "gpt-4.1"

    def test_a_model_by_name_is_that_model(self) -> None:
        assert self.chosen("translate", model="gpt-4.1") == "gpt-4.1"

    def test_parts_of_a_message_are_read_too(self) -> None:
        assert self.chosen([{"type": "text", "text": "spell it"}]) == "ultra-cheap"
        assert self.chosen([{"type": "image_url", "image_url": {}}]) == "gemini-2.5-flash"


class TestTheEstimator:
    @pytest.mark.parametrize(
        ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("a" * 4000, 1000)]
    )
    def test_four_characters_are_a_token(self, text: str, tokens: int) -> None:
        assert estimated_tokens(text) == tokens

    def test_the_json_around_a_conversation_is_not_counted(self) -> None:
        assert rules.estimated_prompt([{"role": "user", "content": "abcd", "name": "x" * 100}]) == 1

    @given(JSON)
    def test_it_survives_whatever_is_no_conversation(self, anything: object) -> None:
        assert rules.estimated_prompt(anything) >= 0


class TestRedaction:
    @given(st.binary(max_size=60), st.binary(min_size=8, max_size=20), st.binary(max_size=60))
    def test_a_known_secret_is_in_no_answer(self, before: bytes, secret: bytes, after: bytes) -> None:
        if secret not in rules.REDACTED + before + rules.REDACTED + after:
            assert secret not in redacted(before + secret + after, [secret]) or secret in rules.REDACTED

    @pytest.mark.parametrize("text", [b"sk-abcdef0123", b"Bearer abcdefgh12", b"bearer  a.b-c_d+e/f="])
    def test_what_looks_like_a_key_is_in_no_answer(self, text: bytes) -> None:
        assert redacted(b"x " + text + b" y") == b"x [redacted] y"

    def test_words_stay(self) -> None:
        assert redacted(b"task-force risk-based sk-1") == b"task-force risk-based sk-1"
