"""What the relay needs of the rest of a config."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from components.core.faults import Fault
from components.gateway.spec import PLATFORM
from components.prices.catalogue import priced_models
from components.prices.spec import PricesSpec
from components.relay.hook.selection import AUTO, MODELS
from components.relay.names import PROBE
from components.relay.secrets import LONGEST_TENANT
from components.relay.spec import RelaySpec

NEEDED = {
    "gateway": "requests reach it through the gateway only",
    "postgres": "keys, budgets and spend are kept in a database",
    "external_secrets": "its keys come through External Secrets",
}
CACHES = ("valkey", "elasticache", "external_cache")


def relay_faults(
    spec: RelaySpec,
    priced: PricesSpec,
    *,
    parts: Collection[str],
    secrets: Collection[str],
    tenants: Iterable[str],
    spot: bool,
) -> list[Fault]:
    """What is wrong with this relay in a stack with these parts, secrets and tenants; `spot`: its CPU pool has some."""
    if not spec.enabled:
        return []
    known = tuple(tenants)
    return [
        *_stores(parts),
        *_prices(spec, priced),
        *_secrets(spec, secrets),
        *_tenants(spec, known),
        *_selection(spec),
        *_batch(spec, parts, spot=spot),
    ]


def _stores(parts: Collection[str]) -> Iterable[Fault]:
    for part, why in NEEDED.items():
        if part not in parts:
            yield Fault(
                "relay.enabled", f"is true, but {part} is off: {why}", f"switch {part} on, or the relay off"
            )
    if not set(CACHES) & set(parts):
        yield Fault(
            "relay.enabled",
            "is true, but there is no cache: answers and counts are shared through one",
            "set data.cache.mode, or switch the relay off",
        )


def _prices(spec: RelaySpec, priced: PricesSpec) -> Iterable[Fault]:
    known = priced_models(priced)
    for name in sorted(spec.models):
        if name not in known:
            yield Fault(
                f"relay.models.{name}",
                f"has no price, so that no budget would count it; priced are {', '.join(known)}",
                f"add prices.models.{name} with its source",
            )


def _secrets(spec: RelaySpec, secrets: Collection[str]) -> Iterable[Fault]:
    for name, provider in spec.used_providers.items():
        if provider.secret not in secrets:
            yield Fault(
                f"relay.providers.{name}.secret",
                f"{provider.secret} is not declared in secrets; declared: {', '.join(sorted(secrets)) or 'none'}",
                f"add secrets.{provider.secret}.arn, the ARN of the secret whose JSON has the key api_key",
            )


def _tenants(spec: RelaySpec, tenants: tuple[str, ...]) -> Iterable[Fault]:
    for name in sorted(spec.budgets.tenants):
        if name not in (PLATFORM, *tenants):
            yield Fault(
                f"relay.budgets.tenants.{name}",
                "is a budget for a tenant that the stack does not have",
                f"name one of {', '.join(sorted(tenants)) or '(none)'}, or remove it",
            )
    for name in tenants:
        if len(name) > LONGEST_TENANT:
            yield Fault(
                f"tenants.{name}",
                f"has {len(name)} characters; its key at the relay leaves room for {LONGEST_TENANT}",
                "give it a shorter name",
            )
        if name == PROBE:
            yield Fault(f"tenants.{name}", "is what the relay's probe calls as", "rename the tenant")


def _selection(spec: RelaySpec) -> Iterable[Fault]:
    named = {*spec.models, *spec.aliases, *spec.tiers}
    if AUTO in named:
        yield Fault(
            "relay.models", f"{AUTO!r} is how callers leave the choice to the platform", "choose another name"
        )
    for model in MODELS:
        if model not in named or model in spec.names_of_vectors:
            yield Fault(
                "relay.models",
                f"lacks {model}, which the selection rules choose for some requests to {AUTO!r}",
                f"add it, or give another model the alias {model}",
            )


def _batch(spec: RelaySpec, parts: Collection[str], *, spot: bool) -> Iterable[Fault]:
    if spec.batch.enabled and "keda" not in parts:
        yield Fault(
            "relay.batch.enabled",
            "is true, but KEDA is off, which starts and ends its workers",
            "set services.keda.enabled: true, or switch batches off",
        )
    if spec.batch.enabled and not spot:
        yield Fault(
            "relay.batch.enabled",
            "is true, but the CPU pool has no Spot capacity, so that its workers would wait for ever",
            "add spot to compute.cpu_pool.capacity_types, or switch batches off",
        )
