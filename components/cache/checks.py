"""What the cache needs of the rest of a config, and the rest of it."""

from __future__ import annotations

from collections.abc import Collection

from components.cache.spec import USERS, CacheSpec, ExternalCacheSpec, NoCacheSpec
from components.core.faults import Fault
from components.valkey.spec import ValkeySpec

PATH = "data.cache"


def cache_faults(spec: CacheSpec, *, parts: Collection[str], secrets: Collection[str]) -> list[Fault]:
    """What is wrong with this cache in a stack with these parts, which declares these secrets."""
    found: list[Fault] = []
    wanted = sorted({user.needs for user in USERS if not user.optional} & set(parts))
    if isinstance(spec, NoCacheSpec):
        if wanted:
            found.append(
                Fault(
                    f"{PATH}.mode",
                    f"is off, and {', '.join(wanted)} cannot do without a cache",
                    "choose valkey, elasticache or external, or switch off who needs it",
                )
            )
        return found
    if "external_secrets" not in parts:
        found.append(
            Fault(
                PATH,
                "its passwords come through External Secrets, which is off",
                "set services.external_secrets.enabled: true, or data.cache.mode: off",
            )
        )
    if isinstance(spec, ValkeySpec) and "cert_manager" not in parts:
        found.append(
            Fault(
                PATH,
                "Valkey speaks TLS with a certificate of cert-manager, which is off",
                "set services.cert_manager.enabled: true, or data.cache.mode: elasticache",
            )
        )
    if isinstance(spec, ExternalCacheSpec) and spec.secret not in secrets:
        declared = ", ".join(sorted(secrets)) or "none"
        found.append(
            Fault(
                f"{PATH}.secret",
                f"{spec.secret} is not declared in secrets; declared: {declared}",
                f"add secrets.{spec.secret}.arn, the ARN of the secret whose JSON has the key url",
            )
        )
    return found
