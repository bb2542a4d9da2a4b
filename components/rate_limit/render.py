"""The rate-limit service as objects: its limits by tier, and pods that keep no number of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from components.charts import images
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.gateway.spec import TierSpec
from components.rate_limit.spec import (
    CACHE_SECRET,
    COUNTED_ENTRY,
    DOMAIN,
    GRPC_PORT,
    LABELS,
    SERVICE,
    TENANT_ENTRY,
    TIER_ENTRY,
    Counted,
    RateLimitSpec,
)

HTTP_PORT, METRICS_PORT = 8080, 9090
CONFIG_FILE = "limits.yaml"
CHECKSUM = "agentic.dev/limits"
KEY_PREFIX = "ratelimit:"
"""Of every key in the cache: the service's user there may touch no other."""

_RUNTIME, _SUBDIRECTORY, _CACHE_FILES = "/data", "ratelimit", "/cache"
_UNIT = {
    Counted.REQUESTS: "minute",
    Counted.TOKENS_PER_MINUTE: "minute",
    Counted.TOKENS_PER_DAY: "day",
}

Spec = dict[str, Any]


def limits(tiers: Mapping[str, TierSpec]) -> str:
    """The service's configuration: a tree with a branch for each tier, and in it a count for each tenant.

    The innermost entry has no value: every tenant has a count of its own there, one that comes tomorrow too.
    """
    return yaml.safe_dump(
        {
            "domain": DOMAIN,
            "descriptors": [
                {
                    "key": TIER_ENTRY,
                    "value": tier,
                    "descriptors": [
                        _counted(Counted.REQUESTS, spec.tenant.requests_per_minute),
                        _counted(Counted.TOKENS_PER_MINUTE, spec.tenant.tokens_per_minute),
                        _counted(Counted.TOKENS_PER_DAY, spec.tenant.tokens_per_day),
                    ],
                }
                for tier, spec in tiers.items()
            ],
        },
        sort_keys=False,
    )


def deployment(spec: RateLimitSpec, configuration: str, *, cache_authority: bool) -> Spec:
    """The spec of the Deployment, whose pods pass `restricted`; new limits roll it."""
    mounts = [{"name": "limits", "mountPath": f"{_RUNTIME}/{_SUBDIRECTORY}/config", "readOnly": True}]
    volumes: list[Spec] = [{"name": "limits", "configMap": {"name": SERVICE}}]
    if cache_authority:
        mounts.append({"name": "cache", "mountPath": _CACHE_FILES, "readOnly": True})
        items = [{"key": "ca.crt", "path": "ca.crt"}]
        volumes.append({"name": "cache", "secret": {"secretName": CACHE_SECRET, "items": items}})
    return {
        "replicas": spec.replicas,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {
                "labels": dict(LABELS),
                "annotations": {CHECKSUM: hashlib.sha256(configuration.encode()).hexdigest()[:16]},
            },
            "spec": {
                "serviceAccountName": SERVICE,
                "automountServiceAccountToken": False,
                "securityContext": pod_context(),
                "topologySpreadConstraints": spread(LABELS),
                "containers": [
                    {
                        "name": SERVICE,
                        "image": images.RATE_LIMIT.reference,
                        "command": ["/bin/ratelimit"],
                        "env": _environment(cache_authority=cache_authority),
                        "ports": [
                            {"name": "http", "containerPort": HTTP_PORT},
                            {"name": "grpc", "containerPort": GRPC_PORT},
                            {"name": "metrics", "containerPort": METRICS_PORT},
                        ],
                        "readinessProbe": _probe(period=5),
                        "livenessProbe": {**_probe(period=20), "initialDelaySeconds": 30},
                        "resources": spec.resources.values(),
                        "securityContext": container_context(),
                        "volumeMounts": mounts,
                    }
                ],
                "volumes": volumes,
            },
        },
    }


def _counted(counted: Counted, amount: int) -> Spec:
    limit = {"unit": _UNIT[counted], "requests_per_unit": amount}
    return {
        "key": COUNTED_ENTRY,
        "value": counted.value,
        "descriptors": [{"key": TENANT_ENTRY, "rate_limit": limit}],
    }


def _environment(*, cache_authority: bool) -> list[Spec]:
    """Settings by name (envoyproxy/ratelimit, src/settings/settings.go)."""
    plain = {
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "json",
        # Its profiles and its configuration are for whoever is in the pod.
        "DEBUG_HOST": "127.0.0.1",
        "USE_STATSD": "false",
        "USE_PROMETHEUS": "true",
        "PROMETHEUS_ADDR": f":{METRICS_PORT}",
        "RUNTIME_ROOT": _RUNTIME,
        "RUNTIME_SUBDIRECTORY": _SUBDIRECTORY,
        # The mounted directory is watched itself; its parent never changes.
        "RUNTIME_WATCH_ROOT": "false",
        "RUNTIME_IGNOREDOTFILES": "true",
        "BACKEND_TYPE": "redis",
        "CACHE_KEY_PREFIX": KEY_PREFIX,
        "LIMIT_RESPONSE_HEADERS_ENABLED": "true",
        "REDIS_SOCKET_TYPE": "tcp",
        "REDIS_TLS": "true",
        "REDIS_HEALTH_CHECK_ACTIVE_CONNECTION": "true",
        # Put together by the kubelet from what stands above it in the list.
        "REDIS_URL": "$(CACHE_HOST):$(CACHE_PORT)",
        "REDIS_AUTH": "$(CACHE_USERNAME):$(CACHE_PASSWORD)",
        **({"REDIS_TLS_CACERT": f"{_CACHE_FILES}/ca.crt"} if cache_authority else {}),
    }
    return [
        *(
            {
                "name": f"CACHE_{key.upper()}",
                "valueFrom": {"secretKeyRef": {"name": CACHE_SECRET, "key": key}},
            }
            for key in ("host", "port", "username", "password")
        ),
        *({"name": name, "value": value} for name, value in plain.items()),
    ]


def _probe(*, period: int) -> Spec:
    return {"httpGet": {"path": "/healthcheck", "port": "http"}, "periodSeconds": period}
