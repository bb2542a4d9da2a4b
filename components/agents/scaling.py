"""How many pods an agent has: exactly one autoscaler for each, aimed at the Deployment that kagent makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.agents.spec import QUEUE_PREFIX, QueueTriggerSpec, ScalingSpec

ACTIVE_SESSIONS = "agent_active_sessions"
"""Conversations in progress by tenant, namespace and agent: recorded, since no agent exports it."""

WINDOW = "2m"
KEDA_API = "keda.sh/v1alpha1"

Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What else than pods can be measured."""

    prometheus: str | None
    """Its address; None: there is none to ask."""
    cache_login: str | None
    """The ClusterTriggerAuthentication by which the cache is asked; None: there is no cache."""


def target(agent: str) -> Spec:
    """The Deployment: an Agent has no scale subresource, and kagent leaves replicas alone (mutate.go, 0.9.12)."""
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": agent}


def horizontal_pod_autoscaler(agent: str, scaling: ScalingSpec) -> Spec:
    """The spec of an HPA on CPU and memory."""
    return {
        "scaleTargetRef": target(agent),
        "minReplicas": scaling.min_replicas,
        "maxReplicas": scaling.max_replicas,
        "metrics": [
            {"type": "Resource", "resource": {"name": name, "target": _utilization(percent)}}
            for name, percent in (("cpu", scaling.cpu_percent), ("memory", scaling.memory_percent))
        ],
        "behavior": behavior(scaling),
    }


def _utilization(percent: int) -> Spec:
    return {"type": "Utilization", "averageUtilization": percent}


def behavior(scaling: ScalingSpec) -> Spec:
    """A pod goes only when so long none was needed: `cooldownPeriod` of KEDA is about the last pod alone."""
    return {"scaleDown": {"stabilizationWindowSeconds": scaling.cooldown_seconds}}


def autoscaler(name: str, scaling: ScalingSpec) -> Spec:
    """What KEDA's HPA is told: its behaviour, and the name of what it scales.

    KEDA's own name for it, `keda-hpa-<name>`, may not have more than 63 characters (v2.20, scaledobject_webhook.go),
    and could be that of another agent's HPA.
    """
    return {"horizontalPodAutoscalerConfig": {"name": name, "behavior": behavior(scaling)}}


def scaled_object(agent: str, namespace: str, scaling: ScalingSpec, sources: Sources) -> Spec:
    """The spec of a ScaledObject that measures CPU and memory too: KEDA makes the one HPA there is."""
    return {
        "scaleTargetRef": target(agent),
        "pollingInterval": scaling.polling_seconds,
        "cooldownPeriod": scaling.cooldown_seconds,
        "minReplicaCount": scaling.min_replicas,
        "maxReplicaCount": scaling.max_replicas,
        "advanced": autoscaler(agent, scaling),
        "triggers": [
            _own("cpu", scaling.cpu_percent),
            _own("memory", scaling.memory_percent),
            *queue_trigger(scaling, sources),
            *_sessions(agent, namespace, scaling, sources),
        ],
    }


def _own(resource: str, percent: int) -> Spec:
    return {"type": resource, "metricType": "Utilization", "metadata": {"value": str(percent)}}


def queue_list(queue: QueueTriggerSpec) -> str:
    """What the queue is called in the cache."""
    return f"{QUEUE_PREFIX}{queue.name}"


def queue_trigger(scaling: ScalingSpec, sources: Sources) -> list[Spec]:
    """The trigger on the list's length, where there is a list."""
    if scaling.queue is None:
        return []
    if sources.cache_login is None:
        raise ValueError(f"queue {scaling.queue.name} has no cache to be in")
    return [
        {
            "type": "redis",
            "metadata": {
                "listName": queue_list(scaling.queue),
                "listLength": str(scaling.queue.length),
                "databaseIndex": "0",
                # Address, user and password come from the login; that it is TLS does not.
                "enableTLS": "true",
            },
            "authenticationRef": {"name": sources.cache_login, "kind": "ClusterTriggerAuthentication"},
        }
    ]


def _sessions(agent: str, namespace: str, scaling: ScalingSpec, sources: Sources) -> list[Spec]:
    if scaling.sessions is None:
        return []
    if sources.prometheus is None:
        raise ValueError(f"sessions of {agent} have no Prometheus to be counted by")
    return [
        {
            "type": "prometheus",
            "metadata": {
                "serverAddress": sources.prometheus,
                "query": sessions_query(agent, namespace),
                "threshold": str(scaling.sessions.threshold),
            },
        }
    ]


def sessions_query(agent: str, namespace: str) -> str:
    """How many conversations of one agent are in progress; nothing at all is none, and KEDA reads it so."""
    return f'sum({ACTIVE_SESSIONS}{{namespace="{namespace}",agent="{agent}"}})'


def recording_rules() -> Spec:
    """The spec of the PrometheusRule that makes the series.

    Seconds of requests that ended per second are how many were in progress on average (Little's law): the
    collector sees a request when it is over, so nobody could count those that are not.
    """
    return {
        "groups": [
            {
                "name": "agentic-agent-sessions",
                "rules": [
                    {
                        "record": ACTIVE_SESSIONS,
                        "expr": (
                            "sum by (tenant, namespace, agent) "
                            f"(rate(agent_request_duration_seconds_sum[{WINDOW}]))"
                        ),
                    }
                ],
            }
        ]
    }
