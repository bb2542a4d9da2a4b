"""What a plan calls unknown is what the engine's own first preview calls unknown. Engine, our provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pulumi.automation.events import EngineEvent

from agentic.plan.capture import capture_stack
from agentic.sandbox.session import Options
from tests.engine.conftest import ROOT, Sandboxes

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value it cannot know yet (pulumi/pulumi, sdk/go/common/resource/plugin)."""

NAMES_OF_OTHER_OBJECTS = {"metadata.namespace", "namespace", "roleRef.name"}
"""Of objects in the cluster: before it exists the engine cannot configure their provider and forgets even names
that the program gave. The plan knows them, because every object has an explicit name."""


def test_a_plan_and_the_engine_do_not_know_the_same_things(sandboxes: Sandboxes) -> None:
    seen: dict[str, set[str]] = {}

    def note(event: EngineEvent) -> None:
        if event.res_outputs_event and event.res_outputs_event.metadata.new is not None:
            metadata = event.res_outputs_event.metadata
            seen[metadata.urn] = set(_unknown(metadata.new.inputs or {}, ""))

    sandboxes.stack("dev", options=Options(watch=note)).preview()
    planned = capture_stack("dev", ROOT).unknown_inputs()

    assert planned, "a platform without unknowns is no platform: the test would prove nothing"
    assert planned.keys() <= seen.keys()
    for urn, engine in seen.items():
        plan = planned.get(urn, set[str]())
        assert plan - engine == set(), f"{urn}: the plan calls unknown what the engine knows"
        assert engine - plan <= NAMES_OF_OTHER_OBJECTS, (
            f"{urn}: the plan claims to know what the engine does not"
        )


def _unknown(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and UNKNOWN in value:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unknown(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, f"{path}[{index}]")
