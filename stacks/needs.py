"""Who needs whom among the parts that can be switched off: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.argocd.checks import secrets_by_path
from components.core.faults import Fault


@dataclass(frozen=True)
class Need:
    """The part at `path` must be on while `users` answers somebody."""

    path: str
    users: Callable[[Mapping[str, Any]], list[str]]
    why: str


def _gpu_pools(sections: Mapping[str, Any]) -> list[str]:
    # Auto Mode brings the device plugin along (EKS user guide, "EKS Auto Mode").
    return [f"gpu_pools.{name}" for name in sections["gpu_pools"]] if _self_managed(sections) else []


def _tenants_with_secrets(sections: Mapping[str, Any]) -> list[str]:
    return [f"tenants.{name}.secrets" for name, tenant in sections["tenants"].items() if tenant.secrets]


def _handed_over_with_secrets(sections: Mapping[str, Any]) -> list[str]:
    return [f"services.argocd.{path}" for path in secrets_by_path(sections["services"].argocd)]


def _self_managed(sections: Mapping[str, Any]) -> bool:
    return sections["compute"].mode == "karpenter"


def _on(*paths: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """Those of the parts at these paths that are on."""
    return lambda sections: [path for path in paths if _part(sections, path).enabled]


def _gateway(sections: Mapping[str, Any]) -> list[str]:
    return ["gateway"] if sections["gateway"].installed else []


def _part(sections: Mapping[str, Any], path: str) -> Any:
    section, _, name = path.partition(".")
    return getattr(sections[section], name)


NEEDS: tuple[Need, ...] = (
    Need("services.gpu_readiness", _gpu_pools, "without the device plugin a GPU node never offers its GPUs"),
    Need("services.external_secrets", _tenants_with_secrets, "it is what brings a secret into a namespace"),
    Need(
        "services.external_secrets",
        _on("data.milvus", "observability.prometheus", "observability.langfuse", "services.opencost"),
        "it is what makes their passwords and keeps them",
    ),
    Need(
        "services.external_secrets",
        _handed_over_with_secrets,
        "it is what brings Argo CD its repositories' keys",
    ),
    Need(
        "services.cert_manager",
        _on("observability.langfuse", "services.keda"),
        "it certifies their webhooks",
    ),
    Need("services.cert_manager", _gateway, "it certifies the gateway's listeners"),
    Need("services.external_secrets", _gateway, "it is what makes callers' keys and keeps them"),
    Need(
        "services.load_balancer_controller",
        lambda sections: _gateway(sections) if _self_managed(sections) else [],
        "it is what puts a load balancer before the gateway",
    ),
    Need(
        "services.external_secrets",
        lambda sections: (
            ["vectors"] if sections["vectors"].enabled and sections["data"].milvus.enabled else []
        ),
        "it is what makes its users' passwords",
    ),
    Need("observability.prometheus", _on("services.opencost"), "it is where OpenCost reads what was used"),
)


def need_faults(sections: Mapping[str, Any]) -> list[Fault]:
    """A part that is off although the stack holds something that cannot work without it."""
    found: list[Fault] = []
    for need in NEEDS:
        users = sorted(need.users(sections))
        if users and not _part(sections, need.path).enabled:
            found.append(
                Fault(
                    f"{need.path}.enabled",
                    f"is false, but {', '.join(users)} needs it: {need.why}",
                    "switch it on, or remove what needs it",
                )
            )
    return found
