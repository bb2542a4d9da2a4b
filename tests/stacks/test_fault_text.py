from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import Field, StringConstraints, ValidationError, model_validator

from components.core.faults import Fault, FaultsError
from components.core.spec import SHAPES, DnsLabel, Spec
from stacks.fault_text import fault_text, fault_texts, key_text, no_such_key


class Near(Spec):
    mode: Literal["near"]
    metres: int = Field(gt=0, le=100, description="How far.")


class Far(Spec):
    mode: Literal["far"]
    miles: list[float] = Field(max_length=2, description="Each leg.")


class Trip(Spec):
    where: Annotated[Near | Far, Field(discriminator="mode")]
    code: Annotated[str, StringConstraints(pattern=r"^T-\d$")] = Field(default="T-1", description="Ticket.")
    by: dict[DnsLabel, Near] = Field(default={}, description="Legs by name.")
    rain: bool = Field(default=False, description="Take a coat.")
    fare: Decimal | None = Field(default=None, decimal_places=2, description="In EUR.")
    on: date | None = Field(default=None, description="When.")
    stops: dict[str, int] = Field(default={}, max_length=2, description="Minutes by place.")
    note: str | None = Field(default=None, min_length=2, max_length=4, description="A word.")


def _said(raw: object) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        Trip.model_validate(raw)
    return [fault_text(Trip, error) for error in refusal.value.errors(include_input=False)]


NEAR = {"mode": "near", "metres": 1}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ([], "platform: is not a mapping; write its keys on lines of their own, indented"),
        ({}, "where: is missing; write it"),
        ({"where": {}}, "where.mode: is missing; say which mode it is"),
        ({"where": {"mode": "up"}}, "where.mode: there is no such mode; choose one of 'near', 'far'"),
        ({"where": {"mode": "near"}}, "where.metres: is missing; How far."),
        ({"where": {**NEAR, "metres": 0}}, "where.metres: is not above 0; How far."),
        ({"where": {**NEAR, "metres": 101}}, "where.metres: is above 100; How far."),
        ({"where": {**NEAR, "metres": 1.5}}, "where.metres: is not a whole number; How far."),
        ({"where": {**NEAR, "metres": "1 m"}}, "where.metres: is not a whole number; How far."),
        (
            {"where": {**NEAR, "metre": 1}},
            "where.metre: no such key; did you mean 'metres'? known: metres, mode",
        ),
        ({"where": {**NEAR, "x y": 1}}, "where.'x y': no such key; known: metres, mode"),
        (
            {"where": {"mode": "far", "miles": 1}},
            "where.miles: is not a list; write it as [a, b], or with one `- a` in each line",
        ),
        ({"where": {"mode": "far", "miles": [1, "a"]}}, "where.miles[1]: is not a number; Each leg."),
        (
            {"where": {"mode": "far", "miles": [1, 2, 3]}},
            "where.miles: has more than 2 entries; Each leg.",
        ),
        ({"where": NEAR, "code": "X"}, r"code: does not match ^T-\d$; Ticket."),
        ({"where": NEAR, "code": 1}, "code: is not text; put it in quotes"),
        ({"where": NEAR, "rain": "wet"}, "rain: is neither true nor false; Take a coat."),
        ({"where": NEAR, "note": "a"}, "note: is shorter than 2 characters; A word."),
        ({"where": NEAR, "note": "abcde"}, "note: is longer than 4 characters; shorten it"),
        (
            {"where": NEAR, "by": {"a": 1}},
            "by.a: is not a mapping; write its keys on lines of their own, indented",
        ),
        ({"where": NEAR, "by": {"a": {"mode": "near"}}}, "by.a.metres: is missing; How far."),
        ({"where": NEAR, "by": {"a": {**NEAR, "mode": "up"}}}, "by.a.mode: is none of 'near'; choose one"),
        (
            {"where": NEAR, "by": {"A": NEAR}},
            "by.A: the name is not a DNS label; use lower-case letters, digits and hyphens, with a letter "
            "first and no hyphen last",
        ),
        (
            {"where": NEAR, "by": {"a" * 64: NEAR}},
            f"by.{'a' * 64}: the name is longer than 63 characters; shorten it",
        ),
        ({"where": NEAR, "fare": "5 EUR"}, "fare: is not a number; In EUR."),
        ({"where": NEAR, "fare": {}}, "fare: is not a number; In EUR."),
        ({"where": NEAR, "fare": "1.234"}, "fare: has more than 2 decimal places; round it"),
        ({"where": NEAR, "on": "30.11.2026"}, "on: is not a day; write it as 2026-11-30"),
        (
            {"where": NEAR, "on": "2026-11-30T09:00"},
            "on: is a day with a time; write the day alone: 2026-11-30",
        ),
        ({"where": NEAR, "on": [1]}, "on: is not a day; write it as 2026-11-30"),
        (
            {"where": NEAR, "stops": dict.fromkeys("abc", 1)},
            "stops: has more than 2 entries; Minutes by place.",
        ),
        ({"where": {**NEAR, 1: 2}}, "where[1]: is a key that is not text; put it in quotes"),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(raw: object, fault: str) -> None:
    assert _said(raw) == [fault]


def test_what_a_models_own_rule_found_is_a_line_each_with_the_whole_path() -> None:
    class Bag(Spec):
        apples: int

        @model_validator(mode="after")
        def _never(self) -> Self:
            raise FaultsError(
                [Fault("apples", "are red", "take green ones"), Fault("", "is torn", "mend it")]
            )

    class Trunk(Spec):
        bags: list[Bag]

    def said(model: type[Spec], raw: Any) -> list[str]:
        with pytest.raises(ValidationError) as refusal:
            model.model_validate(raw)
        return [text for error in refusal.value.errors() for text in fault_texts(model, error)]

    assert said(Bag, {"apples": 1}) == ["apples: are red; take green ones", "platform: is torn; mend it"]
    assert said(Trunk, {"bags": [{"apples": 1}, {"apples": "x"}]}) == [
        "bags[0].apples: are red; take green ones",
        "bags[0]: is torn; mend it",
        "bags[1].apples: is not a whole number; correct it",
    ]


@pytest.mark.parametrize("pattern", SHAPES)
def test_every_shape_of_a_name_is_said_in_words(pattern: str) -> None:
    class Named(Spec):
        name: Annotated[str, StringConstraints(pattern=pattern)]

    with pytest.raises(ValidationError) as refusal:
        Named(name="!")
    rule, remedy = SHAPES[pattern]
    assert fault_text(Named, refusal.value.errors()[0]) == f"name: {rule}; {remedy}"
    assert pattern not in rule + remedy


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("a-b.c/d_1", "a-b.c/d_1"),
        ("a b", "'a b'"),
        ("a\nb", r"'a\nb'"),
        ("\ud800", r"'\ud800'"),
        ("é", "'é'"),
        ("", "''"),
        (1, "1"),
        (None, "None"),
    ],
)
def test_a_key_is_shown_on_one_line_whatever_is_in_it(key: object, shown: str) -> None:
    assert key_text(key) == shown


def test_a_key_that_resembles_nothing_is_offered_nothing() -> None:
    assert no_such_key("a.zzz", "zzz", ["cpu", "memory"]) == "a.zzz: no such key; known: cpu, memory"
