"""Installs the engine with Pulumi's own installer, where its site can be reached."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from agentic.sandbox.errors import EngineMissing

INSTALLER = "https://get.pulumi.com/install.sh"
BY_HAND = "install Pulumi by hand, so that `pulumi version` works"
REACH_SECONDS = 8.0
INSTALL_SECONDS = 900.0


def install(target: Path, version: str, say: Callable[[str], None]) -> None:
    """Leave a working engine at `target`, or raise with the reason and change nothing."""
    script = _download()
    # The installer unpacks into <root>/bin; `target` is <root>/bin/pulumi.
    root = target.parent.parent
    fresh = Path(tempfile.mkdtemp(prefix="installing-", dir=_ensured(root.parent)))
    try:
        path = fresh / "install.sh"
        path.write_bytes(script)
        command = [
            "sh",
            str(path),
            "--no-edit-path",
            "--install-root",
            str(fresh / "root"),
            "--version",
            version,
        ]
        say(
            "installing the engine with Pulumi's installer, about a minute: "
            f"{INSTALLER} --no-edit-path --install-root {root} --version {version}"
        )
        outcome = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if outcome.returncode:
            last = (outcome.stderr or outcome.stdout).strip().splitlines()
            raise EngineMissing(
                f"the official installer failed: {last[-1] if last else 'no message'}", remedy=BY_HAND
            )
        if root.exists():
            shutil.rmtree(root)
        (fresh / "root").replace(root)
    except (OSError, subprocess.SubprocessError) as failure:
        raise EngineMissing(f"the official installer failed: {failure}", remedy=BY_HAND) from failure
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _download() -> bytes:
    try:
        with urllib.request.urlopen(INSTALLER, timeout=REACH_SECONDS) as answer:
            script: bytes = answer.read()
            return script
    except (OSError, urllib.error.URLError) as failure:
        reason = getattr(failure, "reason", failure)
        raise EngineMissing(
            f"the official installer cannot be reached ({INSTALLER}: {reason})",
            remedy="check the network, or install Pulumi by hand",
        ) from None


def _ensured(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory
