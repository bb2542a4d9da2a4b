"""The keys by which pods of the cluster call: generated, kept in Secrets Manager, never in the program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from components.core.aws import Place
from components.gateway.names import KEY_LABEL, NAMESPACE
from components.gateway.spec import PLATFORM
from components.secrets.spec import Consumer, Credential, Key, Remote, read_back, remote_key

AGENTS_NAMESPACE = "ai-agents"
KEY = "api-key"
LENGTH = 48


def key_name(caller: str) -> str:
    """The credential of one caller; tenants' names are short enough for it."""
    return f"gateway-key-{caller}"


def credentials(tenants: Iterable[str]) -> tuple[Credential, ...]:
    """A key for the platform's own agents and one for each tenant.

    A tenant's own copy is read by its own role from its own namespace, as its other secrets are.
    """
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
