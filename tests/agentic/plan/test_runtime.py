from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from pulumi.runtime._callbacks import _CallbackServicer  # pyright: ignore[reportPrivateUsage]

from agentic.plan.capture import Capture
from agentic.plan.runtime import inline_loop


def test_an_executor_call_runs_in_the_calling_thread_before_it_returns() -> None:
    seen: list[int] = []

    async def main() -> str:
        future = asyncio.get_running_loop().run_in_executor(None, lambda: seen.append(threading.get_ident()))
        assert seen == [threading.get_ident()]
        await future
        return await asyncio.get_running_loop().run_in_executor(None, "{}-{}".format, 1, 2)

    with inline_loop() as loop:
        assert loop.run_until_complete(main()) == "1-2"


def test_a_coroutine_as_an_answer_is_awaited() -> None:
    async def later() -> str:
        await asyncio.sleep(0)
        return "done"

    async def main() -> str:
        return await asyncio.get_running_loop().run_in_executor(None, later)

    with inline_loop() as loop:
        assert loop.run_until_complete(main()) == "done"


def test_an_exception_of_an_executor_call_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise LookupError("no row")

    async def main() -> None:
        await asyncio.get_running_loop().run_in_executor(None, fail)

    with inline_loop() as loop, pytest.raises(LookupError, match="no row"):
        loop.run_until_complete(main())


def test_the_threads_own_event_loop_is_not_touched() -> None:
    own = asyncio.new_event_loop()
    asyncio.set_event_loop(own)
    try:
        with inline_loop() as loop:
            loop.run_until_complete(asyncio.sleep(0))
        assert asyncio.get_event_loop_policy().get_event_loop() is own
    finally:
        asyncio.set_event_loop(None)
        own.close()


def test_settling_waits_for_tasks_that_start_tasks() -> None:
    done: list[int] = []

    async def chain(left: int) -> None:
        await asyncio.sleep(0)
        done.append(left)
        if left:
            tasks.append(asyncio.ensure_future(chain(left - 1)))

    tasks: list[asyncio.Task[None]] = []
    with inline_loop() as loop:

        async def main() -> None:
            tasks.append(asyncio.ensure_future(chain(3)))
            await loop.settle()

        loop.run_until_complete(main())
    assert done == [3, 2, 1, 0]


def test_what_is_left_over_is_cancelled_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    async def forever() -> None:
        await asyncio.Event().wait()

    async def failing() -> None:
        raise LookupError("never retrieved")

    async def main() -> None:
        kept.extend([asyncio.ensure_future(forever()), asyncio.ensure_future(failing())])
        await asyncio.sleep(0)

    kept: list[asyncio.Task[None]] = []
    with caplog.at_level(logging.DEBUG), inline_loop() as loop:
        loop.run_until_complete(main())
    assert [task.cancelled() for task in kept] == [True, False]
    kept.clear()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert loop.is_closed()


def test_a_capture_stops_no_callback_server_of_another_program(capture: Capture) -> None:
    """One of a failed run of the engine is in the list for ever, and nobody can stop it."""

    class Abandoned:
        @property
        def _server(self) -> Any:
            raise AssertionError("not ours to stop")

    servicers: list[Any] = _CallbackServicer._servicers  # pyright: ignore[reportPrivateUsage]
    abandoned = Abandoned()
    servicers.append(abandoned)
    try:
        assert capture(lambda: None).resources == ()
        assert abandoned in servicers
    finally:
        servicers.remove(abandoned)
