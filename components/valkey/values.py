"""What Valkey's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.storage import STORAGE_CLASS
from components.core.quantities import parse
from components.valkey.access import (
    EXPORTER_FILE,
    LOCAL,
    MOUNT,
    OPERATOR,
    OPERATOR_FILE,
    REPLICATION_FILE,
    SECRET,
    USERS_FILE,
)
from components.valkey.pods import EXPORTER_RESOURCES, INIT_RESOURCES, LABELS, RELOADER, RELOADER_RESOURCES
from components.valkey.spec import RELEASE, ValkeySpec
from components.valkey.tls import SERVER

TLS_MOUNT = "/tls"
CA_FILE = f"{TLS_MOUNT}/ca.crt"
CHECK_SECONDS = 10
EXPORTER_UID = 59000

_CLI = f"valkey-cli --no-auth-warning --tls --cacert {CA_FILE} --user {OPERATOR}"

READY = (
    # Logged in: without a name the server answers "log in" at once, also while it still reads its data.
    f"password=$(cat {MOUNT}/{OPERATOR_FILE}); VALKEYCLI_AUTH=$password REDISCLI_AUTH=$password {_CLI} ping "
    "| grep -q PONG"
)

RELOAD = f"""\
# Has the server read its users again when the Secret has changed. The operator's own password may have
# changed with it: the server then still knows the one from before.
trap 'exit 0' TERM
held="" seen=""
while :; do
  now=$(sha256sum < {MOUNT}/{USERS_FILE})
  if [ "$now" != "$seen" ]; then
    fresh=$(cat {MOUNT}/{OPERATOR_FILE})
    for password in "$fresh" "$held"; do
      if VALKEYCLI_AUTH="$password" REDISCLI_AUTH="$password" {_CLI} -e ACL LOAD; then
        seen=$now held=$fresh
        break
      fi
    done
  fi
  sleep {CHECK_SECONDS} & wait $!
done
"""


def values(spec: ValkeySpec, *, monitored: bool) -> dict[str, Any]:
    """TLS only, users from a Secret, every write on disk, nothing thrown away, and `restricted`."""
    return {
        "image": {**_image(images.VALKEY), "pullPolicy": "IfNotPresent"},
        # Users come from `access`; the chart's own way would put a password on the volume.
        "auth": {"enabled": False},
        "tls": {
            "enabled": True,
            "existingSecret": SERVER,
            "serverPublicKey": "tls.crt",
            "serverKey": "tls.key",
            "caPublicKey": "ca.crt",
            # Users prove themselves by password.
            "requireClientCertificate": False,
        },
        "replica": {
            # With no copy as well: a StatefulSet of one.
            "enabled": True,
            "replicas": spec.replicas,
            "persistence": {"size": f"{spec.storage_gib}Gi", "storageClass": STORAGE_CLASS},
            "service": {"enabled": spec.replicas > 0},
        },
        "valkeyConfig": config(spec),
        "extraValkeySecrets": [{"name": SECRET, "mountPath": MOUNT}],
        "extraContainers": [_reloader()],
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "runAsGroup": 1000,
            "fsGroup": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        # The log of writes is read before the server answers: five minutes for a full one.
        "startupProbe": {"enabled": True, "timeoutSeconds": 5, "failureThreshold": 30},
        "livenessProbe": {"enabled": True, "timeoutSeconds": 5, "failureThreshold": 6},
        "readinessProbe": {
            "enabled": True,
            "customProbe": {
                "exec": {"command": ["sh", "-c", READY]},
                "periodSeconds": 10,
                "timeoutSeconds": 5,
                # Longer than a change of the operator's password takes to be read.
                "failureThreshold": 4,
            },
        },
        "resources": spec.resources.values(),
        "initResources": INIT_RESOURCES.values(),
        "topologySpreadConstraints": _spread() if spec.replicas else [],
        # A single pod with a budget could never be moved.
        "podDisruptionBudget": {"enabled": spec.replicas > 0, "maxUnavailable": 1},
        "metrics": {
            "enabled": True,
            "exporter": _exporter(),
            "serviceMonitor": {"enabled": monitored},
        },
    }


def config(spec: ValkeySpec) -> str:
    """What is appended to the chart's valkey.conf; of two lines about the same, the later holds."""
    lines = [
        f"aclfile {MOUNT}/{USERS_FILE}",
        "appendonly yes",
        "appendfsync everysec",
        # A job that was thrown away is lost without a word; a write that fails is seen.
        "maxmemory-policy noeviction",
        f"maxmemory {max_memory(spec)}",
        # cert-manager replaces the files; by default only a restart would read them.
        "tls-auto-reload-interval 3600",
    ]
    if spec.replicas:
        lines.append(f"include {MOUNT}/{REPLICATION_FILE}")
    return "\n".join(lines) + "\n"


def max_memory(spec: ValkeySpec) -> int:
    """Bytes for data: while the log is rewritten, pages that change are there twice."""
    return int(parse(spec.resources.memory_limit) * 7 / 10)


def _exporter() -> dict[str, Any]:
    return {
        "image": {**_image(images.REDIS_EXPORTER), "pullPolicy": "IfNotPresent"},
        "resources": EXPORTER_RESOURCES.values(),
        # Without it the exporter alone keeps the pod off `restricted`.
        "securityContext": _locked(EXPORTER_UID),
        "extraEnvs": {
            "REDIS_ADDR": LOCAL,
            "REDIS_USER": OPERATOR,
            "REDIS_PASSWORD_FILE": f"{MOUNT}/{EXPORTER_FILE}",
            "REDIS_EXPORTER_TLS_CA_CERT_FILE": CA_FILE,
            # CONFIG would show the exporter the replicas' password.
            "REDIS_EXPORTER_CONFIG_COMMAND": "-",
        },
        "extraVolumeMounts": _mounts(),
    }


def _reloader() -> dict[str, Any]:
    return {
        "name": RELOADER,
        "image": images.VALKEY.reference,
        "command": ["sh", "-c", RELOAD],
        "resources": RELOADER_RESOURCES.values(),
        "securityContext": _locked(1000),
        "volumeMounts": _mounts(),
    }


def _mounts() -> list[dict[str, Any]]:
    """The authority alone and not the server's key; no `subPath` for users, which would never change."""
    return [
        {"name": f"{SECRET}-valkey", "mountPath": MOUNT, "readOnly": True},
        {"name": f"{RELEASE}-tls", "mountPath": CA_FILE, "subPath": "ca.crt", "readOnly": True},
    ]


def _locked(uid: int) -> dict[str, Any]:
    return {
        "runAsNonRoot": True,
        "runAsUser": uid,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def _spread() -> list[dict[str, Any]]:
    """Over nodes, and over zones where volumes allow: a volume is bound to the zone of its first pod."""
    selector = {"labelSelector": {"matchLabels": dict(LABELS)}, "nodeTaintsPolicy": "Honor"}
    return [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "DoNotSchedule",
            **selector,
        },
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            **selector,
        },
    ]


def _image(image: Image) -> dict[str, str]:
    registry, _, repository = image.repository.partition("/")
    return {"registry": registry, "repository": repository, "tag": image.pinned_tag}
