"""Requests that wait, as objects: workers within a window of the night, and their way in through the gateway."""

from __future__ import annotations

from typing import Any

from components.charts.jobs import digest
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.relay.config import CACHE_FILES, HOOK, CacheAddress
from components.relay.hook.batch import PATH
from components.relay.names import GATEWAY, GATEWAY_GROUP, GATEWAY_SECRET, GATEWAY_SECRET_KEY, NAME, PORT
from components.relay.pods import BATCH, batch_pod
from components.relay.render import (
    CHECKSUM,
    DIRECTORY,
    SCRIPTS,
    UID,
    URL,
    authority_volume,
    cache_secrets,
    from_secret,
)
from components.relay.spec import RelaySpec

Spec = dict[str, Any]


def batch_deployment(cache: CacheAddress) -> Spec:
    """The spec of the Deployment of workers, without a number of them: KEDA's window says how many.

    On Spot: what is taken away is leased, and done again.
    """
    scripts_mount = {"name": "scripts", "mountPath": DIRECTORY, "readOnly": True}
    files_mount = {"name": "cache", "mountPath": CACHE_FILES, "readOnly": True}
    authority = cache.authority and not cache.by_url
    pod = batch_pod()
    (container,) = pod.containers
    return {
        "selector": {"matchLabels": dict(pod.labels)},
        "template": {
            "metadata": {
                "labels": dict(pod.labels),
                "annotations": {CHECKSUM: digest((HOOK / "batch.py").read_text())},
            },
            "spec": {
                "serviceAccountName": NAME,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "nodeSelector": {"karpenter.sh/capacity-type": "spot"},
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(pod.labels),
                # Spot gives two minutes; what is not finished then is done again.
                "terminationGracePeriodSeconds": 110,
                "containers": [
                    {
                        "name": container.name,
                        "image": container.image.reference,
                        "command": ["python", f"{DIRECTORY}/batch.py"],
                        "env": [
                            {"name": "RELAY_URL", "value": URL},
                            from_secret("RELAY_GATEWAY_KEY", GATEWAY_SECRET, GATEWAY_SECRET_KEY),
                            *cache_secrets(cache),
                        ],
                        "resources": container.resources.values(),
                        "securityContext": container_context(),
                        "volumeMounts": [scripts_mount, *([files_mount] if authority else [])],
                    }
                ],
                "volumes": [
                    {"name": "scripts", "configMap": {"name": SCRIPTS}},
                    *([authority_volume()] if authority else []),
                ],
            },
        },
    }


def batch_window(spec: RelaySpec) -> Spec:
    """The spec of the ScaledObject: workers from `start` to `end`, none at other times."""
    times = (spec.batch.start.split(":"), spec.batch.end.split(":"))
    start, end = (f"{int(minute)} {int(hour)} * * *" for hour, minute in times)
    return {
        "scaleTargetRef": {"name": BATCH},
        "minReplicaCount": 0,
        "maxReplicaCount": spec.batch.workers,
        "cooldownPeriod": 60,
        "triggers": [
            {
                "type": "cron",
                "metadata": {
                    "timezone": spec.batch.timezone,
                    "start": start,
                    "end": end,
                    "desiredReplicas": str(spec.batch.workers),
                },
            }
        ],
    }


def batch_route() -> Spec:
    """The spec of the HTTPRoute of requests that wait: to the relay as it is, since it answers with an id."""
    listeners = [
        {"group": GATEWAY_GROUP, "kind": "Gateway", "name": GATEWAY, "sectionName": name}
        for name in ("api", "internal")
    ]
    match = {"path": {"type": "PathPrefix", "value": PATH}}
    return {
        "parentRefs": listeners,
        "rules": [{"matches": [match], "backendRefs": [{"kind": "Service", "name": NAME, "port": PORT}]}],
    }


def batch_policy() -> Spec:
    """The spec of the policy by which the gateway shows its key on that route."""
    return {
        "targetRefs": [{"group": GATEWAY_GROUP, "kind": "HTTPRoute", "name": BATCH}],
        "backend": {"auth": {"secretRef": {"name": GATEWAY_SECRET, "key": GATEWAY_SECRET_KEY}}},
    }
