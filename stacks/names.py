"""The IAM roles a stack will have, by name: a second one of the same name would take over the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.cache.spec import TENANT_PART as CACHE
from components.cluster.addons import AUTO_MODE, KARPENTER_MODE
from components.cluster.spec import AUTO_NODE_ROLE_PURPOSE
from components.core.aws import Place
from components.core.faults import Fault
from components.core.names import role_name, tenant_role_purpose
from components.elasticache.pods import NAME as CACHE_USERS
from components.external_dns.pods import RELEASE as EXTERNAL_DNS
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gateway.secrets import TENANT_PART as GATEWAY
from components.karpenter.spec import CONTROLLER_PURPOSE, NODE_ROLE_PURPOSE
from components.langfuse.names import RELEASE as LANGFUSE
from components.milvus.spec import SHARED, Instance
from components.models.servers import all_servers as servers
from components.models.spec import ModelSpec
from components.opencost.pods import RELEASE as OPENCOST
from components.otel.names import GATEWAY_RELEASE as OTEL_GATEWAY
from components.postgres.spec import TENANT_PART as DATABASE
from components.vectors.spec import TENANT_PART as VECTORS

PLATFORM_ROLE_PURPOSES: frozenset[str] = frozenset(
    {
        AUTO_NODE_ROLE_PURPOSE,
        CONTROLLER_PURPOSE,
        EXTERNAL_SECRETS_PURPOSE,
        NODE_ROLE_PURPOSE,
        "backup",
        "bootstrap-node",
        CACHE_USERS,
        "cluster",
        "flow-logs",
        "gateway-models",
        "load-balancers",
        SHARED.name,
        LANGFUSE,
        EXTERNAL_DNS,
        OPENCOST,
        OTEL_GATEWAY,
        "velero",
        *(addon.name for addon in (*AUTO_MODE, *KARPENTER_MODE) if addon.managed_policy),
    }
)
"""What the platform's own roles are for, in either compute mode; a test compares it with the plans."""

TENANT_ROLE_PARTS = ("", CACHE, DATABASE, GATEWAY, VECTORS)
"""Whose secrets a tenant's roles read: those it declared, and what each of these parts gives it."""


def role_holders(
    place: Place,
    tenants: Iterable[str],
    models: Mapping[str, ModelSpec] | None = None,
    milvuses: Iterable[Instance] = (),
) -> Mapping[str, list[str]]:
    """Who would have each role name; more than one where a name was shortened into another's."""
    holders: dict[str, list[str]] = {
        role_name(place, purpose): ["the platform"] for purpose in sorted(PLATFORM_ROLE_PURPOSES)
    }
    for server in servers(models or {}):
        holders.setdefault(role_name(place, server.role_purpose), []).append(f"models.{server.key}")
    for instance in milvuses:
        holders.setdefault(role_name(place, instance.name), []).append(instance.path)
    for tenant in tenants:
        for part in TENANT_ROLE_PARTS:
            purpose = tenant_role_purpose(tenant, part)
            holders.setdefault(role_name(place, purpose), []).append(f"tenants.{tenant}")
    return holders


def name_faults(
    place: Place,
    tenants: Iterable[str],
    models: Mapping[str, ModelSpec] | None = None,
    milvuses: Iterable[Instance] = (),
) -> list[Fault]:
    """Tenants, models and Milvuses whose role would have a name that is taken already."""
    taken = {
        later: (first, name)
        for name, (first, *others) in role_holders(place, tenants, models, milvuses).items()
        for later in others
        if later != first
    }
    return [
        Fault(later, f"its IAM role would have the name of that of {first}, {name}", "rename one of them")
        for later, (first, name) in taken.items()
    ]
