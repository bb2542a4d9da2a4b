"""What is wrong with a stack's changes to namespaces: unknown names, quotas that do not add up."""

from __future__ import annotations

from collections.abc import Mapping

from components.core.faults import Fault
from components.isolation.quota import container_default_faults, quota_faults
from components.namespaces.catalogue import NAMESPACES
from components.namespaces.grants import gpu_quota_faults
from components.namespaces.spec import NamespaceSpec

__all__ = ["gpu_quota_faults", "namespace_faults"]


def namespace_faults(namespaces: Mapping[str, NamespaceSpec]) -> list[Fault]:
    """Changes to namespaces the platform does not have, and quotas that do not add up."""
    faults: list[Fault] = []
    for name, spec in namespaces.items():
        path = f"namespaces.{name}"
        if name not in NAMESPACES:
            faults.append(
                Fault(path, "is not a namespace of the platform", f"use one of {', '.join(NAMESPACES)}")
            )
            continue
        row = NAMESPACES[name]
        if spec.quota is not None:
            faults += quota_faults(f"{path}.quota", spec.quota)
        if spec.quota is not None or spec.container_defaults is not None:
            faults += container_default_faults(
                path, spec.container_defaults or row.container_defaults, spec.quota or row.quota
            )
        if spec.pod_security is not None and spec.pod_security.level == row.pod_security:
            faults.append(
                Fault(
                    f"{path}.pod_security",
                    f"is no exception: {row.pod_security} is the default",
                    "leave it out",
                )
            )
    return faults
