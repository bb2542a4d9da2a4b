from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from agentic.plan.yaml_text import yaml_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8) | st.sampled_from(
    [
        "yes",
        "no",
        "on",
        "~",
        "null",
        "1e3",
        "0o7",
        "0x1F",
        "1_000",
        "12:30:45",
        "1.35",
        "2026-01-01",
        "=",
        "<<",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_readers_of_yaml_1_1_get_back_what_went_in(value: Any) -> None:
    assert yaml.safe_load(yaml_text(value)) == value


@pytest.mark.parametrize(
    "text",
    ["1e3", "0o7", "0x1F", "1.35", "12:30", "-1", "+1", ".5", "007", "1_000", "yes", "null", "~", "", "true"],
)
def test_readers_of_yaml_1_2_take_no_text_for_something_else(text: str) -> None:
    # The parsers in Go follow 1.2 for numbers: a memory limit of "1e3" must stay text.
    assert YAML(typ="safe", pure=True).load(yaml_text({"value": text})) == {"value": text}


def test_keys_are_sorted_and_blocks_are_open() -> None:
    assert yaml_text({"b": [1, {"c": "x"}], "a": {}}) == "a: {}\nb:\n- 1\n- c: x\n"


def test_a_long_line_is_not_folded() -> None:
    assert yaml_text({"a": "word " * 100}).count("\n") == 1
