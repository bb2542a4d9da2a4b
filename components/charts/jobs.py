"""Jobs of our own that set something up: run to their end once, `restricted`, safe to run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pulumi_kubernetes.batch.v1 import JobSpecArgsDict
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSecurityContextArgsDict,
    SecurityContextArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

from components.charts.pods import PodClass

TRIES = 6
"""With the pauses between them about ten minutes: a password or a name in DNS may be late."""
DEADLINE_SECONDS = 900
INPUTS = "agentic.dev/inputs"
SCRATCH = "/tmp"  # noqa: S108 - in the container, and in memory

_LOCKED: SecurityContextArgsDict = {
    "allow_privilege_escalation": False,
    "read_only_root_filesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def digest(*inputs: object) -> str:
    """Short text that changes with what a job was given; a changed pod template is how a job runs again."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]


def job_spec(
    pod: PodClass,
    *,
    command: Sequence[str],
    working_dir: str,
    uid: int,
    inputs: str,
    env: Sequence[EnvVarArgsDict] = (),
    volumes: Sequence[VolumeArgsDict] = (),
    mounts: Sequence[VolumeMountArgsDict] = (),
) -> JobSpecArgsDict:
    """The spec of a Job of one container, as its PodClass declares it."""
    (declared,) = pod.containers
    who: PodSecurityContextArgsDict = {
        "run_as_non_root": True,
        "run_as_user": uid,
        "run_as_group": uid,
        "fs_group": uid,
        "seccomp_profile": {"type": "RuntimeDefault"},
    }
    container: ContainerArgsDict = {
        "name": declared.name,
        "image": declared.image.reference,
        "command": list(command),
        "working_dir": working_dir,
        "env": [{"name": "HOME", "value": SCRATCH}, *env],
        "resources": {"requests": declared.resources.requests, "limits": declared.resources.limits},
        "security_context": _LOCKED,
        "volume_mounts": [{"name": "scratch", "mount_path": SCRATCH}, *mounts],
    }
    return {
        "backoff_limit": TRIES,
        "active_deadline_seconds": DEADLINE_SECONDS,
        "template": {
            "metadata": {"labels": dict(pod.labels), "annotations": {INPUTS: inputs}},
            "spec": {
                "restart_policy": "Never",
                "service_account_name": pod.service_account,
                # Pod Identity mounts a token of its own; nothing here asks the Kubernetes API.
                "automount_service_account_token": False,
                "enable_service_links": False,
                "security_context": who,
                "containers": [container],
                "volumes": [
                    {"name": "scratch", "empty_dir": {"medium": "Memory", "size_limit": "16Mi"}},
                    *volumes,
                ],
            },
        },
    }
