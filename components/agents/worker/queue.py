"""An agent's queue: a task that is taken is in a list of whoever took it, and goes back when that one is gone.

Every step is one command or one transaction, so an end between any two loses nothing. An id has one result.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any, cast

from .tasks import Task
from .wire import Command, StoreError, Wire

MARGIN_SECONDS = 60
"""Between the longest that an agent is waited for and the end of a lease."""

MOST_DEAD = 1000
"""Of what could not be done, the newest so many are kept: the cache gives nothing up by itself."""

LONGEST_KEPT = 20_000
"""Characters that are kept of what was no task."""


class Queue:
    """One queue, as one taker has it: a taker has one task in hand."""

    def __init__(
        self,
        connect: Callable[[], Wire],
        name: str,
        *,
        timeout: int,
        result_ttl: int,
        clock: Callable[[], float],
    ) -> None:
        """`name` is that of the list, its prefix included."""
        self._connect, self._wire, self._clock = connect, connect(), clock
        self._name, self._lease, self._kept = name, timeout + MARGIN_SECONDS, result_ttl
        self.taker = uuid.uuid4().hex

    def close(self) -> None:
        """Ends the connection; what is in hand goes back when the lease is over."""
        self._wire.close()

    def reconnected(self) -> None:
        """The same taker on another connection."""
        self._wire.close()
        self._wire = self._connect()

    def take(self) -> str | None:
        """The oldest that waits, now this taker's; None where nothing does."""
        done = self._together(
            ("SADD", self._of("takers"), self.taker),
            ("SET", self._of("alive", self.taker), "1", "EX", self._lease),
            ("LMOVE", self._name, self._mine, "RIGHT", "LEFT"),
        )
        taken: object = done[-1] if done else None
        if isinstance(taken, StoreError):
            raise taken
        return cast("str | None", taken)

    def begin(self, task: Task) -> int | None:
        """Which attempt this is; None where the id has its result already, and the task is over."""
        if self._wire.do("EXISTS", self._of("result", task.id)):
            self._together(*self._over(task.id))
            return None
        tried = self._of("attempts", task.id)
        done = self._together(("INCR", tried), ("EXPIRE", tried, self._kept))
        return cast("int", done[0] if done else 1)

    def finish(self, task: Task, result: dict[str, Any], *, dead: str | None = None) -> bool:
        """Writes the one result of an id, and tells who wants to know; False where there was one."""
        where = self._of("result", task.id)
        self._wire.do("WATCH", where)
        if self._wire.do("EXISTS", where):
            self._wire.do("UNWATCH")
            self._together(*self._over(task.id))
            return False
        # With escapes: a model can write half a character, which has no bytes.
        told = json.dumps(result)
        commands: list[Command] = [("SET", where, told, "EX", self._kept)]
        if task.reply_to:
            commands += [("LPUSH", task.reply_to, told), ("EXPIRE", task.reply_to, self._kept)]
        if dead is not None:
            commands += self._buried(dead, str(result.get("reason")))
        if self._together(*commands, *self._over(task.id)) is None:
            self._together(*self._over(task.id))
            return False
        return True

    def put_off(self, raw: str, seconds: float) -> None:
        """Back into the queue, but not before so many seconds are over."""
        self._together(("ZADD", self._of("later"), str(self._clock() + seconds), raw), ("DEL", self._mine))

    def bury(self, raw: str, reason: str) -> None:
        """Away with what is no task, where people find it."""
        self._together(*self._buried(raw, reason), ("DEL", self._mine))

    def due(self) -> int:
        """Puts back what has waited long enough; how many there were."""
        later = self._of("later")
        self._wire.do("WATCH", later)
        ready = cast(
            "list[str]", self._wire.do("ZRANGEBYSCORE", later, "-inf", str(self._clock()), "LIMIT", 0, 100)
        )
        if not ready:
            self._wire.do("UNWATCH")
            return 0
        back: list[Command] = [
            command for raw in ready for command in (("ZREM", later, raw), ("RPUSH", self._name, raw))
        ]
        return len(ready) if self._together(*back) else 0

    def reclaim(self) -> int:
        """Puts back what was taken by those who are gone; how many tasks there were."""
        takers, back = self._of("takers"), 0
        for taker in cast("list[str]", self._wire.do("SMEMBERS", takers)):
            alive, taken = self._of("alive", taker), self._of("taken", taker)
            self._wire.do("WATCH", alive, taken)
            if self._wire.do("EXISTS", alive):
                self._wire.do("UNWATCH")
                continue
            count = cast("int", self._wire.do("LLEN", taken))
            returned: Command = ("LMOVE", taken, self._name, "RIGHT", "RIGHT")
            if self._together(*[returned] * count, ("SREM", takers, taker)):
                back += count
        return back

    def lengths(self) -> dict[str, int]:
        """How many tasks wait, how many wait for another attempt, and how many are given up."""
        counted = self._together(
            ("LLEN", self._name), ("ZCARD", self._of("later")), ("LLEN", self._of("dead"))
        )
        return dict(zip(("waiting", "later", "dead"), cast("list[int]", counted), strict=True))

    @property
    def _mine(self) -> str:
        return self._of("taken", self.taker)

    def _of(self, *words: str) -> str:
        return ":".join((self._name, *words))

    def _together(self, *commands: Command) -> list[Any] | None:
        return self._wire.together(*commands)

    def _over(self, task_id: str) -> tuple[Command, ...]:
        return (("DEL", self._mine), ("DEL", self._of("attempts", task_id)))

    def _buried(self, raw: str, reason: str) -> list[Command]:
        told = json.dumps({"at": int(time.time()), "reason": reason, "task": raw[:LONGEST_KEPT]})
        dead = self._of("dead")
        return [("LPUSH", dead, told), ("LTRIM", dead, 0, MOST_DEAD - 1)]
