"""The relay as objects: servers that share what they know in the cache, and the jobs around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from components.charts import images
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.relay.config import (
    CACHE_FILES,
    CONFIG_FILE,
    MODULES,
    PACKAGE,
    SETTINGS_FILE,
    CacheAddress,
    environment,
)
from components.relay.names import (
    CACHE_SECRET,
    DATABASE_SECRET,
    GATEWAY_SECRET,
    GATEWAY_SECRET_KEY,
    LABELS,
    NAME,
    NAMESPACE,
    OWN_SECRET,
    PORT,
    PROVIDERS_SECRET,
    TENANT_KEYS_SECRET,
)
from components.relay.spec import RelaySpec

UID = 65534
"""`nobody`, whose files the image's are (its Dockerfile.non_root)."""

URL = f"http://{NAME}.{NAMESPACE}.svc.cluster.local:{PORT}"
DIRECTORY, KEYS = "/etc/relay", "/keys"
SCRIPTS = "relay-scripts"
CHECKSUM = "agentic.dev/config"
DRAIN_SECONDS = 60

Spec = dict[str, Any]


def deployment(spec: RelaySpec, files: Mapping[str, str], cache: CacheAddress) -> Spec:
    """The spec of the Deployment; another configuration rolls it, another tenant does not."""
    text = json.dumps(files, sort_keys=True)
    mounts = [
        {"name": "config", "mountPath": DIRECTORY, "readOnly": True},
        {"name": "keys", "mountPath": KEYS, "readOnly": True},
        {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108 - in the container
    ]
    items = [{"key": name, "path": f"{PACKAGE}/{name}"} for name in MODULES]
    items += [{"key": name, "path": name} for name in (CONFIG_FILE, SETTINGS_FILE)]
    volumes: list[Spec] = [
        {"name": "config", "configMap": {"name": NAME, "items": items}},
        {"name": "keys", "secret": {"secretName": TENANT_KEYS_SECRET, "defaultMode": 0o440}},
        {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}},
    ]
    if cache.authority and not cache.by_url:
        mounts.append({"name": "cache", "mountPath": CACHE_FILES, "readOnly": True})
        volumes.append(authority_volume())
    return {
        "replicas": spec.replicas,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {
                "labels": dict(LABELS),
                "annotations": {CHECKSUM: hashlib.sha256(text.encode()).hexdigest()[:16]},
            },
            "spec": {
                "serviceAccountName": NAME,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(LABELS),
                "terminationGracePeriodSeconds": DRAIN_SECONDS + 30,
                "containers": [
                    {
                        "name": NAME,
                        "image": images.LITELLM.reference,
                        "command": _command(),
                        "env": [
                            {"name": "PYTHONPATH", "value": DIRECTORY},
                            {"name": "CONFIG_FILE_PATH", "value": f"{DIRECTORY}/{CONFIG_FILE}"},
                            {"name": "RELAY_SETTINGS", "value": f"{DIRECTORY}/{SETTINGS_FILE}"},
                            {"name": "RELAY_KEYS", "value": KEYS},
                            *({"name": name, "value": value} for name, value in environment(spec).items()),
                            *_secrets(cache),
                        ],
                        "envFrom": [{"secretRef": {"name": PROVIDERS_SECRET}}],
                        "ports": [{"name": "http", "containerPort": PORT}],
                        # Two cores of it read a configuration for a minute; a database that is away, for longer.
                        "startupProbe": {**_probe("readiness"), "periodSeconds": 5, "failureThreshold": 60},
                        "readinessProbe": {**_probe("readiness"), "periodSeconds": 10, "timeoutSeconds": 5},
                        "livenessProbe": {
                            **_probe("liveliness"),
                            "periodSeconds": 20,
                            "timeoutSeconds": 5,
                            "failureThreshold": 5,
                        },
                        # Endpoints learn late: what still arrives is served.
                        "lifecycle": {"preStop": {"sleep": {"seconds": 10}}},
                        "resources": spec.resources.values(),
                        # Prisma's client writes beside itself; upstream supports no read-only root without it.
                        "securityContext": {**container_context(), "readOnlyRootFilesystem": False},
                        "volumeMounts": mounts,
                    }
                ],
                "volumes": volumes,
            },
        },
    }


def _command() -> list[str]:
    return [
        "python",
        "-m",
        "uvicorn",
        f"{PACKAGE}.server:app",
        "--host",
        "0.0.0.0",  # noqa: S104 - policies say who reaches it
        "--port",
        str(PORT),
        "--no-access-log",
        "--timeout-keep-alive",
        "75",
        "--timeout-graceful-shutdown",
        str(DRAIN_SECONDS),
    ]


def authority_volume() -> Spec:
    """The volume of the certificate that the cache's own was signed with."""
    certificate = [{"key": "ca.crt", "path": "ca.crt"}]
    return {"name": "cache", "secret": {"secretName": CACHE_SECRET, "items": certificate}}


def cache_secrets(cache: CacheAddress) -> list[Spec]:
    """The environment by which a pod finds the cache."""
    where = ("url",) if cache.by_url else ("host", "port", "username", "password")
    authority = cache.authority and not cache.by_url
    return [
        *(from_secret(f"REDIS_{key.upper()}", CACHE_SECRET, key) for key in where),
        *([{"name": "RELAY_CACHE_AUTHORITY", "value": f"{CACHE_FILES}/ca.crt"}] if authority else []),
    ]


def _secrets(cache: CacheAddress) -> list[Spec]:
    return [
        from_secret("DATABASE_URL", DATABASE_SECRET, "url"),
        from_secret("LITELLM_MASTER_KEY", OWN_SECRET, "master-key"),
        from_secret("LITELLM_SALT_KEY", OWN_SECRET, "salt-key"),
        from_secret("RELAY_GATEWAY_KEY", GATEWAY_SECRET, GATEWAY_SECRET_KEY),
        *cache_secrets(cache),
    ]


def from_secret(variable: str, secret: str, key: str) -> Spec:
    """One variable out of a Secret, as a manifest has it."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _probe(what: str) -> Spec:
    return {"httpGet": {"path": f"/health/{what}", "port": "http"}}
