"""Finds the Pulumi engine: one that is there, else the official installer, else a build from its module.

Two notes on versions. The SDK and the engine speak one protocol across a major version, so any engine of
the SDK's major is used and a difference is only mentioned. An engine built without linker flags says
nothing about its version; it is used too, and that is mentioned as well.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from agentic.cache import cache_directory
from agentic.sandbox import engine_build, engine_install
from agentic.sandbox.errors import EngineMissing

Say = Callable[[str], None]
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)\S*")


@dataclass(frozen=True, slots=True)
class Engine:
    """An executable that was run once and answered."""

    path: Path
    version: str
    note: str = ""


def pinned_version() -> str:
    """The engine version that belongs to the installed SDK."""
    return metadata.version("pulumi")


def cached_path(version: str) -> Path:
    """Where an installed or built engine of one version is kept."""
    return cache_directory() / "engine" / version / "bin" / "pulumi"


def locate() -> Engine | None:
    """An engine that is already on this machine; nothing is downloaded or built."""
    found, _ = _survey()
    return found


def provide(root: Path, say: Say) -> Engine:
    """An engine, whatever it takes; `say` is told what is done, why, and how long it will take."""
    found, refused = _survey()
    if found:
        return found
    for line in refused:
        say(line)
    version = pinned_version()
    target = cached_path(version)
    lacking: list[str] = refused or ["no `pulumi` on PATH"]
    for way in (
        lambda: engine_install.install(target, version, say),
        lambda: engine_build.build(target, version, root / "tools", say),
    ):
        try:
            way()
        except EngineMissing as reason:
            say(str(reason.problem))
            lacking.append(str(reason))
            continue
        engine = _inspect(target)
        if engine:
            return engine
        lacking.append(f"{target} was made but does not run")
    raise EngineMissing(
        "the Pulumi engine is needed and could not be had:\n"
        + "\n".join(f"  - {reason}" for reason in lacking),
        remedy=f"install Pulumi {version} so that `pulumi version` works, then run this again",
    )


def _survey() -> tuple[Engine | None, list[str]]:
    """The first usable engine, and why the others were passed over."""
    refused: list[str] = []
    on_path = shutil.which("pulumi")
    for candidate in (Path(on_path) if on_path else None, cached_path(pinned_version())):
        if candidate is None or not candidate.exists():
            continue
        engine = _inspect(candidate)
        if engine is None:
            refused.append(f"{candidate} does not run")
        elif _major(engine.version) not in (None, _major(pinned_version())):
            refused.append(
                f"{candidate} is version {engine.version}; the SDK here is {pinned_version()}: another major"
            )
        else:
            return engine, refused
    return None, refused


def _inspect(path: Path) -> Engine | None:
    try:
        answer = subprocess.run(
            [str(path), "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    said = answer.stdout.strip()
    version = _VERSION.fullmatch(said)
    if version is None:
        return Engine(
            path, "unknown", f"{path} does not say its version; expected {pinned_version()}, using it"
        )
    plain = said.removeprefix("v")
    if plain == pinned_version():
        return Engine(path, plain)
    return Engine(
        path, plain, f"{path} is {plain}, the SDK here is {pinned_version()}: same major version, using it"
    )


def _major(version: str) -> str | None:
    match = _VERSION.match(version)
    return match.group(1) if match else None
