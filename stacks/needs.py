"""Who needs whom among the parts that can be switched off: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.core.faults import Fault


@dataclass(frozen=True)
class Need:
    """`service` must be on while `users` answers somebody."""

    service: str
    users: Callable[[Mapping[str, Any]], list[str]]
    why: str


def _gpu_pools(sections: Mapping[str, Any]) -> list[str]:
    # Auto Mode brings the device plugin along (EKS user guide, "EKS Auto Mode").
    return [f"gpu_pools.{name}" for name in sections["gpu_pools"]] if _self_managed(sections) else []


def _tenants_with_secrets(sections: Mapping[str, Any]) -> list[str]:
    return [f"tenants.{name}.secrets" for name, tenant in sections["tenants"].items() if tenant.secrets]


def _self_managed(sections: Mapping[str, Any]) -> bool:
    return sections["compute"].mode == "karpenter"


NEEDS: tuple[Need, ...] = (
    Need("gpu_readiness", _gpu_pools, "without the device plugin a GPU node never offers its GPUs"),
    Need("external_secrets", _tenants_with_secrets, "it is what brings a secret into a namespace"),
)


def need_faults(sections: Mapping[str, Any]) -> list[Fault]:
    """A service that is off although the stack holds something that cannot work without it."""
    found: list[Fault] = []
    for need in NEEDS:
        users = sorted(need.users(sections))
        if users and not getattr(sections["services"], need.service).enabled:
            found.append(
                Fault(
                    f"services.{need.service}.enabled",
                    f"is false, but {', '.join(users)} needs it: {need.why}",
                    "switch it on, or remove what needs it",
                )
            )
    return found
