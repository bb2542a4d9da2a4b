"""One record as the collector's exporter writes it to CloudWatch.

A JSON object with `body`, `severity_text`, `attributes` and `resource` (opentelemetry-collector-contrib,
exporter/awscloudwatchlogsexporter/exporter.go, cwLogBody); the gateway writes the tenant among the attributes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from components.otel.names import TENANT_ATTRIBUTE

_WORKLOADS = ("k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.job.name")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One line of one container."""

    event_id: str
    timestamp: int
    """Milliseconds since 1970, as the container's runtime wrote it."""
    tenant: str
    severity: str
    body: str
    namespace: str
    pod: str
    container: str
    workload: str
    """The Deployment, StatefulSet, DaemonSet or Job of the pod: an agent is one Deployment of its name."""

    @property
    def moment(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(self.timestamp / 1000, UTC)


def record(event: Mapping[str, Any]) -> Record | None:
    """The record of one CloudWatch event; None for what the collector did not write."""
    try:
        document: Any = json.loads(str(event["message"]))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    written = cast("dict[str, Any]", document)
    attributes, resource = _mapping(written.get("attributes")), _mapping(written.get("resource"))
    body = written.get("body", "")
    return Record(
        event_id=str(event["eventId"]),
        timestamp=int(event["timestamp"]),
        tenant=str(attributes.get(TENANT_ATTRIBUTE, "")),
        severity=str(written.get("severity_text", "")),
        body=body if isinstance(body, str) else json.dumps(body, sort_keys=True, ensure_ascii=False),
        namespace=str(resource.get("k8s.namespace.name", "")),
        pod=str(resource.get("k8s.pod.name", "")),
        container=str(resource.get("k8s.container.name", "")),
        workload=next((str(resource[name]) for name in _WORKLOADS if name in resource), ""),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
