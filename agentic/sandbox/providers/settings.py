"""What a plugin learns from its environment, or one line that says what is missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentic.sandbox.providers.faults import FaultSpec, parse


class SettingsError(ValueError):
    """The plugin was started without what it needs."""


@dataclass(frozen=True)
class Settings:
    """Where the sandbox is and what should go wrong in it."""

    directory: Path
    moto: str
    faults: FaultSpec
    crds: Path | None
    api_server: Path | None = None
    """The record of the API server that holds the objects; None where they are in the store."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read AGENTIC_SANDBOX_DIR, _MOTO, _FAULTS, _CRDS and _API_SERVER."""
        found = os.environ if environment is None else environment
        missing = [name for name in ("AGENTIC_SANDBOX_DIR", "AGENTIC_SANDBOX_MOTO") if not found.get(name)]
        if missing:
            raise SettingsError(
                f"{' and '.join(missing)} not set: start the plugins through `agentic sandbox`"
            )
        crds, server = found.get("AGENTIC_SANDBOX_CRDS"), found.get("AGENTIC_SANDBOX_API_SERVER")
        return cls(
            directory=Path(found["AGENTIC_SANDBOX_DIR"]),
            moto=found["AGENTIC_SANDBOX_MOTO"],
            faults=parse(found.get("AGENTIC_SANDBOX_FAULTS", "")),
            crds=Path(crds) if crds else None,
            api_server=Path(server) if server else None,
        )
