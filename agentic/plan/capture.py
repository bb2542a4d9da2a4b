"""Run a program with no engine and no cloud behind it, and return what it would have registered."""

from __future__ import annotations

import contextlib
import contextvars
import runpy
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from pulumi.runtime import settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.stack import run_in_stack

from agentic.plan import collector
from agentic.plan.errors import PlanError
from agentic.plan.model import Plan
from agentic.plan.monitor import Monitor
from agentic.plan.runtime import callback_servers_kept_apart, inline_loop, process_defaults_kept
from stacks import stack_file


class Capture(Protocol):
    """The shape of `capture_program`, for those who are handed one."""

    def __call__(
        self, program: Callable[[], Any], *, stack: str = ..., config: Mapping[str, str] | None = ...
    ) -> Plan:
        """The plan of one program."""
        ...


def capture_program(
    program: Callable[[], Any],
    *,
    project: str = stack_file.PROJECT,
    stack: str = "dev",
    config: Mapping[str, str] | None = None,
    secret_keys: Iterable[str] = (),
) -> Plan:
    """The plan of one program; afterwards the SDK's state is what it was before.

    `config` holds fully qualified keys and text values, as the engine passes them: objects as JSON.
    Whatever the program raises comes out as it is; a fault of the capture itself is a PlanError.
    """
    monitor = Monitor(project, stack)
    raised = _Raised()

    def run() -> None:
        set_all_config(dict(config or {}), list(secret_keys))
        settings.reset_options(project=project, stack=stack, preview=True, organization="organization")
        ambient: Any = settings.SETTINGS  # the SDK types its context properties as their descriptors
        ambient.monitor = monitor
        ambient.callbacks = monitor.transforms
        with inline_loop() as loop:

            async def settled() -> None:
                with raised:
                    program()
                await loop.settle()

            loop.run_until_complete(run_in_stack(settled))

    with process_defaults_kept(), callback_servers_kept_apart(), collector.paused():
        try:
            contextvars.copy_context().run(run)
        except Exception as error:
            # What the program raised comes before what fell over because it stopped half-way.
            first = raised.error or error
            if isinstance(first, PlanError):
                raise (monitor.fault or first) from None
            raise first from first.__cause__
    return monitor.plan()


class _Raised:
    """Remembers the exception that leaves its block, and lets it go on."""

    error: Exception | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, Exception):
            self.error = error


def capture_stack(stack: str, root: Path) -> Plan:
    """The plan of the project's own program with the configuration of one stack, and its declared pods."""
    file = stack_file.read(root, stack)
    plan = capture_program(
        lambda: run_main(root), project=stack_file.PROJECT, stack=stack, config=file.engine_config()
    )
    # After the program, which has loaded these modules: an error of the config is the program's to raise.
    from stacks.config import parse
    from stacks.pods import declared_pods

    return replace(plan, pods=declared_pods(parse(file.platform, file.path.name)))


def run_main(root: Path) -> None:
    """Run the project's program as the engine does: as a script, in its own directory."""
    path = list(sys.path)
    sys.path.insert(0, str(root))
    try:
        with contextlib.chdir(root):  # as the engine does, which starts a program in the project's directory
            runpy.run_path(str(root / "__main__.py"), run_name="__main__")
    finally:
        sys.path[:] = path
