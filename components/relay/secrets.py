"""The relay's keys: generated and kept in Secrets Manager, or supplied; none of them passes through the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from components.core.aws import Place
from components.gateway.spec import PLATFORM
from components.relay.config import provider_variable
from components.relay.names import (
    GATEWAY_SECRET,
    GATEWAY_SECRET_KEY,
    NAMESPACE,
    OWN_SECRET,
    PART,
    PROBE,
    PROVIDERS_SECRET,
    TENANT_KEYS_SECRET,
)
from components.relay.spec import RelaySpec
from components.secrets.spec import (
    NAME_LIMIT,
    Consumer,
    Credential,
    Key,
    Remote,
    read_back,
    remote_key,
)

API_KEY = "api_key"
"""The property of a supplied secret that holds a provider's key."""

_KEY = "key"


def tenant_credential(tenant: str) -> str:
    """What a tenant's virtual key is called in Secrets Manager, after the platform's prefix."""
    return f"relay-key-{tenant}"


LONGEST_TENANT = NAME_LIMIT - len(tenant_credential(""))
"""So that the credential of its key has a name that fits."""


def callers(spec: RelaySpec, tenants: Iterable[str]) -> tuple[str, ...]:
    """Everybody with a virtual key: whoever the gateway may name, which is tenants and the platform, and the probe."""
    return (PLATFORM, *sorted(tenants), *((PROBE,) if spec.probe.enabled else ()))


def credentials(spec: RelaySpec, tenants: Iterable[str]) -> tuple[Credential, ...]:
    """The relay's own keys, the gateway's, and one for each tenant."""
    return (
        Credential(
            name=OWN_SECRET,
            # The salt encrypts what LiteLLM stores: changed, it could read nothing of that.
            keys=(Key(name="master", length=48), Key(name="salt", length=48)),
            home=NAMESPACE,
            assembled_by=PART,
        ),
        Credential(
            name=GATEWAY_SECRET,
            keys=(Key(name=GATEWAY_SECRET_KEY, length=48),),
            home=NAMESPACE,
            consumers=(Consumer(namespace=NAMESPACE),),
        ),
        *(
            Credential(
                name=tenant_credential(tenant),
                keys=(Key(name=_KEY, length=48),),
                home=NAMESPACE,
                assembled_by=PART,
            )
            for tenant in callers(spec, tenants)
        ),
    )


def readers(
    place: Place, spec: RelaySpec, tenants: Iterable[str], supplied: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Secret -> spec of the ExternalSecret by which pods of the relay read it; `supplied` are ARNs by name."""
    own = remote_key(place, OWN_SECRET)
    return {
        OWN_SECRET: read_back(
            OWN_SECRET,
            {"master": Remote(key=own, property="master"), "salt": Remote(key=own, property="salt")},
            # LiteLLM's keys begin so, the master's among them.
            template={"master-key": "sk-{{ .master }}", "salt-key": "sk-{{ .salt }}"},
        ),
        TENANT_KEYS_SECRET: read_back(
            TENANT_KEYS_SECRET,
            {
                tenant: Remote(key=remote_key(place, tenant_credential(tenant)), property=_KEY)
                for tenant in callers(spec, tenants)
            },
        ),
        PROVIDERS_SECRET: read_back(
            PROVIDERS_SECRET,
            {
                provider_variable(name): Remote(key=supplied[provider.secret], property=API_KEY)
                for name, provider in spec.used_providers.items()
            },
        ),
    }
