"""Kubernetes versions the platform is built for, with the dates that decide when to leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class KubernetesVersion:
    """One minor version on EKS; `None` where AWS's calendar was not at hand when the row was written."""

    version: str
    standard_support_ends: date | None
    source: str


SUPPORTED: tuple[KubernetesVersion, ...] = (
    KubernetesVersion("1.34", date(2026, 12, 2), "EKS user guide, Kubernetes release calendar"),
    KubernetesVersion("1.35", date(2027, 3, 27), "endoflife.date/amazon-eks, February 2026"),
    KubernetesVersion("1.36", None, "AL2023 AMI release v20260714 and the Karpenter 1.14 matrix name it"),
)
"""A version is here when every pinned chart supports it; Karpenter 1.14 is the narrowest of them."""

DEFAULT = "1.35"


def version_fault(version: str) -> str | None:
    """Why `version` cannot be used, or None."""
    known = [row.version for row in SUPPORTED]
    if version in known:
        return None
    return (
        f"Kubernetes {version!r} is not supported; choose one of {', '.join(known)} "
        "(quoted: YAML reads 1.30 as the number 1.3)"
    )
