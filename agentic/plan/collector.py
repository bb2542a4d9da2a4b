"""When Python's garbage collector may run: walking live objects takes a third of a capture's time."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def paused() -> Generator[None]:
    """No collection inside; afterwards the collector is as it was."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


@contextmanager
def spared_for_one_command() -> Generator[None]:
    """No collection inside, nor at the end of the process: for a command that ends when its work does.

    The interpreter collects once more before it exits, 0.4 s for what a capture and the SDKs hold.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
