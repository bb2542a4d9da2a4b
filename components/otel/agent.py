"""The agents' configuration: logs and load of their node, and the telemetry of its pods."""

from __future__ import annotations

from typing import Any

from components.otel.attribution import (
    BY_CONNECTION,
    BY_FILE,
    DROP_CLAIMS,
    by_connection,
    by_file,
    drop_claims,
)
from components.otel.base import EXTENSIONS, MEMORY_LIMITER, telemetry
from components.otel.names import (
    AGENT_NAMESPACE,
    AGENTS_PORT,
    GATEWAY,
    GATEWAY_NAMESPACE,
    GRPC_PORT,
    HTTP_PORT,
    PLATFORM_TENANT,
    TENANT_ATTRIBUTE,
)
from components.otel.spec import OtelSpec

CHECKPOINTS = "/var/lib/otelcol"
HOST_ROOT = "/hostfs"
EXPORTER = "otlp_grpc/gateway"
NODE = "resource/node"


def agent(spec: OtelSpec, *, metrics: bool) -> dict[str, Any]:
    """A configuration that forgets nothing over a restart and believes no client.

    Without `metrics` it takes none: the gateway would have nowhere to send them.
    """
    host = metrics and spec.host_metrics
    extensions = {**EXTENSIONS, "file_storage": {"directory": CHECKPOINTS}}
    clients = ["memory_limiter", DROP_CLAIMS, BY_CONNECTION, "batch"]
    return {
        "extensions": extensions,
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": {"endpoint": f"${{env:MY_POD_IP}}:{GRPC_PORT}"},
                    "http": {"endpoint": f"${{env:MY_POD_IP}}:{HTTP_PORT}"},
                }
            },
            "file_log": _files(),
            **({"hostmetrics": _host()} if host else {}),
        },
        "processors": {
            "memory_limiter": MEMORY_LIMITER,
            DROP_CLAIMS: drop_claims(),
            BY_CONNECTION: by_connection(own_node=True),
            BY_FILE: by_file(),
            **({NODE: _node()} if host else {}),
            "batch": {},
        },
        "exporters": {
            EXPORTER: {
                "endpoint": f"{GATEWAY}.{GATEWAY_NAMESPACE}.svc:{AGENTS_PORT}",
                # Inside the cluster, between two namespaces that a policy joins; the mesh encrypts it.
                "tls": {"insecure": True},
                # Kept on the node's disk while the gateway is away, so that logs survive its restart.
                "sending_queue": {"storage": "file_storage"},
            }
        },
        "service": {
            "extensions": list(extensions),
            "telemetry": telemetry(),
            "pipelines": {
                "traces/clients": {"receivers": ["otlp"], "processors": clients, "exporters": [EXPORTER]},
                "logs/clients": {"receivers": ["otlp"], "processors": clients, "exporters": [EXPORTER]},
                "logs/files": {
                    "receivers": ["file_log"],
                    "processors": ["memory_limiter", BY_FILE, "batch"],
                    "exporters": [EXPORTER],
                },
                **(_metrics(clients) if metrics else {}),
                **(_load() if host else {}),
            },
        },
    }


def _metrics(clients: list[str]) -> dict[str, Any]:
    return {"metrics/clients": {"receivers": ["otlp"], "processors": clients, "exporters": [EXPORTER]}}


def _load() -> dict[str, Any]:
    return {
        "metrics/node": {
            "receivers": ["hostmetrics"],
            "processors": ["memory_limiter", NODE, "batch"],
            "exporters": [EXPORTER],
        }
    }


def _files() -> dict[str, Any]:
    """Every pod's output but the agents' own, which would feed itself."""
    return {
        "include": ["/var/log/pods/*/*/*.log"],
        "exclude": [f"/var/log/pods/{AGENT_NAMESPACE}_otel-agent-*_*/opentelemetry-collector/*.log"],
        "start_at": "end",
        "include_file_path": True,
        "include_file_name": False,
        "storage": "file_storage",
        "retry_on_failure": {"enabled": True},
        "operators": [
            # Namespace, pod and container out of the path, and the runtime's own prefix off the line.
            {"type": "container", "id": "container-parser"},
            # A JSON line as attributes, so that its level and trace id can be asked for. What it claims about
            # its tenant is overwritten at the gateway.
            {
                "type": "json_parser",
                "if": 'body matches "^[{]"',
                "on_error": "send_quiet",
            },
            {
                "type": "trace_parser",
                "if": "attributes.trace_id != nil",
                "trace_id": {"parse_from": "attributes.trace_id"},
                "span_id": {"parse_from": "attributes.span_id"},
                "on_error": "send_quiet",
            },
            {
                "type": "severity_parser",
                "if": "attributes.level != nil",
                "parse_from": "attributes.level",
                "on_error": "send_quiet",
            },
        ],
    }


def _host() -> dict[str, Any]:
    return {
        "collection_interval": "60s",
        "root_path": HOST_ROOT,
        "scrapers": {"cpu": {}, "load": {}, "memory": {}, "disk": {}, "network": {}, "paging": {}},
    }


def _node() -> dict[str, Any]:
    """A node has no pod to be looked up by; its load is the platform's."""
    return {
        "attributes": [
            {"key": "k8s.node.name", "value": "${env:OTEL_K8S_NODE_NAME}", "action": "upsert"},
            {"key": "k8s.namespace.name", "value": AGENT_NAMESPACE, "action": "upsert"},
            {"key": TENANT_ATTRIBUTE, "value": PLATFORM_TENANT, "action": "upsert"},
        ]
    }
