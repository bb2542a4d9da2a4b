"""Counts and lists follow the engine's events, whatever their order."""

from __future__ import annotations

from typing import Any

from pulumi.automation.events import EngineEvent

from agentic.sandbox.tally import Problem, Step, Tally

URN = "urn:pulumi:dev::agentic-platform::agentic:network:Network$aws:ec2/vpc:Vpc::network"


def _step(kind: str, op: str, urn: str = URN, **more: Any) -> EngineEvent:
    return EngineEvent.from_json(
        {kind: {"metadata": {"op": op, "urn": urn, "type": "aws:ec2/vpc:Vpc", **more}}}
    )


def _message(text: str, severity: str = "error", urn: str = "") -> EngineEvent:
    return EngineEvent.from_json({"diagnosticEvent": {"message": text, "severity": severity, "urn": urn}})


def test_a_resource_is_under_way_until_it_is_done() -> None:
    tally = Tally()
    tally.take(_step("resourcePreEvent", "create"))
    assert list(tally.under_way) == [URN]
    done = tally.take(_step("resOutputsEvent", "create"))
    assert isinstance(done, Step)
    assert (done.op, done.name) == ("create", "network")
    assert not tally.under_way
    assert tally.counts() == {"create": 1}


def test_a_component_that_reports_twice_is_counted_once() -> None:
    tally = Tally()
    for kind in ("resourcePreEvent", "resOutputsEvent", "resOutputsEvent"):
        tally.take(_step(kind, "create"))
    assert tally.counts() == {"create": 1}


def test_what_stays_the_same_is_counted_but_not_shown() -> None:
    tally = Tally()
    assert tally.take(_step("resourcePreEvent", "same")) is None
    assert tally.take(_step("resOutputsEvent", "same")) is None
    assert (tally.same, tally.counts(), tally.finished) == (1, {}, 1)


def test_a_replacement_is_one_thing_to_the_operator() -> None:
    tally = Tally()
    for op in ("create-replacement", "replace", "delete-replaced"):
        tally.take(_step("resourcePreEvent", op))
        tally.take(_step("resOutputsEvent", op))
    assert tally.counts() == {"replace": 1}


def test_a_change_names_its_property_paths() -> None:
    tally = Tally()
    diff = {"tags.owner": {"diffKind": "update", "inputDiff": True}, "cidrBlock": {"diffKind": "update"}}
    tally.take(_step("resourcePreEvent", "update", detailedDiff=diff))
    done = tally.take(_step("resOutputsEvent", "update", detailedDiff=diff))
    assert isinstance(done, Step)
    assert done.paths == ("cidrBlock", "tags.owner")


def test_an_error_is_kept_once_and_without_colour_marks() -> None:
    tally = Tally()
    first = tally.take(_message("<{%fg 1%}>VpcLimitExceeded<{%reset%}>", urn=URN))
    assert first == Problem("error", URN, "VpcLimitExceeded")
    assert tally.take(_message("VpcLimitExceeded", urn=URN)) is None
    assert len(tally.problems) == 1


def test_chatter_is_not_a_problem() -> None:
    tally = Tally()
    assert tally.take(_message("waiting", severity="info")) is None
    assert not tally.problems


def test_the_summary_is_the_engines_own_count() -> None:
    tally = Tally()
    tally.take(EngineEvent.from_json({"summaryEvent": {"resourceChanges": {"create": 3, "same": 2}}}))
    assert tally.summary == {"create": 3, "same": 2}


def test_a_failed_operation_is_no_longer_under_way() -> None:
    tally = Tally()
    tally.take(_step("resourcePreEvent", "create"))
    tally.take(_step("resOpFailedEvent", "create"))
    assert not tally.under_way
    assert [step.urn for step in tally.failed] == [URN]
