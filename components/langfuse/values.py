"""What the charts of Langfuse and of the ClickHouse operator are told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.scheduling import spread
from components.core.aws import Place
from components.langfuse.names import (
    CLICKHOUSE_SERVICE,
    NAMESPACE,
    ORGANISATION,
    PROJECT,
    SERVICE_ACCOUNT,
    WEB_PORT,
)
from components.langfuse.pods import OPERATOR_RESOURCES, WEB_LABELS, WORKER_LABELS
from components.langfuse.secrets import APP, CACHE, CLICKHOUSE, DATABASE, FIRST_START
from components.langfuse.spec import LangfuseSpec

UID = 1001
"""The images' user has a name, and only a number can be proved not to be root."""


def operator_values() -> dict[str, Any]:
    """The operator, for one namespace; its certificate comes from cert-manager."""
    return {
        "watchNamespaces": [NAMESPACE],
        "manager": {
            "image": {
                "repository": images.CLICKHOUSE_OPERATOR.repository,
                # The chart's own version of it may be `latest`.
                "tag": images.CLICKHOUSE_OPERATOR.pinned_tag,
            },
            "resources": OPERATOR_RESOURCES.values(),
        },
        # Deleting a definition deletes every ClickHouse in the cluster.
        "crd": {"enable": True, "keep": True},
        "certManager": {"enable": True, "install": False},
        "metrics": {"enable": True, "secure": False},
    }


_CACHE_FILES = "/cache"
"""Where the certificate of the cache's own authority is, in every pod."""


def values(place: Place, spec: LangfuseSpec, *, bucket: str, cache_authority: bool = False) -> dict[str, Any]:
    """Langfuse on stores of the platform: every bundled store off, every credential by name.

    Addresses are only known to AWS, so database and cache come as whole URLs out of Secrets: with
    DATABASE_URL and REDIS_CONNECTION_STRING given, the chart builds none of its own. With `cache_authority`
    the cache's certificate is of an authority that only its Secret knows.
    """
    return {
        "langfuse": {
            "image": {"pullPolicy": "IfNotPresent"},
            "serviceAccount": {
                "create": True,
                "name": SERVICE_ACCOUNT,
                # Pod Identity mounts a token of its own; Langfuse never calls the Kubernetes API.
                "automountServiceAccountToken": False,
            },
            "salt": _from(APP.name, "salt"),
            "encryptionKey": _from(APP.name, "encryption-key"),
            "nextauth": {"url": _url(spec), "secret": _from(APP.name, "nextauth-secret")},
            "features": {"telemetryEnabled": False, "signUpDisabled": True},
            "logging": {"format": "json"},
            "resources": spec.resources.values(),
            "podSecurityContext": {
                "runAsNonRoot": True,
                "runAsUser": UID,
                "runAsGroup": UID,
                "fsGroup": UID,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            "additionalEnv": [
                _env("DATABASE_URL", DATABASE, "url"),
                _env("REDIS_CONNECTION_STRING", CACHE, "url"),
                *(_cache_tls() if cache_authority else ()),
            ],
            **(_authority() if cache_authority else {}),
            "web": {
                "image": _image(images.LANGFUSE_WEB),
                "replicas": spec.replicas,
                "pod": {"additionalEnv": _first_start(spec), "topologySpreadConstraints": spread(WEB_LABELS)},
            },
            "worker": {
                "image": _image(images.LANGFUSE_WORKER),
                "replicas": spec.worker_replicas,
                "pod": {"topologySpreadConstraints": spread(WORKER_LABELS)},
            },
        },
        "postgresql": {"deploy": False, "auth": {"database": ""}},
        "redis": {"deploy": False},
        "s3": _bucket(place, bucket),
        "clickhouse": {
            # The chart's own could not be told a security context (see `render`).
            "deploy": False,
            "host": CLICKHOUSE_SERVICE,
            "auth": {
                "username": "default",
                "existingSecret": CLICKHOUSE.name,
                "existingSecretKey": "password",
            },
            "cluster": {"enabled": True},
        },
    }


def _authority() -> dict[str, Any]:
    return {
        "extraVolumes": [
            {
                "name": "cache",
                "secret": {"secretName": CACHE, "items": [{"key": "ca.crt", "path": "ca.crt"}]},
            }
        ],
        "extraVolumeMounts": [{"name": "cache", "mountPath": _CACHE_FILES, "readOnly": True}],
    }


def _cache_tls() -> list[dict[str, Any]]:
    """The client then trusts this authority alone; Node's own list is not asked.

    By environment, and both: where the URL is given, the chart passes the path on and not the switch without
    which nobody reads it.
    """
    return [
        {"name": "REDIS_TLS_ENABLED", "value": "true"},
        {"name": "REDIS_TLS_CA_PATH", "value": f"{_CACHE_FILES}/ca.crt"},
    ]


def _bucket(place: Place, bucket: str) -> dict[str, Any]:
    """No keys: without them the SDK asks Pod Identity."""
    return {
        "deploy": False,
        "bucket": bucket,
        "region": place.region,
        "endpoint": f"https://s3.{place.region}.{place.dns_suffix}",
        "forcePathStyle": False,
        "eventUpload": {"prefix": "events/"},
        "batchExport": {"prefix": "exports/"},
        # As a number Helm would print it as 1e+09.
        "mediaUpload": {"prefix": "media/", "maxContentLength": "1000000000"},
    }


def _first_start(spec: LangfuseSpec) -> list[dict[str, Any]]:
    """One organisation, one project with keys, one administrator; read at every start, changed at none."""
    given = {
        "LANGFUSE_INIT_ORG_ID": ORGANISATION,
        "LANGFUSE_INIT_ORG_NAME": ORGANISATION,
        "LANGFUSE_INIT_PROJECT_ID": PROJECT,
        "LANGFUSE_INIT_PROJECT_NAME": PROJECT,
        "LANGFUSE_INIT_USER_EMAIL": spec.admin_email,
        "LANGFUSE_INIT_USER_NAME": "administrator",
    }
    return [
        *({"name": name, "value": value} for name, value in given.items()),
        _env("LANGFUSE_INIT_PROJECT_PUBLIC_KEY", FIRST_START.name, "public-key"),
        _env("LANGFUSE_INIT_PROJECT_SECRET_KEY", FIRST_START.name, "secret-key"),
        _env("LANGFUSE_INIT_USER_PASSWORD", FIRST_START.name, "admin-password"),
    ]


def _url(spec: LangfuseSpec) -> str:
    return f"https://{spec.host}" if spec.host else f"http://localhost:{WEB_PORT}"


def _image(image: Image) -> dict[str, str]:
    return {"repository": image.repository, "tag": image.pinned_tag}


def _from(secret: str, key: str) -> dict[str, Any]:
    return {"secretKeyRef": {"name": secret, "key": key}}


def _env(name: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": _from(secret, key)}
