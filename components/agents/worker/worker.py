"""Takes tasks, asks the agent, writes results; as many at once as it is told, until it is told to end."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from typing import Any

from .a2a import Outcome, ask
from .queue import Queue
from .settings import Settings
from .tasks import MalformedError, Task, read
from .wire import Wire

IDLE_SECONDS = 1.0
TRY_AGAIN_SECONDS = 5.0
"""After a store that could not be reached."""

KEEPING_SECONDS = 5.0
"""Between two looks at what is due and at who is gone."""

LONGEST_PAUSE = 300
PAUSES = (0.0, 0.5, 2.0, 8.0)
"""Before each try of writing down what an agent has answered; together less than a lease's margin."""


class Worker:
    """Takers, each with a task in hand at most, and a keeper that brings back what nobody has."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.ending = settings, threading.Event()
        self.outcomes: Counter[str] = Counter()
        self.lengths: dict[str, int] = {}
        self.turned = time.monotonic()

    def run(self) -> None:
        """Works until told to end; what is in hand then is finished first."""
        threads = [threading.Thread(target=self._taking) for _ in range(self.settings.at_once)]
        for thread in (keeping := threading.Thread(target=self._keeping), *threads):
            thread.start()
        for thread in (keeping, *threads):
            thread.join()

    def queue(self) -> Queue:
        """The queue, for a taker that is new."""
        said = self.settings
        return Queue(
            lambda: Wire(said.store_url, said.authority),
            said.queue,
            timeout=said.timeout,
            result_ttl=said.result_ttl,
            clock=time.time,
        )

    def _taking(self) -> None:
        while not self.ending.is_set():
            try:
                queue = self.queue()
                try:
                    while not self.ending.is_set():
                        if not self.work(queue):
                            self.ending.wait(IDLE_SECONDS)
                finally:
                    queue.close()
            except Exception as error:
                # Whatever it was. As another taker from here on: what this one has in hand goes back when its lease
                # ends, and counts as an attempt.
                log(event="interrupted", error=f"{type(error).__name__}: {error}")
                self.ending.wait(TRY_AGAIN_SECONDS)

    def _keeping(self) -> None:
        queue: Queue | None = None
        while not self.ending.is_set():
            try:
                queue = queue or self.queue()
                back, due = queue.reclaim(), queue.due()
                self.lengths = queue.lengths()
                if back:
                    log(event="reclaimed", tasks=back)
                if due:
                    log(event="due", tasks=due)
            except Exception as error:
                log(event="interrupted", error=f"{type(error).__name__}: {error}")
                queue, self.lengths = None, {}
            self.turned = time.monotonic()
            self.ending.wait(KEEPING_SECONDS)

    def work(self, queue: Queue) -> bool:
        """One task worked off; False where none waits."""
        raw = queue.take()
        if raw is None:
            return False
        try:
            task = read(raw)
        except MalformedError as error:
            queue.bury(raw, str(error))
            self._count("malformed", reason=str(error))
            return True
        attempt = queue.begin(task)
        if attempt is None:
            self._count("duplicate", id=task.id)
            return True
        if attempt > self.settings.attempts:
            outcome = Outcome("again", reason="whoever had it in hand was gone each time")
        else:
            outcome = self._asked(task)
        self._settle(queue, raw, task, attempt, outcome)
        return True

    def _asked(self, task: Task) -> Outcome:
        try:
            return ask(self.settings.agent_url, task, self.settings.timeout)
        except Exception as error:
            # An answer of a form that nobody thought of must not end the worker: it would take the next one too.
            return Outcome("again", reason=f"{type(error).__name__}: {error}")

    def _settle(self, queue: Queue, raw: str, task: Task, attempt: int, outcome: Outcome) -> None:
        """Says what came of it, on another connection if the one there was is gone: the agent has done its work."""
        for pause in PAUSES:
            try:
                if pause:
                    time.sleep(pause)
                    queue.reconnected()
                self._said(queue, raw, task, attempt, outcome)
            except OSError:
                if pause == PAUSES[-1]:
                    raise
            else:
                return

    def _said(self, queue: Queue, raw: str, task: Task, attempt: int, outcome: Outcome) -> None:
        more: dict[str, Any] = {"id": task.id, "attempt": attempt}
        told = {
            "id": task.id,
            "context_id": outcome.context_id or task.context_id,
            "attempts": min(attempt, self.settings.attempts),
        }
        if outcome.status in ("done", "needs_input"):
            written = queue.finish(task, {**told, "status": outcome.status, "text": outcome.text})
            self._count(outcome.status if written else "duplicate", **more)
        elif outcome.status == "again" and attempt < self.settings.attempts:
            queue.put_off(raw, pause_after(attempt))
            self._count("retried", **more, reason=outcome.reason)
        else:
            queue.finish(task, {**told, "status": "failed", "reason": outcome.reason}, dead=raw)
            self._count("dead", **more, reason=outcome.reason)

    def _count(self, outcome: str, **more: Any) -> None:
        self.outcomes[outcome] += 1
        log(event=outcome, **more)


def pause_after(attempt: int) -> int:
    """Seconds before the next attempt: twice as many each time."""
    return min(LONGEST_PAUSE, 5 * 2**attempt)


def log(**said: Any) -> None:
    """One line of JSON; no task's words are in it."""
    print(json.dumps(said), flush=True)
