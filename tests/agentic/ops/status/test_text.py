from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agentic.ops.status.finding import Finding, Section, State, worst
from agentic.ops.status.status import Component, Status
from agentic.ops.status.text import MOST_GROUPS, MOST_NAMES, as_json, as_text

Make = Callable[..., Any]


@pytest.fixture
def made(expect: Make) -> Callable[..., Status]:
    def make(*findings: Finding, label: str = "") -> Status:
        return Status(
            expected=expect(),
            source="context dev",
            label=label,
            components=(Component(name="keda", releases=1, workloads=2, state=State.OK, findings=0),),
            sections=(Section(area="releases", line="1 of 1 as planned", findings=findings),),
        )

    return make


def finding(state: State = State.DEGRADED, said: str = "is not there") -> Finding:
    return Finding(area="releases", what="keda/keda", state=state, said=said, next="pulumi up")


@pytest.mark.parametrize(
    ("states", "verdict", "code"),
    [
        ((), "healthy", 0),
        ((State.NOT_COVERED,), "as planned, as far as can be seen here", 0),
        ((State.UNKNOWN,), "cannot tell: 1 unknown", 2),
        ((State.UNKNOWN, State.DEGRADED), "degraded: 1 problem, 1 unknown", 1),
        ((State.DEGRADED, State.DEGRADED), "degraded: 2 problems", 1),
    ],
)
def test_the_verdict_comes_first_and_decides_the_exit_code(
    states: tuple[State, ...], verdict: str, code: int, made: Callable[..., Status]
) -> None:
    found = made(*map(finding, states))
    assert as_text(found).splitlines()[0] == f"dev (ai-dev, eu-west-1): {verdict}"
    assert found.exit_code == code


def test_a_problem_comes_with_its_next_step(made: Callable[..., Status]) -> None:
    assert as_text(made(finding())).splitlines()[3:5] == [
        "!! releases: keda/keda: is not there",
        "     pulumi up",
    ]


def test_problems_come_before_what_is_unknown(made: Callable[..., Status]) -> None:
    lines = as_text(made(finding(State.UNKNOWN), finding())).splitlines()
    assert [line[:2] for line in lines if line.startswith(("!!", "??"))] == ["!!", "??"]


def test_one_screen_is_enough(made: Callable[..., Status]) -> None:
    text = as_text(made(*[finding(said=f"is {index}") for index in range(MOST_GROUPS + 5)]))
    assert text.count("!!") == MOST_GROUPS
    assert "and 5 more: --format json has all" in text


def test_what_is_wrong_in_the_same_way_is_one_line(made: Callable[..., Status]) -> None:
    alike = [replace(finding(), what=f"keda/{index}") for index in range(MOST_NAMES + 2)]
    lines = as_text(made(*alike)).splitlines()
    assert lines[0].endswith("degraded: 7 problems")
    assert lines[3] == "!! releases: keda/0, keda/1, keda/2, keda/3, keda/4 and 2 more: is not there"


def test_what_a_pod_says_cannot_steer_the_terminal(made: Callable[..., Status]) -> None:
    text = as_text(made(finding(said="\x1b[2Jgone\x07")))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_json_has_everything(made: Callable[..., Status]) -> None:
    document = json.loads(json.dumps(as_json(made(finding(), label="sandbox"))))
    assert (document["state"], document["exitCode"], document["label"]) == ("degraded", 1, "sandbox")
    assert document["sections"][0]["findings"][0] == {
        "what": "keda/keda",
        "state": "degraded",
        "said": "is not there",
        "component": None,
        "next": "pulumi up",
    }
    assert document["components"][0]["name"] == "keda"


def test_components_are_named_by_their_state(made: Callable[..., Status]) -> None:
    more = Component(name="milvus", releases=1, workloads=2, state=State.DEGRADED, findings=3)
    found = made()
    lines = as_text(replace(found, components=(*found.components, more))).splitlines()
    assert lines[-3:] == ["components", "  degraded      milvus (3)", "  ok            keda"]


def test_nothing_at_all_is_fine() -> None:
    assert worst(()) is State.OK


def test_details_are_cut_and_counted(made: Callable[..., Status]) -> None:
    section = Section(area="quotas", line="many", details=tuple(f"ns-{index}: pods" for index in range(30)))
    text = as_text(replace(made(), sections=(section,)))
    assert "ns-7: pods" in text
    assert "ns-8: pods" not in text
    assert "and 22 more" in text
