"""The objects of the smoke test in one tenant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from components.charts.restricted import container_context, pod_context
from components.smoke.expectations import Expectations
from components.smoke.names import (
    CONTAINER,
    LABELS,
    OTHER,
    OWN,
    PODS_PER_TENANT,
    PORT,
    SMOKE,
    TARGETS_FILE,
)
from components.smoke.pods import UID, pod
from components.smoke.spec import SmokeSpec

PROGRAM = Path(__file__).parent / "programs" / "probe.py"
SCRIPT_MOUNT = "/script"
DNS_NAME = "kubernetes.default.svc.cluster.local"
NEVER = "0 0 31 2 *"
"""The thirty-first of February; suspended besides."""
MEET_SECONDS, STAY_SECONDS = 180, 20


@cache
def program() -> str:
    """What its pods run."""
    return PROGRAM.read_text(encoding="utf-8")


def host(tenant: str) -> str:
    """The name of its pods in one tenant: an address for each, ready or not."""
    return f"{SMOKE}.{tenant}.svc.cluster.local"


def files(expected: Expectations) -> dict[str, str]:
    """The script, and what is expected, for `agentic smoke` to read where it runs."""
    # By name and port, so that a pod more is one entry more in a plan's difference.
    known = {f"{one.name} {one.port}": one.document() for one in expected.known}
    document = {"known": known, "unknown": list(expected.unknown)}
    return {PROGRAM.name: program(), TARGETS_FILE: json.dumps(document, indent=1, sort_keys=True)}


def peers(tenant: str, others: Iterable[str], expected: Expectations) -> dict[str, list[Any]]:
    """Groups of its own pods: their name, how many at least, and what has to become of a connection."""
    verdicts = {one.name: one.expected for one in expected.known}
    groups = {OWN: [host(tenant), PODS_PER_TENANT - 1, verdicts[OWN]]}
    for other in others:
        groups[OTHER] = [host(other), PODS_PER_TENANT, verdicts[OTHER]]
    return groups


def service() -> dict[str, Any]:
    """Without an address of its own: a connection to a pod is dropped or gets there, and nobody answers for it."""
    return {
        "clusterIP": "None",
        "selector": dict(LABELS),
        "publishNotReadyAddresses": True,
        "ports": [{"name": "probe", "port": PORT, "targetPort": PORT}],
    }


def cron_job(spec: SmokeSpec, tenant: str, others: Iterable[str], expected: Expectations) -> dict[str, Any]:
    """A template that runs only by hand; two pods at once, which meet those of the other tenant."""
    (container,) = pod(tenant).containers
    own_address = {"fieldRef": {"fieldPath": "status.podIP"}}
    env = {
        "PORT": str(PORT),
        "PEERS": json.dumps(peers(tenant, others, expected), sort_keys=True),
        "DNS_NAME": DNS_NAME,
        "CONNECT_SECONDS": str(spec.connect_seconds),
        "SETTLE_SECONDS": str(spec.settle_seconds),
        "MEET_SECONDS": str(MEET_SECONDS),
        "STAY_SECONDS": str(STAY_SECONDS),
    }
    pod_spec = {
        "restartPolicy": "Never",
        "serviceAccountName": SMOKE,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": pod_context(UID),
        "terminationGracePeriodSeconds": 5,
        "containers": [
            {
                "name": CONTAINER,
                "image": container.image.reference,
                "command": ["python", "-B", f"{SCRIPT_MOUNT}/{PROGRAM.name}"],
                "env": [
                    *({"name": name, "value": value} for name, value in env.items()),
                    {"name": "POD_IP", "valueFrom": own_address},
                ],
                "ports": [{"name": "probe", "containerPort": PORT}],
                "resources": container.resources.values(),
                "securityContext": container_context(),
                "volumeMounts": [{"name": "script", "mountPath": SCRIPT_MOUNT, "readOnly": True}],
            }
        ],
        "volumes": [{"name": "script", "configMap": {"name": SMOKE}}],
    }
    return {
        "schedule": NEVER,
        "suspend": True,
        "concurrencyPolicy": "Forbid",
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {
            "metadata": {"labels": dict(LABELS)},
            "spec": {
                "backoffLimit": 0,
                "activeDeadlineSeconds": deadline_seconds(spec),
                "ttlSecondsAfterFinished": 3600,
                "parallelism": PODS_PER_TENANT,
                "completions": PODS_PER_TENANT,
                "completionMode": "Indexed",
                "template": {"metadata": {"labels": dict(LABELS)}, "spec": pod_spec},
            },
        },
    }


def deadline_seconds(spec: SmokeSpec) -> int:
    """Longer than any honest run: nodes and images, meeting, settling of every target, staying."""
    return 300 + MEET_SECONDS + 3 * spec.settle_seconds + STAY_SECONDS
