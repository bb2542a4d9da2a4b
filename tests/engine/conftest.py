"""The real engine, our providers, an AWS in memory. Labelled so: it proves nothing about AWS itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from agentic.sandbox import api_server, aws_server
from agentic.sandbox import engine as engines
from agentic.sandbox.engine import Engine
from agentic.sandbox.program import of_stack
from agentic.sandbox.session import Options, Sandbox
from agentic.sandbox.workspace import Program
from tests.engine.small_program import ACCOUNT, small

ROOT = Path(__file__).parents[2]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "engine: runs the real Pulumi engine; skipped, and said so, without one"
    )
    # What the Automation API says of an engine that we killed.
    config.addinivalue_line("filterwarnings", "ignore:Error in event stream:UserWarning")
    # Of a failed run it may leave the program half-way to the collector: what it cancels then raises (SDK 3.259,
    # automation/_server.py).
    config.addinivalue_line(
        "filterwarnings",
        "ignore:Exception ignored in. <coroutine object run_in_stack:pytest.PytestUnraisableExceptionWarning",
    )
    # The Automation API runs an inline program on a loop of its own and leaves it to the collector.
    config.addinivalue_line("filterwarnings", "ignore:unclosed event loop:ResourceWarning")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.engine)
            # One worker a module: what its tests share is stood up once.
            item.add_marker(pytest.mark.xdist_group(f"engine-{item.path.stem}"))


@dataclass
class Sandboxes:
    """Makes sandboxes below one directory and stops their servers in the end."""

    engine: Engine
    directory: Path
    cleanup: ExitStack = field(default_factory=ExitStack)

    def small(self, stack: str = "test", *, options: Options | None = None, **size: int | str) -> Sandbox:
        """A sandbox of the miniature program."""
        return self.of(stack, small(**size), options=options)  # type: ignore[arg-type]

    def of(self, stack: str, program: Callable[[], None], *, options: Options | None = None) -> Sandbox:
        """A sandbox of any program."""
        return self._opened(Program("agentic-platform", stack, program, account_id=ACCOUNT), options)

    def stack(self, stack: str, root: Path = ROOT, *, options: Options | None = None) -> Sandbox:
        """A sandbox of the project's own program."""
        return self._opened(of_stack(root, stack), options)

    def _opened(self, program: Program, options: Options | None) -> Sandbox:
        tools = self.directory / "tools"
        if options and options.api_server and not tools.exists():
            tools.symlink_to(ROOT / "tools")
        sandbox = Sandbox(
            self.directory, program, Console(file=io.StringIO()), options or Options(), engine=self.engine
        )
        self.cleanup.callback(aws_server.stop, sandbox.layout)
        self.cleanup.callback(api_server.stop, sandbox.layout)
        return sandbox


def said(sandbox: Sandbox) -> str:
    """What the operator was shown."""
    assert isinstance(sandbox.console.file, io.StringIO)
    return sandbox.console.file.getvalue()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine, found but never built here: `make up` does that and says how long it takes."""
    found = engines.locate()
    if found is None:
        pytest.skip("ENGINE TIER NOT RUN: no Pulumi engine on this machine; `make up` gets one")
    return found


@pytest.fixture
def sandboxes(engine: Engine, tmp_path: Path) -> Iterator[Sandboxes]:
    """Sandboxes of one test."""
    made = Sandboxes(engine, tmp_path)
    with made.cleanup:
        yield made


@pytest.fixture(scope="module")
def shared_sandboxes(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandboxes]:
    """Sandboxes that the tests of one module share."""
    made = Sandboxes(engine, tmp_path_factory.mktemp("checkout"))
    with made.cleanup:
        yield made
