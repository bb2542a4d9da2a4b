"""Pod Security as labels: enforced, reported, pinned."""

from __future__ import annotations

import pytest

from components.isolation.pod_security import PodSecurityLevel, pod_security_labels


@pytest.mark.parametrize(
    ("level", "reported"),
    [("restricted", "restricted"), ("baseline", "restricted"), ("privileged", "privileged")],
)
def test_pod_security_is_enforced_reported_and_pinned(level: PodSecurityLevel, reported: str) -> None:
    prefix = "pod-security.kubernetes.io"
    assert pod_security_labels(level, "1.35") == {
        f"{prefix}/enforce": level,
        f"{prefix}/enforce-version": "v1.35",
        f"{prefix}/audit": reported,
        f"{prefix}/audit-version": "v1.35",
        f"{prefix}/warn": reported,
        f"{prefix}/warn-version": "v1.35",
    }
