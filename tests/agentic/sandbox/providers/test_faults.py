"""Proves (our store): faults are read or refused by name, throttling is retried, a failing creation fails once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agentic.sandbox.providers import faults
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import (
    Faults,
    FaultSpec,
    FaultSpecError,
    InjectedFailure,
    Throttled,
    parse,
)
from agentic.sandbox.providers.settings import Settings, SettingsError

CLUSTER = "aws:eks/cluster:Cluster"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_FIRST_PAUSE_SECONDS", 0.0001)
    monkeypatch.setattr(faults, "_LONGEST_PAUSE_SECONDS", 0.001)


def test_every_part_of_a_spec_is_read() -> None:
    spec = parse(f"throttle=0.1, fail={CLUSTER}@1,fail=aws:ec2/vpc:Vpc@12,slow=0.2,seed=7")
    assert spec == FaultSpec(0.1, ((CLUSTER, 1), ("aws:ec2/vpc:Vpc", 12)), 0.2, 7)


@pytest.mark.parametrize("text", ["", " ", ",", " , "])
def test_an_empty_spec_is_no_faults(text: str) -> None:
    assert parse(text) == FaultSpec()


def test_a_kubernetes_type_with_dots_and_slashes_can_fail() -> None:
    assert parse("fail=kubernetes:helm.sh/v3:Release@2").fail == (("kubernetes:helm.sh/v3:Release", 2),)


FORMS = "expected throttle=SHARE, fail=TYPE@N, slow=SECONDS or seed=NUMBER"
FAIL = "fail takes TYPE@N, such as fail=aws:eks/cluster:Cluster@1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("throttle", f"fault 'throttle': {FORMS}"),
        ("trottle=0.1", f"fault 'trottle=0.1': {FORMS}"),
        ("slow=1,explode=yes", f"fault 'explode=yes': {FORMS}"),
        ("throttle=lots", "fault 'throttle=lots': throttle takes a number"),
        ("throttle=1.1", "fault 'throttle=1.1': throttle is a share between 0 and 1"),
        ("throttle=-0.1", "fault 'throttle=-0.1': throttle is a share between 0 and 1"),
        ("throttle=nan", "fault 'throttle=nan': throttle is a share between 0 and 1"),
        ("slow=-1", "fault 'slow=-1': slow takes a number from 0 up"),
        ("slow=", "fault 'slow=': slow takes a number"),
        ("slow=nan", "fault 'slow=nan': slow takes a number from 0 up"),
        ("slow=inf", "fault 'slow=inf': slow takes a number from 0 up"),
        ("seed=1.5", "fault 'seed=1.5': seed takes a whole number from 0 up"),
        ("seed=inf", "fault 'seed=inf': seed takes a whole number from 0 up"),
        ("seed=-2", "fault 'seed=-2': seed takes a whole number from 0 up"),
        ("fail=Cluster@1", f"fault 'fail=Cluster@1': {FAIL}"),
        (f"fail={CLUSTER}", f"fault 'fail={CLUSTER}': {FAIL}"),
        (f"fail={CLUSTER}@0", f"fault 'fail={CLUSTER}@0': {FAIL}"),
        (f"fail={CLUSTER}@-1", f"fault 'fail={CLUSTER}@-1': {FAIL}"),
    ],
)
def test_a_malformed_spec_is_refused_naming_the_part_and_what_it_takes(text: str, message: str) -> None:
    with pytest.raises(FaultSpecError, match=rf"^{re.escape(message)}$"):
        parse(text)


def test_a_throttled_call_is_made_again_until_it_passes(database: Database) -> None:
    answers = iter([Throttled("Throttling: slow down"), Throttled("Throttling: slow down"), "done"])

    def call() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert Faults(FaultSpec(), database).call(call) == "done"


def test_injected_throttling_is_retried_and_the_call_itself_made_once(database: Database) -> None:
    made: list[int] = []
    box = Faults(parse("throttle=0.5,seed=7"), database)
    for number in range(50):
        box.call(lambda number=number: made.append(number))
    assert made == list(range(50))


def test_a_call_that_is_always_throttled_is_given_up_with_the_count(database: Database) -> None:
    message = "ThrottlingException: Rate exceeded (injected); gave up after 12 attempts"
    with pytest.raises(Throttled, match=rf"^{re.escape(message)}$"):
        Faults(parse("throttle=1"), database).call(lambda: None)


def test_a_cancelled_run_stops_waiting_after_the_attempt_in_hand(database: Database) -> None:
    box = Faults(parse("throttle=1"), database)
    box.cancelled.set()
    with pytest.raises(Throttled, match=r"gave up after 1 attempts$"):
        box.call(lambda: None)


def test_an_error_that_is_no_throttling_is_not_retried(database: Database) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        raise ValueError("no")

    with pytest.raises(ValueError, match=r"^no$"):
        Faults(FaultSpec(), database).call(call)
    assert calls == [1]


def test_the_same_seed_throws_the_same_dice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def attempts() -> list[int]:
        box, counts = Faults(parse("throttle=0.5,seed=7"), database), list[int]()
        pauses = 0

        def wait(_: float) -> bool:
            nonlocal pauses
            pauses += 1
            return False

        monkeypatch.setattr(box.cancelled, "wait", wait)
        for _ in range(20):
            box.call(lambda: None)
            counts.append(pauses)
        return counts

    first = attempts()
    assert first[-1] > 0
    assert attempts() == first


def test_a_slow_spec_delays_every_call(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(faults.time, "sleep", slept.append)
    box = Faults(parse("slow=0.2"), database)
    box.call(lambda: None)
    box.call(lambda: None)
    assert slept == [0.2, 0.2]


def test_a_creation_fails_once_and_the_next_passes_even_in_another_process(database: Database) -> None:
    spec = parse(f"fail={CLUSTER}@1")
    message = f"InjectedFailure: creation 1 of {CLUSTER} fails, as AGENTIC_SANDBOX_FAULTS asks"
    with pytest.raises(InjectedFailure, match=rf"^{re.escape(message)}$"):
        Faults(spec, database).before_create(CLUSTER)
    another = Database(database.path.parent)
    Faults(spec, another).before_create(CLUSTER)
    another.close()


def test_the_turn_counts_creations_of_its_own_type_only(database: Database) -> None:
    box = Faults(parse(f"fail={CLUSTER}@2"), database)
    box.before_create("aws:ec2/vpc:Vpc")
    box.before_create(CLUSTER)
    with pytest.raises(InjectedFailure, match=rf"^InjectedFailure: creation 2 of {CLUSTER} fails"):
        box.before_create(CLUSTER)
    box.before_create(CLUSTER)


def test_the_plugins_read_the_spec_from_their_environment(tmp_path: Path) -> None:
    environment = {"AGENTIC_SANDBOX_DIR": str(tmp_path), "AGENTIC_SANDBOX_MOTO": "http://127.0.0.1:1"}
    settings = Settings.from_environment({**environment, "AGENTIC_SANDBOX_FAULTS": "seed=3"})
    assert settings == Settings(tmp_path, "http://127.0.0.1:1", FaultSpec(seed=3), None)


def test_a_plugin_outside_a_sandbox_says_how_it_is_started() -> None:
    message = (
        "AGENTIC_SANDBOX_DIR and AGENTIC_SANDBOX_MOTO not set: start the plugins through `agentic sandbox`"
    )
    with pytest.raises(SettingsError, match=rf"^{re.escape(message)}$"):
        Settings.from_environment({})
