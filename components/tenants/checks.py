"""What is wrong with tenants before anything exists: names that are taken or too long, quotas, secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from components.core.faults import Fault
from components.core.names import ROLE_NAME_LIMIT, tenant_role_purpose
from components.isolation.bounds import priority_class_name
from components.isolation.quota import container_default_faults, quota_faults
from components.namespaces.spec import RESERVED
from components.tenants.spec import TenantSpec

_SYSTEM_PREFIX = "kube-"
"""Kubernetes keeps namespaces that begin like this for itself."""


def tenant_name_faults(cluster_name: str, tenants: Collection[str]) -> list[Fault]:
    """Names that are the platform's, and names too long for what is derived from them."""
    faults: list[Fault] = []
    for name in tenants:
        path = f"tenants.{name}"
        if name in RESERVED:
            faults.append(Fault(path, f"{name} is a namespace of the platform", "choose another name"))
        elif name.startswith(_SYSTEM_PREFIX):
            faults.append(
                Fault(
                    path, f"names beginning with {_SYSTEM_PREFIX} are Kubernetes' own", "choose another name"
                )
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


def shared_name_faults(tenants: Mapping[str, TenantSpec]) -> list[Fault]:
    """Tenants of which two derived resources would have one name, as `a` with `b-c` and `a-b` with `c` do."""
    holder: dict[tuple[str, str], str] = {}
    faults: list[Fault] = []
    for name, spec in tenants.items():
        derived = {("ResourceQuota", f"{name}-quota")}
        derived |= {("ResourceQuota", f"{name}-{priority_class_name(pool)}") for pool in spec.gpus}
        derived |= {("ExternalSecret", f"{name}-{secret}") for secret in spec.secrets}
        for kind, resource in sorted(derived):
            other = holder.setdefault((kind, resource), name)
            if other != name:
                faults.append(
                    Fault(
                        f"tenants.{name}",
                        f"its {kind} {resource} would have the name of one of tenant {other}",
                        "rename the tenant",
                    )
                )
    return faults


def tenant_faults(cluster_name: str, tenants: Mapping[str, TenantSpec]) -> list[Fault]:
    """Everything wrong with tenants that can be told without other sections."""
    return [
        *tenant_name_faults(cluster_name, tenants),
        *tenant_quota_faults(tenants),
        *repeated_secret_faults(tenants),
        *shared_name_faults(tenants),
    ]
