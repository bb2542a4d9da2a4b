"""The selection rules: one table, read by the relay and by the gateway alike."""

from __future__ import annotations

import json
from typing import Any

import cel as evaluator
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.gateway.expressions import model_asked_for
from components.gateway.names import MODEL_HEADER, REFUSED_HEADER, SUBJECT_HEADER
from components.gateway.spec import Selection
from components.prices.catalogue import CATALOGUE
from components.relay import cel
from components.relay.hook import rules, selection
from components.relay.hook.selection import (
    AUTO,
    BUDGET,
    DEFAULT,
    HEADERS,
    LATENCY,
    MODELS,
    QUALITY,
    TASK,
    select,
)

WORDS = [
    "reasoning",
    "analysis",
    "Reasoning",
    "chat",
    "",
    "nan",
    "inf",
    "1e3",
    "-1",
    "+1",
    " 0.95",
    "0.95 ",
    ".9",
    "9.",
]
EDGES = [
    "0.9",
    "0.90",
    "0.8999",
    "500",
    "499.99",
    "500.0",
    "0.01",
    "0.0099",
    "0.010",
    "0",
    "00.95",
    "9" * 16,
    "9" * 17,
]
VALUE = st.one_of(
    st.none(),
    st.sampled_from(WORDS + EDGES),
    st.floats(0, 2, allow_nan=False).map(lambda value: f"{value:.4f}"),
    st.integers(0, 2000).map(str),
    st.text(max_size=20),
)
SAID = st.fixed_dictionaries(dict.fromkeys(HEADERS, VALUE))


def by_cel(expression: str, headers: dict[str, str], asked: str = "") -> Any:
    context = evaluator.Context()
    context.add_function("default", lambda value, other: other if value is None else value)
    context.add_function("coalesce", lambda value, other: other if value is None else value)
    context.add_function("json", json.loads)
    known = {**dict.fromkeys((*HEADERS, MODEL_HEADER)), **headers}
    context.add_variable("request", {"headers": known, "body": json.dumps({"model": asked})})
    return evaluator.evaluate(expression, context)


@pytest.mark.parametrize(
    ("headers", "model"),
    [
        ({QUALITY: "0.9"}, "gpt-4.1"),
        ({QUALITY: "0.95", TASK: "reasoning", LATENCY: "1", BUDGET: "0"}, "gpt-4.1"),
        ({QUALITY: "0.89", TASK: "reasoning"}, "claude-sonnet-4-5"),
        ({TASK: "analysis", LATENCY: "10"}, "claude-sonnet-4-5"),
        ({LATENCY: "499", BUDGET: "0.001"}, "gemini-2.5-flash"),
        ({LATENCY: "500", BUDGET: "0.001"}, "deepseek-v3.2"),
        ({BUDGET: "0.01"}, "gemini-2.5-flash"),
        ({}, "gemini-2.5-flash"),
    ],
)
def test_precedence(headers: dict[str, str], model: str) -> None:
    assert select(headers) == model
    assert by_cel(cel.selected(), headers) == model


@settings(max_examples=60)
@given(SAID)
def test_gateway_and_relay_never_disagree(said: dict[str, str | None]) -> None:
    headers = {name: value for name, value in said.items() if value is not None}
    assert by_cel(cel.selected(), headers) == select(headers)


@given(SAID)
def test_the_first_rule_that_is_met_decides(said: dict[str, str | None]) -> None:
    """The rules once more, as the requirement words them."""
    headers = {name: value for name, value in said.items() if value is not None}
    quality, latency, budget = (selection.number(headers.get(name)) for name in (QUALITY, LATENCY, BUDGET))
    if quality is not None and quality >= 0.9:
        expected = "gpt-4.1"
    elif headers.get(TASK) in ("reasoning", "analysis"):
        expected = "claude-sonnet-4-5"
    elif latency is not None and latency < 500:
        expected = "gemini-2.5-flash"
    elif budget is not None and budget < 0.01:
        expected = "deepseek-v3.2"
    else:
        expected = "gemini-2.5-flash"
    assert select(headers) == expected


@given(st.dictionaries(st.text(max_size=12).filter(lambda name: name not in HEADERS), st.text(max_size=12)))
def test_no_other_header_changes_the_choice(headers: dict[str, str]) -> None:
    assert select(headers) == DEFAULT


@settings(max_examples=40)
@given(st.sampled_from([AUTO, "gpt-4", "auto ", "AUTO"]), SAID)
def test_only_auto_leaves_the_choice_to_the_rules(asked: str, said: dict[str, str | None]) -> None:
    headers = {name: value for name, value in said.items() if value is not None}
    expected = select(headers) if asked == AUTO else asked
    chosen = Selection(asked_as=AUTO, chosen=cel.selected())
    assert by_cel(model_asked_for(chosen), headers, asked) == expected
    assert by_cel(model_asked_for(chosen), {**headers, MODEL_HEADER: asked}) == expected


def test_gateway_and_relay_mean_the_same_header() -> None:
    assert rules.SUBJECT_HEADER == SUBJECT_HEADER
    assert rules.REFUSED_HEADER == REFUSED_HEADER


def test_what_can_be_chosen_has_a_price() -> None:
    assert set(MODELS) <= CATALOGUE.keys()


def test_the_expression_fits_beside_the_gateways_own() -> None:
    assert len(cel.selected()) < 2000
