"""What is wrong with tenants before anything exists: names that are taken or too long, quotas, secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from components.core.faults import Fault
from components.core.names import ROLE_NAME_LIMIT, tenant_role_purpose
from components.namespaces.catalogue import RESERVED
from components.namespaces.checks import container_default_faults, quota_faults
from components.tenants.spec import TenantSpec

_SYSTEM_PREFIXES = ("kube-", "eks-", "aws-", "amazon-", "ai-", "istio-")
"""Namespaces of Kubernetes, of AWS, of the platform's functions and of the mesh begin like this."""


def tenant_name_faults(cluster_name: str, tenants: Collection[str]) -> list[Fault]:
    """Names that are the platform's, and names too long for what is derived from them."""
    faults: list[Fault] = []
    for name in tenants:
        path = f"tenants.{name}"
        if name in RESERVED:
            faults.append(
                Fault(path, f"{name} is a namespace of the platform", "give the tenant another name")
            )
        elif name.startswith(_SYSTEM_PREFIXES):
            prefix = next(prefix for prefix in _SYSTEM_PREFIXES if name.startswith(prefix))
            faults.append(
                Fault(path, f"names beginning with {prefix} are the system's", "give the tenant another name")
            )
        # Never shortened by a hash: an operator looks for a role by the tenant's name.
        role = f"{cluster_name}-{tenant_role_purpose(name)}"
        if len(role) > ROLE_NAME_LIMIT:
            faults.append(
                Fault(
                    path,
                    f"its IAM role {role} has {len(role)} characters, IAM allows {ROLE_NAME_LIMIT}",
                    f"shorten the tenant's name to {len(name) - len(role) + ROLE_NAME_LIMIT} characters",
                )
            )
    return faults


def tenant_quota_faults(tenants: Mapping[str, TenantSpec]) -> list[Fault]:
    """Quotas and container defaults of tenants that do not add up."""
    return [
        fault
        for name, spec in tenants.items()
        for fault in (
            *(quota_faults(f"tenants.{name}.quota", spec.quota) if spec.quota else ()),
            *container_default_faults(f"tenants.{name}", spec.container_defaults, spec.effective_quota),
        )
    ]


def repeated_secret_faults(tenants: Mapping[str, TenantSpec]) -> list[Fault]:
    """Secrets that a tenant asks for twice: two objects would own one Secret."""
    return [
        Fault(f"tenants.{name}.secrets", f"asks for {secret} {count} times", "write it once")
        for name, spec in tenants.items()
        for secret, count in sorted(Counter(spec.secrets).items())
        if count > 1
    ]


def tenant_faults(cluster_name: str, tenants: Mapping[str, TenantSpec]) -> list[Fault]:
    """Everything wrong with tenants that can be told without other sections."""
    return [
        *tenant_name_faults(cluster_name, tenants),
        *tenant_quota_faults(tenants),
        *repeated_secret_faults(tenants),
    ]
