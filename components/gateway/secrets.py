"""The keys by which pods of the cluster call: generated, kept in Secrets Manager, never in the program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from components.core.aws import Place
from components.core.labels import managed_labels
from components.core.tenant_reader import TenantReader, credential_arn, reads
from components.gateway.names import GATEWAY, KEY_LABEL, MODELS_URL, NAMESPACE
from components.gateway.spec import PLATFORM
from components.secrets.spec import Consumer, Credential, Key, Remote, read_back, remote_key

AGENTS_NAMESPACE = "ai-agents"
KEY = "api-key"
LENGTH = 48
TENANT_PART = "gateway"
"""Of the role that reads a tenant's key, and the store that reads with it."""


def key_name(caller: str) -> str:
    """The credential of one caller; tenants' names are short enough for it."""
    return f"gateway-key-{caller}"


def credentials(tenants: Iterable[str]) -> tuple[Credential, ...]:
    """A key for the platform's own agents and one for each tenant, who reads it by a role of its own."""
    return (
        _credential(PLATFORM, Consumer(namespace=AGENTS_NAMESPACE)),
        *(_credential(tenant) for tenant in sorted(tenants)),
    )


def accepted_keys(place: Place, callers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Secret -> spec of the ExternalSecret that tells the gateway a caller's key, and whose it is."""
    made: dict[str, dict[str, Any]] = {}
    for caller in sorted(callers):
        secret = f"accepted-{key_name(caller)}"
        spec = read_back(
            secret,
            {"key": Remote(key=remote_key(place, key_name(caller)), property=KEY)},
            template={caller: _entry(caller)},
        )
        template = spec["target"]["template"]
        # Replaced, not merged: a bare key beside it would be taken too, and belong to nobody.
        template["mergePolicy"] = "Replace"
        template["metadata"] = {"labels": {KEY_LABEL: "true"}}
        made[secret] = spec
    return made


def tenant_reader(place: Place, tenant: str) -> TenantReader:
    """A tenant's own key in its own namespace, and nobody else's.

    Beside it stand the two variables that OpenAI's clients read, so that any program of the tenant's has what it
    needs by `envFrom`.
    """
    name = key_name(tenant)
    spec = read_back(
        name,
        {KEY: Remote(key=remote_key(place, name), property=KEY)},
        template={"OPENAI_API_KEY": f'{{{{ index . "{KEY}" }}}}', "OPENAI_BASE_URL": MODELS_URL},
    )
    return TenantReader(
        tenant=tenant,
        part=TENANT_PART,
        what="gateway key",
        policy="read-gateway-key",
        allows=reads(credential_arn(place, name)),
        store=TENANT_PART,
        store_resource=f"{tenant}-gateway-store",
        secrets={f"{tenant}-gateway-key": spec},
        labels=managed_labels(GATEWAY),
    )


def _credential(caller: str, *consumers: Consumer) -> Credential:
    return Credential(
        name=key_name(caller),
        keys=(Key(name=KEY, length=LENGTH),),
        home=NAMESPACE,
        consumers=consumers,
        assembled_by="gateway",
    )


def _entry(caller: str) -> str:
    """What agentgateway reads: a key with what it stands for (CRD, apiKeyAuthentication.secretSelector)."""
    plain = json.dumps({"key": "@", "metadata": {"tenant": caller}})
    return plain.replace('"@"', "{{ .key | toJson }}")
