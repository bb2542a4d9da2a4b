"""Milvus Lite and the RAG example, in the example's own environment, as processes of their own.

Milvus Lite is a reimplementation of Milvus in Python: it shows that schemas, indexes and searches are well formed
and mean what we think. It has no users, no roles and no partitions to speak of; of those it shows nothing.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".cache" / "examples" / "rag" / "bin" / "python"
REQUIRED = "AGENTIC_LITE_TESTS"
STARTED_SECONDS = 300.0

Start = Callable[..., int]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "lite: runs Milvus Lite and the RAG example; skipped, and said so, without their environment",
    )


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.lite)
            item.add_marker(pytest.mark.xdist_group(f"lite-{item.path.stem}"))


@pytest.fixture(scope="session")
def lite_python() -> Path:
    """The Python of the example's environment."""
    if PYTHON.is_file():
        return PYTHON
    said = "no environment for Milvus Lite and the RAG example: run `make examples`"
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(said)
    pytest.skip(said)


def wait_until_open(port: int, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + STARTED_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{process.args} did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def start(lite_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """`port = start("-m", "milvus_lite", ..., env={})`: a Python process that listens on $PORT, until the end."""
    with ExitStack() as running:

        def run(*arguments: str, env: dict[str, str] | None = None, port: int | None = None) -> int:
            port = port or free_port()
            log = tmp_path_factory.mktemp("process") / "log"
            out = running.enter_context(log.open("w"))
            process = subprocess.Popen(
                [str(lite_python), *(one.replace("$PORT", str(port)) for one in arguments)],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "HOME": str(log.parent), "PORT": str(port), **(env or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
            running.callback(stop, process)
            wait_until_open(port, process, log)
            return port

        yield run


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def milvus_lite(start: Start, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a Milvus Lite of this module's own."""
    directory = tmp_path_factory.mktemp("milvus")
    port = start("-m", "milvus_lite", "server", "--data-dir", str(directory), "--port", "$PORT")
    return f"http://127.0.0.1:{port}"
