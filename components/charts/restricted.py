"""Security contexts of pods that we write ourselves: what Pod Security `restricted` asks, and a fixed file system."""

from __future__ import annotations

from typing import Any

NOBODY = 65532
"""`nonroot` in distroless images."""


def pod_context(uid: int = NOBODY) -> dict[str, Any]:
    """Of a pod: never root, under this user."""
    return {
        "runAsNonRoot": True,
        "runAsUser": uid,
        "runAsGroup": uid,
        "fsGroup": uid,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_context() -> dict[str, Any]:
    """Of each of its containers: no capability, no way to more, no writing but to volumes."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
