"""Who may do what with the Kubernetes API: access entries, rendered from the spec."""

from __future__ import annotations

from dataclasses import dataclass

from components.cluster.spec import AccessSpec
from components.core.aws import Place

ADMIN_POLICY = "AmazonEKSClusterAdminPolicy"
VIEW_POLICY = "AmazonEKSViewPolicy"  # without Secrets; AmazonEKSAdminViewPolicy would include them


@dataclass(frozen=True)
class AccessEntry:
    """One principal with one EKS access policy over the whole cluster."""

    name: str
    principal_arn: str
    policy: str


def policy_arn(place: Place, policy: str) -> str:
    """The ARN of an EKS access policy; these live under `eks`, not `iam`."""
    return f"arn:{place.partition}:eks::aws:cluster-access-policy/{policy}"


def principal_name(arn: str) -> str:
    """The last part of a principal's ARN, as a logical name."""
    return arn.rpartition("/")[2].replace(".", "-").replace("@", "-at-")


def entries(spec: AccessSpec) -> tuple[AccessEntry, ...]:
    """One entry per principal, the deployer's first; a principal named twice keeps its widest access."""
    wanted = [AccessEntry("deployer", spec.deployer_arn, ADMIN_POLICY)]
    wanted += [AccessEntry(f"admin-{principal_name(arn)}", arn, ADMIN_POLICY) for arn in spec.admin_arns]
    wanted += [AccessEntry(f"viewer-{principal_name(arn)}", arn, VIEW_POLICY) for arn in spec.viewer_arns]
    widest: dict[str, AccessEntry] = {}
    for entry in wanted:
        widest.setdefault(entry.principal_arn, entry)
    return tuple(widest.values())
