"""How scalers log in to the platform's cache: once, for every namespace, without a Secret in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

AUTHENTICATION = "cache"
"""The ClusterTriggerAuthentication that a trigger of type `redis` names."""

SECRET = "keda-cache"  # noqa: S105 - the name of a Secret
"""What KEDA reads as a user of the cache: in its own namespace, since it may read no other's Secrets."""

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {"host": "host", "port": "port", "username": "username", "password": "password", "ca": "ca.crt"}
)
"""What the trigger needs to connect -> the key of the Secret: so a scaled object holds no address.

`ca` is missing where a public authority signed; KEDA takes that for none. That it is TLS the trigger has to
say itself (`enableTLS: "true"`)."""


def cache_authentication() -> dict[str, Any]:
    """The spec of the ClusterTriggerAuthentication.

    Any namespace may use it, and so learn how long a queue of somebody else's is, but not what is in it.
    """
    return {
        "secretTargetRef": [
            {"parameter": parameter, "name": SECRET, "key": key} for parameter, key in PARAMETERS.items()
        ],
    }
