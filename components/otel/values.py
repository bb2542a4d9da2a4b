"""What the collector's chart is told, for the gateway and for the agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.pods import ContainerResources
from components.charts.scheduling import MONITOR_LABELS, disruption_budget, spread
from components.core.aws import Place
from components.otel import requests
from components.otel.agent import CHECKPOINTS, HOST_ROOT, agent
from components.otel.gateway import Sinks, gateway
from components.otel.names import AGENT, AGENTS_PORT, GATEWAY
from components.otel.pods import GATEWAY_LABELS
from components.otel.spec import OtelSpec
from components.otel.wiring import faults

_UNUSED_PORTS = ("jaeger-compact", "jaeger-thrift", "jaeger-grpc", "zipkin")

POD_READER = [
    {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get", "list", "watch"]},
    {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["get", "list", "watch"]},
]
"""What it takes to know whose address or log it is; nothing that holds a secret."""


def gateway_values(
    place: Place, spec: OtelSpec, sinks: Sinks, *, langfuse_secret: str | None, monitored: bool
) -> dict[str, Any]:
    """A Deployment that passes `restricted`; its AWS rights come by Pod Identity."""
    return {
        **_common(images.OTEL_COLLECTOR_CONTRIB, spec.gateway_resources, gateway(place, spec, sinks)),
        "mode": "deployment",
        "fullnameOverride": GATEWAY,
        "replicaCount": spec.replicas,
        "podDisruptionBudget": disruption_budget(spec.replicas),
        "topologySpreadConstraints": spread(GATEWAY_LABELS),
        "serviceAccount": {"create": True, "name": GATEWAY},
        "ports": {
            **_ports(host_port=None),
            "otlp-agents": {
                "enabled": True,
                "containerPort": AGENTS_PORT,
                "servicePort": AGENTS_PORT,
                "protocol": "TCP",
                "appProtocol": "grpc",
            },
            **(_requests_port() if sinks.prometheus else {}),
        },
        **({"extraEnvsFrom": [{"secretRef": {"name": langfuse_secret}}]} if langfuse_secret else {}),
        "serviceMonitor": _gateway_monitor(sinks, monitored=monitored),
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": _locked(),
    }


def agent_values(spec: OtelSpec, *, metrics: bool, monitored: bool) -> dict[str, Any]:
    """A DaemonSet on every node, GPU nodes included; root, because the kubelet writes logs for root only."""
    host = metrics and spec.host_metrics
    return {
        **_common(images.OTEL_COLLECTOR_K8S, spec.agent_resources, agent(spec, metrics=metrics)),
        "mode": "daemonset",
        "fullnameOverride": AGENT,
        "serviceAccount": {"create": True, "name": AGENT},
        # A Service that leads to the caller's own node, in place of ports on every node's address.
        "ports": _ports(host_port=0),
        "service": {"enabled": True},
        "podMonitor": _monitor(monitored),
        "tolerations": [{"operator": "Exists"}],
        "priorityClassName": "system-node-critical",
        "podSecurityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {"runAsUser": 0, "runAsGroup": 0, **_locked()},
        "extraVolumes": [
            _volume("pod-logs", "/var/log/pods"),
            _volume("checkpoints", CHECKPOINTS, create=True),
            *([_volume("host", "/")] if host else []),
        ],
        "extraVolumeMounts": [
            {"name": "pod-logs", "mountPath": "/var/log/pods", "readOnly": True},
            {"name": "checkpoints", "mountPath": CHECKPOINTS},
            *(_host_mounts() if host else []),
        ],
    }


def _common(image: Image, resources: ContainerResources, config: Mapping[str, Any]) -> dict[str, Any]:
    wrong = faults(config)
    if wrong:
        raise ValueError("a collector would not start\n  " + "\n  ".join(wrong))
    distribution = image.repository.rpartition("-collector-")[2]
    return {
        "image": {
            "repository": image.repository,
            "tag": image.tag,
            **({"digest": image.digest} if image.digest else {}),
        },
        "command": {"name": f"otelcol-{distribution}"},
        # All of it: `config` would be merged with receivers for protocols that nobody here speaks.
        "alternateConfig": dict(config),
        "clusterRole": {"create": True, "rules": POD_READER},
        "resources": resources.values(),
    }


def _ports(*, host_port: int | None) -> dict[str, Any]:
    # The chart opens these on the node as well; 0 leaves it out.
    otlp = {} if host_port is None else {"hostPort": host_port}
    return {
        **{name: {"enabled": False} for name in _UNUSED_PORTS},
        "otlp": {"enabled": True, **otlp},
        "otlp-http": {"enabled": True, **otlp},
        "metrics": {"enabled": True},
    }


def _monitor(monitored: bool) -> dict[str, Any]:
    return {"enabled": True, "extraLabels": dict(MONITOR_LABELS)} if monitored else {"enabled": False}


def _requests_port() -> dict[str, Any]:
    return {
        requests.PORT_NAME: {
            "enabled": True,
            "containerPort": requests.PORT,
            "servicePort": requests.PORT,
            "protocol": "TCP",
        }
    }


def _gateway_monitor(sinks: Sinks, *, monitored: bool) -> dict[str, Any]:
    if not monitored or not sinks.prometheus:
        return _monitor(monitored)
    return {**_monitor(monitored), "metricsEndpoints": [{"port": "metrics"}, requests.scraped()]}


def _locked() -> dict[str, Any]:
    return {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }


def _volume(name: str, path: str, *, create: bool = False) -> dict[str, Any]:
    return {"name": name, "hostPath": {"path": path, **({"type": "DirectoryOrCreate"} if create else {})}}


def _host_mounts() -> list[dict[str, Any]]:
    return [
        {
            "name": "host",
            "mountPath": HOST_ROOT,
            "readOnly": True,
            "mountPropagation": "HostToContainer",
        }
    ]
