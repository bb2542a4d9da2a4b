"""Who may do what with the Kubernetes API: access entries, rendered from the spec."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from components.cluster.spec import AccessSpec
from components.core.aws import Place
from components.core.names import HASH_CHARACTERS

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


def principal_name(arn: str, home: str) -> str:
    """A principal's logical name: a role of account `home` by its name, any other with a hash of its ARN.

    A role's name is unique in its account, its path apart; a user, or a role elsewhere, may share it.
    """
    account, resource = arn.split(":", 5)[4:]
    kind, _, name = resource.rpartition("/")
    plain = re.sub(r"[^A-Za-z0-9-]", "-", name)
    if account == home and kind.split("/")[0] == "role" and plain == name:
        return name
    return f"{plain}-{hashlib.sha256(arn.encode()).hexdigest()[:HASH_CHARACTERS]}"


def entries(spec: AccessSpec) -> tuple[AccessEntry, ...]:
    """One entry per principal, the deployer's first; a principal named twice keeps its widest access."""
    home = spec.deployer_arn.split(":")[4]
    wanted = [AccessEntry("deployer", spec.deployer_arn, ADMIN_POLICY)]
    for kind, arns, policy in (
        ("admin", spec.admin_arns, ADMIN_POLICY),
        ("viewer", spec.viewer_arns, VIEW_POLICY),
    ):
        wanted += [AccessEntry(f"{kind}-{principal_name(arn, home)}", arn, policy) for arn in arns]
    widest: dict[str, AccessEntry] = {}
    for entry in wanted:
        widest.setdefault(entry.principal_arn, entry)
    return tuple(widest.values())
