"""A quiet place to run a program: no threads, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from pulumi.runtime import settings
from pulumi.runtime._callbacks import _CallbackServicer  # pyright: ignore[reportPrivateUsage]

Result = TypeVar("Result")


class InlineLoop(asyncio.SelectorEventLoop):
    """An event loop whose executor is the calling thread.

    The SDK hands every engine call to a thread pool because a real engine answers over a socket. Ours is a
    method call of some microseconds, so the hop would cost more than the answer.
    """

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        """Call `func` now; when it answers with a coroutine, let the loop finish it."""
        answer = self.create_future()
        try:
            result = func(*args)
        except Exception as fault:
            answer.set_exception(fault)
            return answer
        if asyncio.iscoroutine(result):
            return self.create_task(result)
        answer.set_result(result)
        return answer

    async def settle(self) -> None:
        """Wait until nothing is left to run.

        The SDK waits for its outputs by asking every one of them again after each batch that finished, which
        is quadratic in resources. Without threads there is a simpler way to know that they are done.
        """
        loop: Any = self  # `_ready` is what asyncio, and the SDK's own pump, keep the runnable handles in
        while loop._ready:
            await asyncio.sleep(0)


@contextmanager
def inline_loop() -> Generator[InlineLoop]:
    """An open loop that is closed, with every task that was left over, on the way out."""
    loop = InlineLoop()
    # Only the first fault is reported; the futures it took down would each log a complaint of their own.
    loop.set_exception_handler(lambda _loop, _context: None)
    try:
        yield loop
    finally:
        left_over = asyncio.all_tasks(loop)
        for task in left_over:
            task.cancel()
        if left_over:
            loop.run_until_complete(asyncio.gather(*left_over, return_exceptions=True))
        loop.close()


@contextmanager
def process_defaults_kept() -> Generator[None]:
    """The SDK's process-wide fallbacks are afterwards what they were.

    Its settings are context variables, and a capture runs in a context of its own. But assigning to one that
    is still None also rewrites the fallback that every other thread sees (ContextProperty.fset).
    """
    fallback = "_ContextProperty__default"
    properties = [prop for prop in vars(settings.Settings).values() if hasattr(prop, fallback)]
    before = [getattr(prop, fallback) for prop in properties]
    try:
        yield
    finally:
        for prop, value in zip(properties, before, strict=True):
            setattr(prop, fallback, value)


@contextmanager
def callback_servers_kept_apart() -> Generator[None]:
    """A program run in this block stops no callback server of another, and leaves none of its own behind.

    The SDK keeps those of the whole process in one list and at the end of every program stops all that are in
    it. One that a failed run of the engine left open belongs to another loop: each later program would fail on it.
    """
    servicers: list[Any] = _CallbackServicer._servicers  # pyright: ignore[reportPrivateUsage]
    others, servicers[:] = [*servicers], []
    try:
        yield
    finally:
        servicers[:] = others
