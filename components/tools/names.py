"""What the objects of a tool are called."""

from __future__ import annotations

from components.core.labels import DOMAIN

PART_OF = "tools"
TOOL_LABEL = f"{DOMAIN}/tool"
NAME_LABEL = "app.kubernetes.io/name"

KEY_SECRET = "tools-gateway-key"  # noqa: S105 - the name of a Secret
VECTORS_SECRET = "milvus-reader"  # noqa: S105 - the name of a Secret
"""`username` and `password` of a user of Milvus who may search and nothing else."""

RUNTIME_CLASS = "gvisor"
CODE_POOL = "code"
CODE_TAINT = f"{DOMAIN}/code"
"""Keeps everything but code of models off the sandbox's nodes."""


def object_name(tool: str) -> str:
    """Deployment, Service, account and budget of a tool's server."""
    return f"tool-{tool}"


def token_secret(tool: str) -> str:
    """The Secret with a tool's token: one of its own, wherever the tool runs.

    A Secret called as the stack calls it could be another's: of a tool that reads another key of it, of an agent of
    that name, or in a tenant's namespace the tenant's own, whole under one key for all of its programs.
    """
    return f"{object_name(tool)}-token"


def server_labels(tool: str) -> dict[str, str]:
    """What selects the pods of one tool's server."""
    return {NAME_LABEL: object_name(tool)}


def labels(tool: str) -> dict[str, str]:
    """What its pods carry."""
    return {**server_labels(tool), "app.kubernetes.io/part-of": PART_OF, TOOL_LABEL: tool}
