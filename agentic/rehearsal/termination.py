"""A request to end is an exception, so that what was started is stopped on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ends_in_order() -> Generator[None]:
    """Turn SIGTERM, which would end Python on the spot, into SystemExit; Ctrl-C is an exception already.

    Only the main thread may set handlers; in another one this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
