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
        "identity": {"mode": "cognito"},
        "network": {
            "mode": "create",
            "nat_gateways": "single",
            "interface_endpoints": False,
            "flow_logs_retention_days": 7,
        },
        "cluster": {"log_retention_days": 30},
        "compute": {"mode": "auto", "cpu_pool": {"limit_cpu": 32}},
        "kagent": {"replicas": 1},
        "egress_proxy": {"replicas": 1},
        "gateway": {"controller_replicas": 1, "proxy": {"replicas": 1, "max_replicas": 3}},
        "rate_limit": {"enabled": False},
        "data": {
            "milvus": {"mode": "standalone"},
            "cache": {"mode": "off"},
            "postgres": {"enabled": False},
        },
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
        "identity": {"mode": "cognito"},
        "network": {"mode": "create", "nat_gateways": "single", "flow_logs_retention_days": 14},
        "cluster": {"log_retention_days": 30},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 128}},
        "gateway": {"proxy": {"replicas": 2, "max_replicas": 6}},
        "data": {"milvus": {"mode": "standalone"}, "cache": {"mode": "valkey"}},
        "observability": {"otel": {"redact_prompts": False, "log_retention_days": 14}},
        "protection": {"protect": False, "retain_data": False},
    },
    # Twenty agents and more, ten thousand users, own models on one accelerator class.
    "scale": {
        "identity": {"mode": "cognito"},
        "network": {"mode": "create", "nat_gateways": "per_zone", "flow_logs_retention_days": 30},
        "cluster": {"log_retention_days": 90},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 512}},
        "data": {
            "milvus": {"mode": "cluster"},
            "cache": {"mode": "elasticache", "node_type": "cache.m7g.large", "replicas": 1},
            "postgres": {
                "instance_class": "db.m7g.large",
                "multi_az": True,
                "storage_gib": 50,
                "max_storage_gib": 500,
                "backup_retention_days": 14,
            },
        },
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
        "identity": {"mode": "cognito"},
        "network": {"mode": "create", "nat_gateways": "per_zone", "flow_logs_retention_days": 90},
        "cluster": {"log_retention_days": 365},
        "compute": {"mode": "karpenter", "cpu_pool": {"limit_cpu": 2048}},
        "gateway": {"proxy": {"replicas": 3, "max_replicas": 24}},
        "rate_limit": {"replicas": 3},
        "data": {
            "milvus": {"mode": "cluster"},
            "cache": {
                "mode": "elasticache",
                "node_type": "cache.m7g.xlarge",
                "replicas": 2,
                "snapshot_retention_days": 30,
            },
            "postgres": {
                "instance_class": "db.m7g.xlarge",
                "multi_az": True,
                "storage_gib": 100,
                "max_storage_gib": 1000,
                "backup_retention_days": 35,
            },
        },
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

MAPS_OF_NAMED_THINGS = frozenset(
    {"agents", "gpu_pools", "models", "namespaces", "secrets", "tenants", "tools", "workflows"}
)
"""Sections whose keys are the user's own names: written once, they replace the profile's as a whole."""

ALL_ABOUT_ITS_MODE = frozenset({"cache", "identity", "milvus", "network"})
"""Sections whose other keys mean nothing under another mode. Not `compute`: its pools are for both."""


def with_profile(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` over its profile's table; what is written always wins.

    The model refuses an unknown profile by name; a table stands in for it, so that what it would have brought
    is not reported as missing. A section of another mode takes no values of the profile's: a network that
    exists none of a network that is made, Valkey none of ElastiCache.
    """
    profile = raw.get("profile")
    table = next((values for name, values in PROFILES.items() if name == profile), PROFILES[STAND_IN])
    return _with_own_milvuses(_merged(table, raw, whole=MAPS_OF_NAMED_THINGS))


def _with_own_milvuses(stack: dict[str, Any]) -> dict[str, Any]:
    """A tenant's own Milvus says what differs from `data.milvus`, as a stack says what differs from a profile."""
    data, vectors = stack.get("data"), stack.get("vectors")
    own = _mapping(_mapping(vectors).get("dedicated"))
    shared = {key: value for key, value in _mapping(_mapping(data).get("milvus")).items() if key != "enabled"}
    if not own:
        return stack
    filled = {
        tenant: _merged({"milvus": shared}, {"milvus": said})["milvus"] if isinstance(said, Mapping) else said
        for tenant, said in own.items()
    }
    return {**stack, "vectors": {**_mapping(vectors), "dedicated": filled}}


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _merged(
    under: Mapping[str, Any], over: Mapping[str, Any], *, whole: frozenset[str] = frozenset()
) -> dict[str, Any]:
    result: dict[str, Any] = deepcopy(dict(under))
    for key, value in over.items():
        below = result.get(key)
        if key not in whole and isinstance(below, Mapping) and isinstance(value, Mapping):
            under_it, over_it = cast("Mapping[str, Any]", below), cast("Mapping[str, Any]", value)
            switched = key in ALL_ABOUT_ITS_MODE and _of_another_mode(under_it, over_it)
            result[key] = dict(over_it) if switched else _merged(under_it, over_it)
        else:
            result[key] = value
    return result


def _of_another_mode(under: Mapping[str, Any], over: Mapping[str, Any]) -> bool:
    return "mode" in under and "mode" in over and under["mode"] != over["mode"]
