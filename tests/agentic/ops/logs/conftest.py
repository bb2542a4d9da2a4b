"""Records as the collector's exporter writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def _message(body: Any = "hello", tenant: str | None = "tenant-a", **changes: Any) -> str:
    """What exporter/awscloudwatchlogsexporter/exporter.go writes for a line of a pod."""
    document = {
        "body": body,
        "severity_number": 9,
        "severity_text": "INFO",
        "flags": 1,
        "attributes": {"log.iostream": "stdout", **({"tenant": tenant} if tenant else {})},
        "resource": {
            "k8s.namespace.name": "tenant-a",
            "k8s.pod.name": "support-7d9c-abcde",
            "k8s.container.name": "agent",
            "k8s.deployment.name": "support",
            "k8s.cluster.name": "ai-dev",
            "tenant": tenant,
        },
    }
    return json.dumps({**document, **changes})


@pytest.fixture
def message() -> Callable[..., str]:
    """`message("text", tenant="tenant-b")`: the message of one CloudWatch event."""
    return _message


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """`event("text", at=1500, event_id="e1")`: one event as FilterLogEvents returns it."""

    def make(body: Any = "hello", *, at: int = 1500, event_id: str = "e1", **more: Any) -> dict[str, Any]:
        return {
            "eventId": event_id,
            "timestamp": at,
            "message": _message(body, **more),
            "logStreamName": "otel-collector-0",
        }

    return make
