"""The engine is found where it is, or made, or its absence is explained."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from agentic.cache import CACHE_VARIABLE
from agentic.sandbox import engine, engine_build, engine_install
from agentic.sandbox.errors import EngineMissing

VERSION = engine.pinned_version()
TOOLS = Path(__file__).parents[3] / "tools"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no engine, no Go and an installer that cannot be reached."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    # A name that no resolver answers.
    monkeypatch.setattr(engine_install, "INSTALLER", "https://installer.invalid/install.sh")
    (tmp_path / "bin").mkdir()
    return tmp_path


def _program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_an_engine_on_the_path_is_used_as_it_is(machine: Path) -> None:
    path = _program(machine / "bin" / "pulumi", f"echo v{VERSION}")
    assert engine.locate() == engine.Engine(path, VERSION)


def test_another_version_of_the_same_major_is_used_and_mentioned(machine: Path) -> None:
    _program(machine / "bin" / "pulumi", "echo v3.1.0")
    found = engine.locate()
    assert found is not None
    assert found.version == "3.1.0"
    assert f"is 3.1.0, the SDK here is {VERSION}: same major version" in found.note


def test_another_major_is_passed_over_for_the_cached_one(machine: Path) -> None:
    _program(machine / "bin" / "pulumi", "echo v2.9.9")
    cached = _program(engine.cached_path(VERSION), f"echo v{VERSION}")
    assert engine.locate() == engine.Engine(cached, VERSION)


def test_an_engine_that_does_not_say_its_version_is_used_and_mentioned(machine: Path) -> None:
    _program(machine / "bin" / "pulumi", "echo")
    found = engine.locate()
    assert found is not None
    assert "does not say its version" in found.note


def test_a_broken_engine_is_no_engine(machine: Path) -> None:
    _program(machine / "bin" / "pulumi", "exit 3")
    assert engine.locate() is None


def test_without_any_way_every_reason_is_given_and_what_to_do(machine: Path) -> None:
    said: list[str] = []
    with pytest.raises(EngineMissing) as missing:
        engine.provide(TOOLS.parent, said.append)
    text = str(missing.value)
    assert "no `pulumi` on PATH" in text
    assert "the official installer cannot be reached (https://installer.invalid/install.sh" in text
    assert "there is no `go` on PATH" in text
    assert f"install Pulumi {VERSION} so that `pulumi version` works" in text


def test_a_build_says_how_long_it_takes_first_and_is_kept_for_the_next_checkout(machine: Path) -> None:
    _program(
        machine / "bin" / "go",
        f'[ "$1" = env ] && exit 0\nwhile [ "$1" != -o ]; do shift; done\n'
        f'printf \'#!/bin/sh\\necho v{VERSION}\\n\' > "$2"; /bin/chmod +x "$2"',
    )
    said: list[str] = []
    made = engine.provide(TOOLS.parent, said.append)
    assert made == engine.Engine(engine.cached_path(VERSION), VERSION)
    assert any("3 to 7 minutes once on two cores, then kept in" in line for line in said)
    (machine / "bin" / "go").unlink()
    assert engine.provide(TOOLS.parent, said.append) == made


@pytest.mark.parametrize(
    ("go_says", "hint"),
    [
        ("write x: no space left on device", "free about 5 GB"),
        ("dial tcp: lookup proxy.example: no such host", "set GOPROXY"),
        (
            "go: go.mod requires go >= 1.26 (running go 1.19)",
            "install the Go version that tools/go.mod names",
        ),
        ("verifying module: checksum mismatch", "do not use that proxy"),
        ("compile: signal: killed", "3 GB of memory"),
    ],
)
def test_a_failed_build_says_what_to_do(machine: Path, go_says: str, hint: str) -> None:
    _program(machine / "bin" / "go", f'[ "$1" = env ] && exit 0\necho "{go_says}" >&2; exit 1')
    target = engine.cached_path(VERSION)
    with pytest.raises(EngineMissing) as failed:
        engine_build.build(target, VERSION, TOOLS, lambda _: None)
    assert go_says in str(failed.value)
    assert hint in str(failed.value)
    assert not list(target.parent.glob("pulumi.[0-9]*"))


def test_the_pin_of_the_module_is_the_version_of_the_sdk(machine: Path) -> None:
    _program(machine / "bin" / "go", "exit 0")
    with pytest.raises(EngineMissing, match=r"tools/go.mod pins \S+, the SDK here is 3\.0\.1"):
        engine_build.build(engine.cached_path("3.0.1"), "3.0.1", TOOLS, lambda _: None)


def test_two_builds_at_once_are_one_build(machine: Path) -> None:
    log = machine / "builds"
    _program(
        machine / "bin" / "go",
        f'[ "$1" = env ] && exit 0\necho build >> {log}\n/bin/sleep 0.3\n'
        'while [ "$1" != -o ]; do shift; done\necho made > "$2"',
    )
    target = engine.cached_path(VERSION)
    threads = [
        threading.Thread(target=engine_build.build, args=(target, VERSION, TOOLS, lambda _: None))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.read_text().splitlines() == ["build"]
    assert target.read_text() == "made\n"


def test_the_cache_follows_the_desktop_convention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert engine.cached_path("3.0.0") == Path("/somewhere/agentic-platform/engine/3.0.0/bin/pulumi")
