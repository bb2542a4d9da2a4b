"""Proves (our store): a creation is written before and after it happens, so a kill loses nothing, doubles nothing.

A `Run` stands for one engine run: its journal has forgotten what it was shown, the store has not.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from agentic.sandbox import process
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec, InjectedFailure
from agentic.sandbox.providers.journal import WAIT_FOR_WRITER_SECONDS, Journal, Orphan, fingerprint
from agentic.sandbox.providers.kinds import Named, Observed, Properties, ResourceError
from agentic.sandbox.providers.lifecycle import LifeCycle

TYPE = "test:index:Thing"
URN = f"urn:pulumi:dev::project::{TYPE}::thing"
NAMED = Named(URN, "thing")


class Killed(BaseException):
    """The plugin dies here: no handler of an ordinary error may run."""


@dataclass
class Cloud:
    """Things by id; `size` changes in place, `shape` needs another thing."""

    unordered: bool = False
    things: dict[str, Properties] = field(default_factory=dict[str, Properties])
    made: int = 0
    owners: dict[str, str] = field(default_factory=dict[str, str])
    dies_after_call: bool = False
    refuses_after_call: bool = False

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        return news, []

    def replaces(self, change: Change) -> bool:
        return change.touches("shape")

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        return False

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        return inputs

    def create(self, named: Named, inputs: Properties) -> str:
        self.made += 1
        identity = f"thing-{self.made}"
        self.things[identity], self.owners[identity] = dict(inputs), named.urn
        if self.dies_after_call:
            raise Killed
        if self.refuses_after_call:
            raise ResourceError("Refused", "the second of two calls failed")
        return identity

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        found = self.things.get(identity)
        return None if found is None else Observed(dict(found), {**found, "id": identity})

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        self.things[identity] = dict(news)

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        self.things.pop(identity, None)

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        return [
            identity for identity, urn in self.owners.items() if urn == named.urn and identity in self.things
        ]


class Run:
    """One engine run over a store and a cloud that outlive it."""

    def __init__(self, database: Database, cloud: Cloud, faults: FaultSpec | None = None) -> None:
        self.journal = Journal(database)
        self.cloud = cloud
        self.life = LifeCycle(self.journal, Faults(faults or FaultSpec(), database))

    def create(self, **inputs: Any) -> str:
        return self.life.create(self.cloud, TYPE, NAMED, inputs)[0]


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def _states(database: Database) -> list[tuple[str, str | None]]:
    return database.connection.execute("SELECT state, id FROM creation ORDER BY seq").fetchall()


def _crash_in_the_call(database: Database, cloud: Cloud, **inputs: Any) -> None:
    cloud.dies_after_call = True
    with pytest.raises(Killed):
        Run(database, cloud).create(**inputs)
    cloud.dies_after_call = False


def test_the_intent_is_written_before_the_call_and_the_id_after_it(database: Database) -> None:
    journal = Journal(database)
    pending = journal.begin(URN, TYPE, {"size": 1})
    assert _states(database) == [("intent", None)]
    journal.done(pending, URN, "thing-1")
    assert _states(database) == [("live", "thing-1")]


def test_a_first_creation_has_nothing_to_adopt(database: Database) -> None:
    pending = Journal(database).begin(URN, TYPE, {})
    assert (pending.interrupted, pending.adoptable, pending.taken) == (False, (), frozenset())


def test_the_journal_keeps_a_hash_of_inputs_and_never_a_secret(database: Database) -> None:
    Journal(database).begin(URN, TYPE, {"password": "swordfish"})
    row = database.connection.execute("SELECT * FROM creation").fetchone()
    assert "swordfish" not in str(row)
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_a_thing_the_killed_run_made_is_adopted_and_not_doubled(database: Database, cloud: Cloud) -> None:
    first = Run(database, cloud).create(size=1)
    assert Run(database, cloud).create(size=1) == first
    assert list(cloud.things) == ["thing-1"]


def test_an_adopted_thing_is_brought_in_line_with_inputs_that_changed_meanwhile(
    database: Database, cloud: Cloud
) -> None:
    first = Run(database, cloud).create(size=1)
    assert Run(database, cloud).create(size=2) == first
    assert cloud.things == {"thing-1": {"size": 2}}


def test_a_leftover_that_cannot_become_what_is_wanted_goes_before_another_is_made(
    database: Database, cloud: Cloud
) -> None:
    Run(database, cloud).create(shape="round")
    assert Run(database, cloud).create(shape="square") == "thing-2"
    assert cloud.things == {"thing-2": {"shape": "square"}}
    assert _states(database) == [("gone", "thing-1"), ("live", "thing-2")]


def test_a_thing_of_the_journal_that_the_cloud_lost_is_made_anew(database: Database, cloud: Cloud) -> None:
    Run(database, cloud).create(size=1)
    cloud.things.clear()
    assert Run(database, cloud).create(size=1) == "thing-2"
    assert _states(database) == [("gone", "thing-1"), ("live", "thing-2")]


@pytest.mark.parametrize("how", ["read", "update", "diff"])
def test_a_replacement_that_creates_first_really_makes_a_second_thing(
    database: Database, cloud: Cloud, how: str
) -> None:
    first = Run(database, cloud).create(shape="round")
    run = Run(database, cloud)
    if how == "read":
        run.life.read(cloud, URN, first, None)
    elif how == "update":
        run.life.update(cloud, NAMED, first, {"shape": "round"}, {"shape": "round"})
    else:
        run.life.shown(URN, first)
    second = run.create(shape="square")
    assert set(cloud.things) == {first, second}
    assert _states(database) == [("replaced", first), ("live", second)]


def test_a_second_creation_within_one_run_is_a_replacement_too(database: Database, cloud: Cloud) -> None:
    run = Run(database, cloud)
    assert [run.create(shape="round"), run.create(shape="square")] == ["thing-1", "thing-2"]
    assert len(cloud.things) == 2


def test_the_second_half_of_a_replacement_is_adopted_after_a_kill_and_the_first_is_left_alone(
    database: Database, cloud: Cloud
) -> None:
    first = Run(database, cloud).create(shape="round")
    killed = Run(database, cloud)
    killed.life.shown(URN, first)
    second = killed.create(shape="square")
    resumed = Run(database, cloud)
    resumed.life.shown(URN, first)
    assert resumed.create(shape="square") == second
    assert set(cloud.things) == {first, second}


def test_a_crash_between_the_call_and_the_note_is_recovered_by_a_look_up(
    database: Database, cloud: Cloud
) -> None:
    _crash_in_the_call(database, cloud, size=1)
    assert _states(database) == [("intent", None)]
    assert Run(database, cloud).create(size=1) == "thing-1"
    assert list(cloud.things) == ["thing-1"]
    assert _states(database) == [("gone", None), ("live", "thing-1")]


def test_a_crash_in_a_replacement_is_not_recovered_with_the_thing_being_replaced(
    database: Database, cloud: Cloud
) -> None:
    first = Run(database, cloud).create(shape="round")
    cloud.dies_after_call = True
    killed = Run(database, cloud)
    killed.life.shown(URN, first)
    with pytest.raises(Killed):
        killed.create(shape="square")
    cloud.dies_after_call = False
    resumed = Run(database, cloud)
    resumed.life.shown(URN, first)
    assert resumed.create(shape="square") == "thing-2"
    assert set(cloud.things) == {"thing-1", "thing-2"}


def test_what_a_refused_creation_left_is_found_by_the_next_attempt(database: Database, cloud: Cloud) -> None:
    cloud.refuses_after_call = True
    run = Run(database, cloud)
    with pytest.raises(ResourceError, match=r"^Refused: the second of two calls failed$"):
        run.create(size=1)
    cloud.refuses_after_call = False
    assert run.create(size=1) == "thing-1"
    assert list(cloud.things) == ["thing-1"]


def test_an_injected_failure_makes_nothing_and_the_next_run_makes_one(
    database: Database, cloud: Cloud
) -> None:
    spec = FaultSpec(fail=((TYPE, 1),))
    with pytest.raises(InjectedFailure):
        Run(database, cloud, spec).create(size=1)
    assert cloud.things == {}
    assert Run(database, cloud, spec).create(size=1) == "thing-1"


def test_a_deletion_marks_the_thing_as_gone_and_the_next_creation_is_new(
    database: Database, cloud: Cloud
) -> None:
    run = Run(database, cloud)
    first = run.create(size=1)
    run.life.delete(cloud, URN, first, {})
    assert _states(database) == [("gone", first)]
    assert Run(database, cloud).create(size=1) == "thing-2"


def test_a_thing_that_a_refresh_does_not_find_is_marked_as_gone(database: Database, cloud: Cloud) -> None:
    run = Run(database, cloud)
    first = run.create(size=1)
    cloud.things.clear()
    assert run.life.read(cloud, URN, first, None) is None
    assert _states(database) == [("gone", first)]


def test_nothing_is_adopted_for_a_urn_whose_id_in_the_state_was_never_shown(
    database: Database, cloud: Cloud
) -> None:
    Run(database, cloud).create(size=1)
    moved = Run(database, cloud)
    moved.life.in_state(URN)
    assert moved.create(size=1) == "thing-2"


def test_orphans_are_what_no_state_mentions_newest_first(database: Database, cloud: Cloud) -> None:
    run = Run(database, cloud)
    first, second = run.create(shape="round"), run.create(shape="square")
    found = Journal(database).orphans([])
    assert found == [Orphan(URN, TYPE, second), Orphan(URN, TYPE, first)]
    assert Journal(database).orphans([(URN, second)]) == [Orphan(URN, TYPE, first)]
    run.life.delete(cloud, URN, first, {})
    assert Journal(database).orphans([(URN, second)]) == []


def test_things_of_other_urns_are_not_adopted(database: Database, cloud: Cloud) -> None:
    Run(database, cloud).create(size=1)
    other = Named(URN.replace("::thing", "::other"), "other")
    identity, _ = Run(database, cloud).life.create(cloud, TYPE, other, {"size": 1})
    assert identity == "thing-2"


def test_a_new_run_waits_for_the_plugin_of_a_killed_engine_to_finish_its_call(database: Database) -> None:
    # It ends when we let it, not before anybody could wait for it.
    writer = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE)
    assert writer.stdin is not None
    threading.Timer(0.3, writer.stdin.close).start()
    database.connection.execute(
        "INSERT INTO creation (urn, type, inputs, state, pid, born) VALUES (?, ?, '', 'intent', ?, ?)",
        (URN, TYPE, writer.pid, process.birth(writer.pid)),
    )
    pending = Journal(database).begin(URN, TYPE, {})
    assert writer.poll() == 0, "it has ended before anything began"
    assert pending.interrupted


def test_a_writer_whose_pid_went_to_another_process_is_not_waited_for(database: Database) -> None:
    database.connection.execute(
        "INSERT INTO creation (urn, type, inputs, state, pid, born) VALUES (?, ?, '', 'intent', ?, 'before')",
        (URN, TYPE, os.getppid()),
    )
    began = time.monotonic()
    assert Journal(database).begin(URN, TYPE, {}).interrupted
    assert time.monotonic() - began < WAIT_FOR_WRITER_SECONDS / 2
