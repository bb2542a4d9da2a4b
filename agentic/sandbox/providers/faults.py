"""Calls fail on purpose, as `AGENTIC_SANDBOX_FAULTS` says, so that retry and resume are tested and not hoped for.

`throttle=0.1,fail=aws:eks/cluster:Cluster@1,slow=0.2,seed=7`: a tenth of all calls answers ThrottlingException, the
first creation of a cluster fails once (the count outlives the process, so a second `up` succeeds), every call takes
0.2 s longer, and the dice are seeded.
"""

from __future__ import annotations

import math
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from agentic.sandbox.providers.database import Database

T = TypeVar("T")
ATTEMPTS = 12
_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 1.0
_FAIL = re.compile(r"^(?P<type>[^@\s]+:[^@\s]+:[^@\s]+)@(?P<nth>[1-9][0-9]*)$")


class FaultSpecError(ValueError):
    """The fault spec cannot be read; the message says which part and what is allowed."""


class Throttled(Exception):  # noqa: N818
    """A call was refused for its rate; it is safe to try again."""


class InjectedFailure(Exception):  # noqa: N818
    """A creation failed because the fault spec asked for it."""


@dataclass(frozen=True)
class FaultSpec:
    """What goes wrong, and how often."""

    throttle: float = 0.0
    fail: tuple[tuple[str, int], ...] = ()
    slow: float = 0.0
    seed: int | None = None


def parse(text: str) -> FaultSpec:
    """Read a fault spec or say exactly which part is wrong."""
    values: dict[str, float] = {}
    fail: list[tuple[str, int]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key, equals, value = part.partition("=")
        if not equals or key not in ("throttle", "fail", "slow", "seed"):
            raise FaultSpecError(
                f"fault {part!r}: expected throttle=SHARE, fail=TYPE@N, slow=SECONDS or seed=NUMBER"
            )
        if key == "fail":
            match = _FAIL.match(value)
            if match is None:
                raise FaultSpecError(
                    f"fault {part!r}: fail takes TYPE@N, such as fail=aws:eks/cluster:Cluster@1"
                )
            fail.append((match["type"], int(match["nth"])))
        else:
            values[key] = _number(part, key, value)
    seed = values.get("seed")
    return FaultSpec(
        values.get("throttle", 0.0), tuple(fail), values.get("slow", 0.0), None if seed is None else int(seed)
    )


def _number(part: str, key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise FaultSpecError(f"fault {part!r}: {key} takes a number") from None
    if key == "throttle" and not 0 <= number <= 1:
        raise FaultSpecError(f"fault {part!r}: throttle is a share between 0 and 1")
    if not 0 <= number < math.inf or (key == "seed" and not number.is_integer()):
        raise FaultSpecError(
            f"fault {part!r}: {key} takes a {'whole ' if key == 'seed' else ''}number from 0 up"
        )
    return number


class Faults:
    """Injects the faults of a spec and retries what was throttled, injected or not."""

    def __init__(self, spec: FaultSpec, database: Database) -> None:
        """Count creations in `database`."""
        self._spec = spec
        self._database = database
        self._dice = random.Random(spec.seed)  # noqa: S311 - dice for a test, not for a key
        self.cancelled = threading.Event()

    def call(self, make: Callable[[], T]) -> T:
        """Make one call; when throttled, wait and try again, and give up after a dozen attempts."""
        pause = _FIRST_PAUSE_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if self._spec.slow:
                    time.sleep(self._spec.slow)
                if self._spec.throttle and self._dice.random() < self._spec.throttle:
                    raise Throttled("ThrottlingException: Rate exceeded (injected)")
                return make()
            except Throttled as error:
                if attempt == ATTEMPTS or self.cancelled.wait(pause):
                    raise Throttled(f"{error}; gave up after {attempt} attempts") from error
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def before_create(self, type_: str) -> None:
        """Fail this creation if the spec names its type and turn."""
        turns = {nth for name, nth in self._spec.fail if name == type_}
        if not turns:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO fault VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET creates = creates + 1",
                (type_,),
            )
            (turn,) = connection.execute("SELECT creates FROM fault WHERE type = ?", (type_,)).fetchone()
        if turn in turns:
            raise InjectedFailure(
                f"InjectedFailure: creation {turn} of {type_} fails, as AGENTIC_SANDBOX_FAULTS asks"
            )
