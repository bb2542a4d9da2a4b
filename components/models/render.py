"""A server as Kubernetes objects, but for its pods."""

from __future__ import annotations

from typing import Any

from components.core.labels import MANAGED_BY, NOTICE_ANNOTATION
from components.models.loading import weights_label
from components.models.names import (
    DO_NOT_DISRUPT,
    ENGINE_LABEL,
    HTTP,
    MODEL_LABEL,
    PART,
    WEIGHTS_LABEL,
    Engine,
    selector,
)
from components.models.notices import notices
from components.models.pod import pod_spec
from components.models.servers import Server, scaled
from components.models.shape import GpuServerSpec
from components.models.sizing import NODE_SECONDS, PATIENCE, PULL_SECONDS, loading_seconds
from components.models.spec import ByoModel, port

MONITORED: tuple[Engine, ...] = ("vllm", "tgi")
"""Engines whose series we know; a server of one's own exports what it likes."""

Spec = dict[str, Any]


def object_labels(server: Server) -> dict[str, str]:
    """On everything that belongs to a server; a monitor finds its Service by them."""
    return {
        **selector(server.name),
        "app.kubernetes.io/managed-by": MANAGED_BY,
        "app.kubernetes.io/part-of": PART,
        ENGINE_LABEL: server.spec.engine,
        MODEL_LABEL: server.key,
    }


def object_annotations(server: Server) -> dict[str, str]:
    """What a plan says about it, where there is something to say."""
    said = notices(server)
    return {NOTICE_ANNOTATION: "\n".join(said)} if said else {}


def deployment(server: Server, *, bucket: str | None, region: str) -> Spec:
    """The spec of the Deployment; without `replicas` where an autoscaler says how many."""
    spec = server.spec
    surge = server.surge
    return {
        **({} if scaled(server) else {"replicas": spec.replicas or 1}),
        "selector": {"matchLabels": selector(server.name)},
        # Without GPUs to spare a new pod would wait for the old one, and the old one for the new.
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": surge, "maxUnavailable": 0 if surge else 1},
        },
        "progressDeadlineSeconds": deadline_seconds(server),
        "template": {
            "metadata": {
                "labels": {
                    **selector(server.name),
                    "app.kubernetes.io/part-of": PART,
                    ENGINE_LABEL: spec.engine,
                    MODEL_LABEL: server.key,
                    WEIGHTS_LABEL: weights_label(server),
                },
                "annotations": _undisturbed(server),
            },
            "spec": pod_spec(server, bucket=bucket, region=region),
        },
    }


def deadline_seconds(server: Server) -> int:
    """How long a pod may take from its making to its first answer: a node comes first."""
    spec = server.spec
    if isinstance(spec, GpuServerSpec):
        return PATIENCE * NODE_SECONDS + loading_seconds(spec)
    return PATIENCE * (NODE_SECONDS + PULL_SECONDS) + spec.start_seconds


def service(server: Server) -> Spec:
    """One port, HTTP, to every pod that is ready."""
    return {
        "selector": selector(server.name),
        "ports": [
            {"name": HTTP, "port": port(server.spec), "targetPort": HTTP, "appProtocol": "http"},
        ],
    }


def disruption_budget(server: Server) -> Spec:
    """One pod at a time: while one loads, the others stay where they are."""
    return {
        "maxUnavailable": 1,
        "selector": {"matchLabels": selector(server.name)},
        "unhealthyPodEvictionPolicy": "IfHealthyBudget",
    }


def service_monitor(engine: Engine) -> Spec:
    """One for all servers of an engine; their Services say which job they are."""
    return {
        "jobLabel": ENGINE_LABEL,
        "selector": {"matchLabels": {"app.kubernetes.io/part-of": PART, ENGINE_LABEL: engine}},
        "endpoints": [{"port": HTTP, "path": "/metrics", "interval": "15s"}],
    }


def _undisturbed(server: Server) -> dict[str, str]:
    """Karpenter leaves the pod alone until it must have loaded (Karpenter 1.14, "Pod-level controls").

    A duration and not `true`, which is for ever: a node with an old image would stay until it expires. A budget
    does not do it, since it counts pods that are ready and lets the others go.
    """
    spec = server.spec
    if isinstance(spec, ByoModel):
        return {DO_NOT_DISRUPT: f"{spec.start_seconds + PATIENCE * PULL_SECONDS}s"} if spec.gpus else {}
    return {DO_NOT_DISRUPT: f"{loading_seconds(spec)}s"}
