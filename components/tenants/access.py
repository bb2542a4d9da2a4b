"""Who may do what for a tenant: roles in its namespace, and one AWS role that reads its secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.core.labels import DOMAIN, TENANT_LABEL, managed_labels
from components.tenants.spec import TenantSpec

READ = ("get", "list", "watch")
WRITE = ("create", "delete", "patch", "update")

KAGENT_RESOURCES = (
    "agentharnesses",
    "agents",
    "mcpservers",
    "modelconfigs",
    "modelproviderconfigs",
    "remotemcpservers",
    "sandboxagents",
)
"""What kagent v1alpha2 and kmcp serve. There is no `tools` and no `workflows`: they are compiled to these."""

SECRET_KEY = "value"  # noqa: S105 - the key inside a Secret, not a secret
STORE = "tenant"
REFRESH = "1h"


def operator_group(tenant: str) -> str:
    """The group that EKS access entries put a tenant's operators into; it may not begin with `system:`."""
    return f"tenant:{tenant}:operator"


def viewer_group(tenant: str) -> str:
    """The group of people who look and change nothing."""
    return f"tenant:{tenant}:viewer"


def namespace_labels(tenant: str, spec: TenantSpec) -> dict[str, str]:
    """What shared policies know the tenant by, and what its cost is booked on.

    Namespaces are cluster-scoped and no tenant's role reaches them, so nobody but the platform sets these.
    """
    return {
        **managed_labels("tenants"),
        TENANT_LABEL: tenant,
        f"{DOMAIN}/owner": spec.owner,
        f"{DOMAIN}/cost-center": spec.cost_center,
    }


def operator_rules(secrets: Collection[str]) -> list[dict[str, Any]]:
    """Full use of agents, a look at what they run as, and the namespace's secrets by their names.

    Those that the platform gives it are among them: whoever may make an agent can have it told any Secret of
    the namespace, so that not to let them read would only hide it. What a key opens is the tenant's own.

    No pods, because the VPC CNI enforces policies only on pods that a controller owns (EKS user guide,
    network policy considerations). No `external-secrets.io`: a store of one's own making could name another
    tenant's role. No `list` on secrets: RBAC cannot narrow it by name, and names take no wildcard.
    """
    rules = [
        _rule("kagent.dev", KAGENT_RESOURCES, (*READ, *WRITE)),
        _rule("", ("configmaps", "pods", "pods/log", "services"), READ),
    ]
    if secrets:
        rules.append({**_rule("", ("secrets",), ("get",)), "resourceNames": sorted(secrets)})
    return rules


def viewer_rules() -> list[dict[str, Any]]:
    """A look at agents, their pods and logs."""
    return [_rule("kagent.dev", KAGENT_RESOURCES, READ), _rule("", ("pods", "pods/log"), READ)]


def _rule(group: str, resources: Sequence[str], verbs: Sequence[str]) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)}


def reader_trust(place: Place, external_secrets_role_arn: str) -> PolicyDocument:
    """Only External Secrets' own role may take a tenant's.

    By condition and not as principal: IAM turns a principal's ARN into an id, refuses one that does not exist
    yet, and a role made anew would have lost its trust. Pod Identity's session tags are transitive, so the
    chained call tags too (external-secrets/external-secrets#2951).
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": place.arn("iam", "root", region="")},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"ArnEquals": {"aws:PrincipalArn": external_secrets_role_arn}},
        }
    )


def external_secret(name: str, arn: str) -> dict[str, Any]:
    """One declared secret, whole, under the key `value`: text or JSON alike, nothing is parsed."""
    return {
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": "SecretStore", "name": STORE},
        # Retain: a secret deleted in AWS does not take running agents down.
        "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": [{"secretKey": SECRET_KEY, "remoteRef": {"key": arn}}],
    }


def cost_tags(tenant: str, spec: TenantSpec) -> Mapping[str, str]:
    """Tags of a tenant's AWS resources; its owner and cost centre replace the platform's."""
    return {"Tenant": tenant, "Owner": spec.owner, "CostCenter": spec.cost_center}
