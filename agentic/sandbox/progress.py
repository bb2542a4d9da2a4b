"""Shows a run as it happens: a live view in a terminal, one line an operation in a log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from pulumi.automation.events import EngineEvent
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from agentic.sandbox.tally import FAILED, Step, Tally

SHOWN_AT_ONCE = 8
REFRESHES_PER_SECOND = 5
PAST = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "refresh": "refreshed",
}


class Progress(AbstractContextManager["Progress"]):
    """Follows one engine run on one console; `tally` holds what it saw."""

    def __init__(
        self,
        console: Console,
        action: str,
        *,
        expected: int | None = None,
        preview: bool = False,
        watch: Callable[[EngineEvent], None] | None = None,
    ) -> None:
        """`expected` is how many resources there will be; `watch` sees every event after it is noted."""
        self.tally = Tally()
        self._console = console
        self._action = action
        self._expected = expected
        self._preview = preview
        self._watch = watch
        self._spinner = Spinner("dots")
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """Take over the lower part of the terminal, or announce the run in a log."""
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._view,
                console=self._console,
                refresh_per_second=REFRESHES_PER_SECOND,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back; what matters is in the summary that follows."""
        if self._live:
            self._live.stop()
            self._live = None

    def take(self, event: EngineEvent) -> None:
        """Note an event and show it."""
        seen = self.tally.take(event)
        if seen is None:
            return
        # Reasons are said once, all together, when the run has ended.
        if isinstance(seen, Step) and ((self._live is None and not self._preview) or seen.op == FAILED):
            self._console.print(self._line(seen), highlight=False, emoji=False, soft_wrap=True)
        if self._watch:
            self._watch(event)

    def _line(self, step: Step) -> str:
        done = PAST.get(step.op, step.op)
        return f"{self.tally.seconds:7.1f}s  {done:<9} {escape(step.type)} {escape(step.name)}"

    def _view(self) -> RenderableType:
        tally = self.tally
        total = f" of {self._expected}" if self._expected else ""
        counts = ", ".join(f"{n} {PAST.get(op, op)}" for op, n in tally.counts().items())
        head = f"{self._action}: {tally.finished}{total} resources, {tally.seconds:.0f} s"
        self._spinner.update(text=Text(f"{head}  {counts}"))
        now = [
            Text(f"    {step.op:<8} {step.type} {step.name}", style="dim", overflow="ellipsis", no_wrap=True)
            for step, _ in list(tally.under_way.values())[-SHOWN_AT_ONCE:]
        ]
        return Group(self._spinner, *now)
