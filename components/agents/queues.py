"""The workers of agents' queues: for each agent that has one a Deployment, which scales by the same list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from components.agents.catalogue import Agent
from components.agents.names import (
    AGENT_LABEL,
    CACHE_MOUNT,
    CACHE_SECRET,
    PART_OF,
    QUEUE_WORKERS,
    queue_worker,
)
from components.agents.scaling import Sources, autoscaler, queue_list, queue_trigger
from components.agents.spec import NAMESPACE, QueueTriggerSpec, ScalingSpec
from components.charts import images
from components.charts.jobs import digest
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Port, Workload
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.kagent.spec import AGENT_PORT

PACKAGE = Path(__file__).parent / "worker"
MOUNT = "/app"
CHECKSUM = "agentic.dev/worker"
PORT = 8080
UID = 65532
END_SECONDS = 30
"""Beyond the longest that a task may take: what is in hand when a pod has to go is finished."""

RESOURCES = ContainerResources(cpu="20m", memory="48Mi", cpu_limit="200m", memory_limit="128Mi")
LABELS = {"app.kubernetes.io/component": QUEUE_WORKERS, "app.kubernetes.io/part-of": PART_OF}
"""What the workers of all agents have in common."""

Spec = dict[str, Any]


def queues(agents: Mapping[str, Agent]) -> dict[str, QueueTriggerSpec]:
    """The agents that have a queue, with it."""
    return {name: queue for name, spec in agents.items() if (queue := spec.scaling.queue) is not None}


def pods(agents: Mapping[str, Agent]) -> tuple[PodClass, ...]:
    """Every worker at its most: one for each pod of its agent."""
    return tuple(
        PodClass(
            release=QUEUE_WORKERS,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=queue_worker(name),
            labels=selector(name),
            ports=(Port("http", PORT),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=QUEUE_WORKERS,
            containers=(Container(name="worker", image=images.PYTHON, resources=RESOURCES),),
            replicas=agents[name].scaling.max_replicas,
        )
        for name in queues(agents)
    )


def selector(agent: str) -> dict[str, str]:
    """What selects the workers of one agent."""
    return {"app.kubernetes.io/name": queue_worker(agent)}


def labels(agent: str) -> dict[str, str]:
    """What they and their objects carry."""
    return {**LABELS, **selector(agent), AGENT_LABEL: agent}


@cache
def program() -> dict[str, str]:
    """The ConfigMap: the package as it is here, without the file that says it is one."""
    files = sorted(PACKAGE.glob("*.py"))
    return {one.name: one.read_text(encoding="utf-8") for one in files if one.stem != "__init__"}


def end_seconds(queue: QueueTriggerSpec) -> int:
    """How long a worker may take to end: what it has in hand is finished."""
    return queue.timeout_seconds + END_SECONDS


def deployment(agent: str, queue: QueueTriggerSpec, *, authority: bool) -> Spec:
    """The spec of the Deployment, without a number of pods: KEDA says how many."""
    secret = {"secretKeyRef": {"name": CACHE_SECRET, "key": "url"}}
    told = {
        "AGENT_NAME": agent,
        "AGENT_URL": f"http://{agent}:{AGENT_PORT}/",
        "QUEUE": queue_list(queue),
        "ATTEMPTS": str(queue.attempts),
        "TIMEOUT_SECONDS": str(queue.timeout_seconds),
        "RESULT_TTL_SECONDS": str(queue.result_ttl_seconds),
        "AT_ONCE": str(queue.at_once),
        "PORT": str(PORT),
        **({"REDIS_CA_FILE": f"{CACHE_MOUNT}/ca.crt"} if authority else {}),
    }
    mounts = [
        {"name": "program", "mountPath": f"{MOUNT}/worker", "readOnly": True},
        *([{"name": "cache", "mountPath": CACHE_MOUNT, "readOnly": True}] if authority else []),
    ]
    items = [{"key": "ca.crt", "path": "ca.crt"}]
    return {
        "selector": {"matchLabels": selector(agent)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": labels(agent), "annotations": {CHECKSUM: digest(program())}},
            "spec": {
                "serviceAccountName": QUEUE_WORKERS,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(selector(agent)),
                "terminationGracePeriodSeconds": end_seconds(queue),
                "containers": [
                    {
                        "name": "worker",
                        "image": images.PYTHON.reference,
                        "command": ["python", "-B", "-m", "worker.main"],
                        "workingDir": MOUNT,
                        "env": [
                            *({"name": name, "value": value} for name, value in told.items()),
                            {"name": "REDIS_URL", "valueFrom": secret},
                        ],
                        "ports": [{"name": "http", "containerPort": PORT}],
                        "livenessProbe": {
                            "httpGet": {"path": "/healthz", "port": "http"},
                            "periodSeconds": 20,
                            "timeoutSeconds": 3,
                        },
                        "resources": RESOURCES.values(),
                        "securityContext": container_context(),
                        "volumeMounts": mounts,
                    }
                ],
                "volumes": [
                    {"name": "program", "configMap": {"name": QUEUE_WORKERS}},
                    *(
                        [{"name": "cache", "secret": {"secretName": CACHE_SECRET, "items": items}}]
                        if authority
                        else []
                    ),
                ],
            },
        },
    }


def scaled_object(agent: str, scaling: ScalingSpec, sources: Sources) -> Spec:
    """The spec of the ScaledObject: as many workers as the list alone asks pods of the agent for.

    So tasks in hand are never more than the agent's pods can have, and the rest stay in the list, where they are
    counted.
    """
    return {
        "scaleTargetRef": {"name": queue_worker(agent)},
        "pollingInterval": scaling.polling_seconds,
        "cooldownPeriod": scaling.cooldown_seconds,
        "minReplicaCount": scaling.min_replicas,
        "maxReplicaCount": scaling.max_replicas,
        "advanced": autoscaler(queue_worker(agent), scaling),
        "triggers": queue_trigger(scaling, sources),
    }
