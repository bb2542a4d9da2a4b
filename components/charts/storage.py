"""Volumes of releases: one class, so that every volume is encrypted and made in its pod's zone."""

from __future__ import annotations

from typing import Any

STORAGE_CLASS = "gp3"
"""The platform's class; EKS brings none of its own that is usable as it is."""


def volume_claim(gib: int) -> dict[str, Any]:
    """The spec of a claim on a volume that one node mounts at a time."""
    return {
        "storageClassName": STORAGE_CLASS,
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": f"{gib}Gi"}},
    }
