"""LiteLLM's configuration and the hook's settings, as data: every name in them is a model, a tier or an alias."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from components.prices.catalogue import Price, prices
from components.prices.spec import PricesSpec
from components.relay.metrics import exported
from components.relay.spec import RelaySpec

HOOK = Path(__file__).parent / "hook"
MODULES = (
    *("__init__.py", "selection.py", "rules.py", "batch.py", "quiet.py", "door.py", "server.py"),
    "handler.py",
)
"""The package that is mounted; `probe` and the set-up job's script are of other pods."""

CONFIG_FILE, SETTINGS_FILE = "config.yaml", "settings.json"
PACKAGE = "relay_hook"
PROVIDER_KEY = "PROVIDER_KEY_"
CACHE_FILES = "/cache"
"""Where the certificate of the cache's authority is mounted."""
_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class CacheAddress:
    """How pods find the cache; the values are in their Secret."""

    by_url: bool = False
    """One URL, as of a cache of somebody else; else host, port, user and password apart."""
    authority: bool = False
    """Whether its certificate is of an authority that only its Secret knows."""


def provider_variable(name: str) -> str:
    """The environment variable that holds a provider's key."""
    return PROVIDER_KEY + name.upper().replace("-", "_")


def config(spec: RelaySpec, priced: PricesSpec, cache: CacheAddress) -> dict[str, Any]:
    """What LiteLLM reads at its start."""
    common = {price.model: price for price in prices(priced) if not price.tenant}
    return {
        "model_list": [
            _deployment(name, target, spec, common[target]) for name, target in _names(spec).items()
        ],
        "router_settings": {
            # One deployment for each name: what is left to choose is the order of a tier, and that is said.
            "routing_strategy": "simple-shuffle",
            "fallbacks": [{tier: members[1:]} for tier, members in spec.tiers.items() if members[1:]],
            "num_retries": 1,
            # A name has one deployment: resting it would answer 429 in place of what the provider said, and for all.
            "disable_cooldowns": True,
        },
        "litellm_settings": {
            "callbacks": ["prometheus", f"{PACKAGE}.handler.handler"],
            # True would answer 200 and `null` where a provider says 422 (its OpenAI client asks again and gives up).
            "drop_params": False,
            "prometheus_metrics_config": exported(),
            # A stack trace or a provider's body may hold what nobody else should read.
            "turn_off_message_logging": True,
            "suppress_debug_info": True,
            # For Anthropic and Gemini it fetches images that a request names by address. Public addresses only: the
            # package's own default, said here because the caches and databases of all tenants are near.
            "user_url_validation": True,
            "telemetry": False,
            "cache": True,
            # Without it the key has what OpenAI knows, and `top_k` of others is no part of it.
            "enable_caching_on_provider_specific_optional_params": True,
            "cache_params": {
                "type": "redis",
                "mode": "default_off",
                "namespace": "ai",
                "ttl": spec.cache.ttl_seconds,
                "supported_call_types": ["acompletion", "aembedding"],
                **_cache(cache),
            },
            # Scraped within the cluster, where a policy lets in Prometheus only.
            "require_auth_for_metrics_endpoint": False,
            "request_timeout": max(
                provider.connection.timeout_seconds for provider in spec.used_providers.values()
            ),
        },
        "general_settings": {
            "master_key": "os.environ/LITELLM_MASTER_KEY",
            "database_url": "os.environ/DATABASE_URL",
            "store_model_in_db": False,
            "disable_adding_master_key_hash_to_db": True,
            # Without it an answer that streams says nothing about tokens, and costs nothing.
            "always_include_stream_usage": True,
            # Prompts and answers are kept by Langfuse, if anywhere; here only what they cost.
            "store_prompts_in_spend_logs": False,
            "maximum_spend_logs_retention_period": "30d",
            "allow_requests_on_db_unavailable": False,
        },
    }


def settings(spec: RelaySpec, priced: PricesSpec) -> dict[str, Any]:
    """What the hook reads."""
    return {
        "cache_enabled": spec.cache.enabled,
        "cache_ttl_seconds": spec.cache.ttl_seconds,
        "notice_percent": spec.budgets.notice_percent,
        "degrade_percent": spec.budgets.degrade_percent,
        "degrade_to": spec.budgets.degrade_to,
        "cheap": list(cheap(spec, priced)),
        "names": list(_names(spec)),
        "pre_rules": [rule.model_dump(mode="json") for rule in spec.pre_rules],
    }


def cheap(spec: RelaySpec, priced: PricesSpec) -> tuple[str, ...]:
    """Every name that can cost no more than the dearest model of the tier that budgets fall back to.

    So can those of vectors, whatever they cost: no model of a tier could answer in their place.
    """
    common = {price.model: price for price in prices(priced) if not price.tenant}
    ends = {name: (target,) for name, target in _names(spec).items()} | {
        tier: tuple(members) for tier, members in spec.tiers.items()
    }
    most = [_dearest(common, ends[spec.budgets.degrade_to], side) for side in (0, 1)]
    return tuple(
        sorted(
            name
            for name, members in ends.items()
            if name in spec.names_of_vectors
            or all(_dearest(common, members, side) <= most[side] for side in (0, 1))
        )
    )


def files(spec: RelaySpec, priced: PricesSpec, cache: CacheAddress) -> dict[str, str]:
    """The ConfigMap: configuration, settings, and the package by module."""
    return {
        CONFIG_FILE: yaml.safe_dump(config(spec, priced, cache), sort_keys=False),
        SETTINGS_FILE: json.dumps(settings(spec, priced), sort_keys=True),
        **{name: (HOOK / name).read_text() for name in MODULES},
    }


def environment(spec: RelaySpec) -> dict[str, str]:
    """Settings of LiteLLM's that are no part of its configuration file; all plain text."""
    used = [provider.connection for provider in spec.used_providers.values()]
    return {
        # Its list of prices is fetched from GitHub otherwise, which is not among the hosts; and ours are said.
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "INFO",
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_NON_ROOT": "true",
        "NO_DOCS": "True",
        "NO_REDOC": "True",
        "DISABLE_ADMIN_UI": "True",
        **({"RELAY_LONGEST_QUEUE": str(spec.batch.longest_queue)} if spec.batch.enabled else {}),
        "AIOHTTP_CONNECTOR_LIMIT_PER_HOST": str(max(one.max_connections for one in used)),
        "AIOHTTP_KEEPALIVE_TIMEOUT": str(min(one.keep_alive_seconds for one in used)),
    }


def _cache(cache: CacheAddress) -> dict[str, Any]:
    # Said here and not left to the environment: which of its variables LiteLLM finds depends on the version of its
    # Redis client, whose signature it inspects.
    if cache.by_url:
        return {"url": "os.environ/REDIS_URL"}
    plain = {name: f"os.environ/REDIS_{name.upper()}" for name in ("host", "port", "username", "password")}
    authority = {"ssl_ca_certs": f"{CACHE_FILES}/ca.crt"} if cache.authority else {}
    # Present means yes, whatever its value.
    return {**plain, "ssl": True, **authority}


def _names(spec: RelaySpec) -> dict[str, str]:
    """Every name that a client may ask for -> the model that answers first."""
    return {
        **{name: name for name in spec.models},
        **spec.aliases,
        **{tier: members[0] for tier, members in spec.tiers.items()},
    }


def _deployment(name: str, target: str, spec: RelaySpec, price: Price) -> dict[str, Any]:
    model = spec.models[target]
    provider = spec.providers[model.provider]
    return {
        "model_name": name,
        "litellm_params": {
            "model": f"{provider.kind}/{model.upstream or target}",
            **({"api_base": provider.base_url} if provider.base_url else {}),
            "api_key": f"os.environ/{provider_variable(model.provider)}",
            "timeout": provider.connection.timeout_seconds,
            "stream_timeout": provider.connection.stream_timeout_seconds,
            "max_parallel_requests": provider.connection.max_connections,
            # Dollars for one token, as LiteLLM counts.
            "input_cost_per_token": float(price.usd_per_mtok("input") / _MILLION),
            "output_cost_per_token": float(price.usd_per_mtok("output") / _MILLION),
        },
    }


def _dearest(common: Mapping[str, Price], members: tuple[str, ...], side: int) -> Decimal:
    return max(common[model].usd_per_mtok("input" if side == 0 else "output") for model in members)
