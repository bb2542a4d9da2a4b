"""The one autoscaler of a server: by what waits for it, in steps as slow as its start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components.models.names import NAMESPACE
from components.models.servers import Server
from components.models.shape import ScalingSpec
from components.models.sizing import cold_start_seconds
from components.models.spec import VllmModel

API_VERSION = "keda.sh/v1alpha1"
POLLING_SECONDS = 15
LONGEST_PERIOD = 1800
"""Of an autoscaling policy (autoscaling/v2, `periodSeconds`)."""

WAKE_WINDOW = "2m"
_NEVER_A_SECOND = 1_000_000
"""Requests a second for each server: the wake-up call asks for one server, queue and cache for more."""

GATEWAY_NAMESPACE = "ai-gateway"
REFUSED = ("401", "403", "429")


def waiting_query(server: Server) -> str:
    """Requests that wait, in all pods of the server.

    By the Service, not by `model_name`: two servers may answer to one name. GPU utilisation is not asked: a GPU
    that serves one request reads as busy as one that serves fifty.
    """
    return f"sum(vllm:num_requests_waiting{_of(server)})"


def cache_query(server: Server) -> str:
    """How full the pods' KV caches are on average, in per cent."""
    return f"100 * avg(vllm:kv_cache_usage_perc{_of(server)})"


def wake_query(routes: Iterable[str]) -> str:
    """Requests a second that the gateway let through for these routes, whether or not a server answered.

    Not those it refused itself: whoever has no token could have GPUs started. A proxy's series begins with the
    first request of its kind and not with none, so that `rate` never sees that one: a series that was not there
    before the window counts as a request. Prometheus without its past sees such series everywhere, and servers start.
    """
    names = "|".join(f"{GATEWAY_NAMESPACE}/{route}" for route in sorted(routes))
    refused = "|".join(REFUSED)
    counted = f'agentgateway_requests_total{{route=~"{names}",status!~"{refused}"}}'
    return (
        f"(sum(rate({counted}[{WAKE_WINDOW}])) or vector(0))"
        f" + (count({counted} unless {counted} offset {WAKE_WINDOW}) or vector(0))"
    )


def scaled_object(
    server: Server, spec: VllmModel, scaling: ScalingSpec, *, prometheus_url: str, routes: Iterable[str]
) -> dict[str, Any]:
    """The spec of the ScaledObject; KEDA makes the HorizontalPodAutoscaler of it, and no other exists."""
    # With a server always there, no answer means trouble and not an empty queue: `fallback` decides.
    silent = scaling.min == 0
    triggers = [
        _trigger(
            "waiting", prometheus_url, waiting_query(server), scaling.waiting_per_replica, silent=silent
        ),
        _trigger(
            "kv-cache",
            prometheus_url,
            cache_query(server),
            scaling.kv_cache_percent,
            # An average already: shared among the pods it would never be reached.
            metric_type="Value",
            silent=silent,
        ),
    ]
    if scaling.min == 0:
        triggers.append(
            _trigger("asked-for", prometheus_url, wake_query(routes), _NEVER_A_SECOND, silent=True)
        )
    start = min(cold_start_seconds(spec), LONGEST_PERIOD)
    return {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": server.name},
        "minReplicaCount": scaling.min,
        "maxReplicaCount": scaling.max,
        "pollingInterval": POLLING_SECONDS,
        # Only from one to none.
        "cooldownPeriod": scaling.idle_seconds,
        # While Prometheus does not answer nothing is taken away.
        "fallback": {
            "failureThreshold": 4,
            "replicas": max(scaling.min, 1),
            "behavior": "currentReplicasIfHigher",
        },
        "advanced": {
            # The Deployment keeps its pods when the ScaledObject goes.
            "restoreToOriginalReplicaCount": False,
            "horizontalPodAutoscalerConfig": {
                "name": server.name,
                "behavior": {
                    "scaleUp": {
                        "stabilizationWindowSeconds": 30,
                        # Not another before this one can have started: the queue is as long until then.
                        "policies": [{"type": "Pods", "value": 1, "periodSeconds": start}],
                    },
                    "scaleDown": {
                        "stabilizationWindowSeconds": scaling.settle_seconds,
                        "policies": [{"type": "Pods", "value": 1, "periodSeconds": 300}],
                    },
                },
            },
        },
        "triggers": triggers,
    }


def _of(server: Server) -> str:
    return f'{{namespace="{NAMESPACE}",service="{server.name}"}}'


def _trigger(
    name: str, url: str, query: str, threshold: int, *, silent: bool, metric_type: str = "AverageValue"
) -> dict[str, Any]:
    return {
        "type": "prometheus",
        "name": name,
        "metricType": metric_type,
        "metadata": {
            "serverAddress": url,
            "query": query,
            "threshold": str(threshold),
            # Whether a query without an answer counts as nobody waiting.
            "ignoreNullValues": "true" if silent else "false",
        },
    }
