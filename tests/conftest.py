"""What every test can ask for, and the last word on what was not tested."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from agentic.crds.directory import FETCHED
from agentic.crds.fetch import fetch
from agentic.plan.capture import Capture, capture_program, capture_stack
from agentic.plan.model import Plan
from agentic.rehearsal import tools
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.tools import Tools
from agentic.sandbox.loopback import ask_directly
from tests.absence import absent, is_required

ROOT = Path(__file__).parent.parent
REFERENCE_CRDS = ROOT.parent / "shared" / "crds"


PERSONAL = ("AWS_", "PULUMI_", "KUBE")
"""What an operator's shell has and a machine of CI has not: a profile, a token, a cluster."""
COLOURS = ("FORCE_COLOR", "PY_COLORS")


def pytest_configure(config: pytest.Config) -> None:
    for name in [one for one in os.environ if one.startswith(PERSONAL) or one in COLOURS]:
        del os.environ[name]
    ask_directly(os.environ)
    # Whoever started the tests in the background has set SIGINT to be ignored, for all that descends from it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "apiserver: asks a real API server; run by `make rehearse`")
    # The SDKs warn, at the moment they are imported, about classes that this project does not use.
    config.addinivalue_line("filterwarnings", r"ignore::DeprecationWarning:pulumi_(aws|eks|kubernetes)\..*")


@pytest.fixture(scope="session")
def capture() -> Capture:
    """`plan = capture(lambda: Thing("x", ...))`: the captured plan of a few lines."""
    return capture_program


@pytest.fixture(scope="session")
def stack_plan() -> Callable[[str], Plan]:
    """`stack_plan("dev")`: the plan of a stack of this project, captured once a session."""
    return cache(lambda stack: capture_stack(stack, ROOT))


@pytest.fixture(scope="session")
def programs() -> Tools:
    """The programs of an API server; where they are not built, skips, or fails where they have to be."""
    found = tools.locate(ROOT)
    if found is None:
        absent("no API server: its programs are built by `make api-server`")
    return found


@pytest.fixture(scope="module")
def server(programs: Tools) -> Iterator[ApiServer]:
    """One API server for each module: its tests share the definitions that the first of them brought."""
    with ApiServer(programs) as running:
        yield running


@pytest.fixture(scope="session")
def reference_crds() -> Path:
    """A directory of third-party CRDs: beside the checkout, or fetched for `make rehearse`; skips without one."""
    if REFERENCE_CRDS.is_dir():
        return REFERENCE_CRDS
    if not is_required():
        pytest.skip(f"no CRD schemas at {REFERENCE_CRDS}")
    fetch(ROOT / FETCHED, print)
    return ROOT / FETCHED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines what was not tested, tier by tier, and why."""
    lines = [*_skipped(terminalreporter), *_left_out(terminalreporter)]
    if lines:
        terminalreporter.section("not tested")
        for line in lines:
            terminalreporter.line(line)


def _skipped(reporter: pytest.TerminalReporter) -> Iterator[str]:
    counted = Counter((_tier(report.nodeid), _reason(report)) for report in reporter.stats.get("skipped", []))
    for (tier, reason), count in sorted(counted.items()):
        yield f"{tier}: {count} skipped: {reason}"


def _left_out(reporter: pytest.TerminalReporter) -> Iterator[str]:
    counted = Counter(_tier(item.nodeid) for item in reporter.stats.get("deselected", []))
    for tier, count in sorted(counted.items()):
        yield f"{tier}: {count} left out by the options of this run"


def _tier(nodeid: str) -> str:
    return "/".join(nodeid.split("::")[0].split("/")[:2])


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ").splitlines()[0]
