"""The commands of pages that no test runs, each with what it would take: seen at the end of `make test`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ACCOUNT = "asks an AWS account"
CLUSTER = "asks a cluster"
ENGINE = "needs the Pulumi engine; tests/engine runs the same"
API_SERVER = "needs an API server; `make rehearse` runs the same"

NOT_RUN: Mapping[str, str] = MappingProxyType(
    {
        "$EDITOR": "a person's part",
        "POOL=$(aws": ACCOUNT,
        "agentic bootstrap": ACCOUNT,
        "agentic logs": ACCOUNT,
        "agentic rehearse": API_SERVER,
        "agentic sandbox": ENGINE,
        "agentic smoke": CLUSTER,
        "agentic status": CLUSTER,
        "aws": ACCOUNT,
        "curl": CLUSTER,
        "kubectl": CLUSTER,
        "make down": ENGINE,
        "make examples": "installs an environment of 300 MB; `make test` runs it",
        "make rehearse": API_SERVER,
        "make up": ENGINE,
        "pg_dump": "asks a database",
        "pg_restore": "asks a database",
        "podman": "builds an image",
        "pulumi": ACCOUNT,
        "valkey-cli": "asks a cache; tests/components/agents/worker does the same on a real one",
        "velero": CLUSTER,
    }
)
"""By how the command begins."""


def reason(command: str) -> str | None:
    """Why this command is not run; None where it has to be."""
    return next((why for begin, why in NOT_RUN.items() if f"{command} ".startswith(f"{begin} ")), None)
