"""What the engine is given: a project of its own, a file backend, a passphrase, and our providers on PATH."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi.automation import LocalWorkspace

from agentic.sandbox.command import EngineCommand
from agentic.sandbox.layout import Layout

PROVIDERS = ("aws", "eks", "kubernetes")
SOURCE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Program:
    """What is deployed: one program, its stack's config, and the account it is for."""

    project: str
    stack: str
    run: Callable[[], None]
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    account_id: str = "111122223333"
    region: str = "us-east-1"
    kubernetes: str = ""
    """The version its cluster is to run; empty where nothing is said."""
    service_cidr: str = "172.20.0.0/16"


def prepare(
    layout: Layout, program: Program, command: EngineCommand, environment: Mapping[str, str]
) -> LocalWorkspace:
    """A workspace whose every file lies in the sandbox, with the stack's config as it is now."""
    layout.create()
    _write_project(layout, program)
    _write_launchers(layout)
    return LocalWorkspace(
        work_dir=str(layout.work),
        pulumi_home=str(layout.engine_home),
        program=program.run,
        secrets_provider="passphrase",
        pulumi_command=command,
        env_vars={**_engine_environment(layout), **environment},
    )


def _engine_environment(layout: Layout) -> dict[str, str]:
    return {
        # Without metadata files: the backend replaces a checkpoint atomically but not the `.attrs` beside it,
        # and an engine killed at that moment leaves a state that answers "failed to load checkpoint: EOF".
        "PULUMI_BACKEND_URL": f"{layout.state.as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(layout)),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # The engine otherwise keeps a copy of every checkpoint it replaces: 2 writes a resource instead of 1.
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        "AGENTIC_SANDBOX_DIR": str(layout.home),
        "PATH": os.pathsep.join([str(layout.launchers), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(SOURCE_ROOT), os.environ.get("PYTHONPATH")))),
        # Loopback only, whatever proxy the machine is set up for.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def _passphrase(layout: Layout) -> Path:
    try:
        descriptor = os.open(layout.passphrase, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return layout.passphrase
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return layout.passphrase


def _write_project(layout: Layout, program: Program) -> None:
    _replace(layout.work / "Pulumi.yaml", yaml.safe_dump({"name": program.project, "runtime": "python"}))
    settings = layout.work / f"Pulumi.{layout.stack}.yaml"
    # The engine wrote the salt of the passphrase beside the config; without it the state cannot be read.
    kept: dict[str, Any] = (yaml.safe_load(settings.read_text()) or {}) if settings.exists() else {}
    kept["config"] = dict(program.config)
    _replace(settings, yaml.safe_dump(kept, sort_keys=False))


def _write_launchers(layout: Layout) -> None:
    for name in PROVIDERS:
        launcher = layout.launchers / f"pulumi-resource-{name}"
        command = shlex.join([sys.executable, "-m", "agentic.sandbox.providers", name])
        script = f'#!/bin/sh\nexec {command} "$@"\n'
        if not launcher.exists() or launcher.read_text() != script:
            _replace(launcher, script, mode=0o700)


def _replace(path: Path, text: str, mode: int = 0o600) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(mode)
    fresh.replace(path)
