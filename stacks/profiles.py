"""Sizes as tables: what a stack gets that does not say otherwise; nothing branches on a profile."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Literal, cast

Profile = Literal["mvp", "startup", "scale", "enterprise"]

_SMALL_SERVICES: dict[str, Any] = {
    "cert_manager": {"replicas": 1, "webhook_replicas": 1},
    "external_secrets": {"replicas": 1, "webhook_replicas": 1},
    "keda": {"replicas": 1},
    "metrics_server": {"replicas": 1},
}

PROFILES: Mapping[Profile, Mapping[str, Any]] = {
    # One to five agents on models of external providers: AWS runs the nodes, there is no GPU.
    "mvp": {
        "network": {
            "mode": "create",
            "nat_gateways": "single",
            "interface_endpoints": False,
            "flow_logs_retention_days": 7,
        },
        "cluster": {"log_retention_days": 30},
        "compute": {"mode": "auto", "cpu_pool": {"limit_cpu": 32}},
        "data": {"milvus": {"mode": "standalone"}},
        "observability": {
            "prometheus": {"retention_days": 7, "storage_gib": 20},
            # Traces go to X-Ray alone: Langfuse brings a database, a cache and ClickHouse along.
            "langfuse": {"enabled": False},
            "otel": {"redact_prompts": False, "log_retention_days": 7},
        },
        "services": _SMALL_SERVICES,
        "protection": {"protect": False, "retain_data": False},
    },
    # Up to twenty agents, a thousand users.
    "startup": {
        "network": {"mode": "create", "nat_gateways": "single", "flow_logs_retention_days": 14},
        "cluster": {"log_retention_days": 30},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 128}},
        "data": {"milvus": {"mode": "standalone"}},
        "observability": {"otel": {"redact_prompts": False, "log_retention_days": 14}},
        "protection": {"protect": False, "retain_data": False},
    },
    # Twenty agents and more, ten thousand users, own models on one accelerator class.
    "scale": {
        "network": {"mode": "create", "nat_gateways": "per_zone", "flow_logs_retention_days": 30},
        "cluster": {"log_retention_days": 90},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 512}},
        "data": {"milvus": {"mode": "cluster"}},
        "observability": {
            "prometheus": {"replicas": 2, "retention_days": 30, "storage_gib": 100},
            "langfuse": {
                "replicas": 2,
                "worker_replicas": 2,
                "clickhouse": {"replicas": 2, "keeper_replicas": 3, "storage_gib": 100},
            },
            "otel": {"replicas": 2, "log_retention_days": 30},
        },
        "gpu_pools": {"l4": {"instance_types": ["g6.12xlarge", "g6.48xlarge"], "limit_gpus": 16}},
        "protection": {"protect": False, "retain_data": True},
    },
    # A hundred agents and more; losing a zone or a colleague's `destroy` must not lose data.
    "enterprise": {
        "network": {"mode": "create", "nat_gateways": "per_zone", "flow_logs_retention_days": 90},
        "cluster": {"log_retention_days": 365},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 2048}},
        "data": {"milvus": {"mode": "cluster"}},
        "observability": {
            "prometheus": {
                "replicas": 2,
                "retention_days": 60,
                "storage_gib": 500,
                "resources": {"cpu": "2", "memory": "8Gi", "cpu_limit": "4", "memory_limit": "16Gi"},
                "alertmanager_replicas": 3,
            },
            "langfuse": {
                "replicas": 3,
                "worker_replicas": 4,
                "clickhouse": {
                    "replicas": 3,
                    "keeper_replicas": 3,
                    "storage_gib": 500,
                    "resources": {"cpu": "2", "memory": "8Gi", "cpu_limit": "4", "memory_limit": "8Gi"},
                },
            },
            "otel": {"replicas": 3, "log_retention_days": 90},
        },
        "services": {"backup": {"every_hours": 6, "retention_days": 90}},
        "protection": {"protect": True, "retain_data": True},
    },
}

STAND_IN: Profile = "startup"
"""The table under a config whose profile is missing or misspelt, for as long as its faults are looked for."""

MAPS_OF_NAMED_THINGS = frozenset({"gpu_pools", "namespaces", "secrets", "tenants"})
"""Sections whose keys are the user's own names: written once, they replace the profile's as a whole."""


def with_profile(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` over its profile's table; what is written always wins.

    The model refuses an unknown profile by name; a table stands in for it, so that what it would have brought
    is not reported as missing. A network that exists takes no values of a network that is made.
    """
    profile = raw.get("profile")
    table = next((values for name, values in PROFILES.items() if name == profile), PROFILES[STAND_IN])
    written_network = raw.get("network")
    brought_along = (
        isinstance(written_network, Mapping)
        and cast("Mapping[str, Any]", written_network).get("mode", "create") != "create"
    )
    defaults = {key: value for key, value in table.items() if not (key == "network" and brought_along)}
    return _merged(defaults, raw, whole=MAPS_OF_NAMED_THINGS)


def _merged(
    under: Mapping[str, Any], over: Mapping[str, Any], *, whole: frozenset[str] = frozenset()
) -> dict[str, Any]:
    result: dict[str, Any] = deepcopy(dict(under))
    for key, value in over.items():
        below = result.get(key)
        if key not in whole and isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = _merged(cast("Mapping[str, Any]", below), cast("Mapping[str, Any]", value))
        else:
            result[key] = value
    return result
