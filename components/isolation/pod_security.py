"""How much of the host a namespace's pods may touch, as labels the API server enforces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

PodSecurityLevel = Literal["restricted", "baseline", "privileged"]
MESH_LABEL: Mapping[str, str] = {"istio.io/dataplane-mode": "ambient"}
"""Membership of the ambient mesh. Not sidecars: their init container needs what `restricted` forbids."""


def pod_security_labels(level: PodSecurityLevel, cluster_version: str) -> dict[str, str]:
    """Enforce `level`, and report what `restricted` would refuse; pinned, so an upgrade changes nothing.

    A privileged namespace reports nothing: every pod in it would.
    """
    reported = level if level == "privileged" else "restricted"
    labels: dict[str, str] = {}
    for mode, wanted in (("enforce", level), ("audit", reported), ("warn", reported)):
        labels[f"pod-security.kubernetes.io/{mode}"] = wanted
        labels[f"pod-security.kubernetes.io/{mode}-version"] = f"v{cluster_version}"
    return labels
