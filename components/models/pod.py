"""The pod of a server: where it runs, what it may take, when it counts as started and as gone."""

from __future__ import annotations

from math import ceil
from typing import Any

from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.restricted import container_context, pod_context
from components.core.labels import GPU_RESOURCE, GPU_TAINT_KEY, POOL_LABEL
from components.isolation.bounds import priority_class_name
from components.models import byo, tgi, vllm
from components.models.loading import (
    SCRATCH,
    init_containers,
    mounts,
    volumes,
)
from components.models.names import HTTP
from components.models.servers import Server, pool_of
from components.models.shape import GpuServerSpec
from components.models.sizing import (
    SCRATCH_GIB,
    disk_gib,
    host_memory_mib,
    shm_mib,
    startup_seconds,
    vcpus,
)
from components.models.spec import ByoModel, ModelSpec, TgiModel, VllmModel, port

ENDPOINTS_SECONDS = 15
"""What it takes until nobody sends to a pod that ends: longer than kube-proxy and gateway need to hear of it."""

KILL_MARGIN_SECONDS = 30
PROBE_SECONDS = 10

Spec = dict[str, Any]


def pod_spec(server: Server, *, bucket: str | None, region: str) -> Spec:
    """The spec of its pods. vLLM's and one's own pass `restricted`; TGI's image passes `baseline`."""
    return {
        "serviceAccountName": server.name,
        # Pod Identity mounts a token of its own; nothing here asks the Kubernetes API.
        "automountServiceAccountToken": False,
        # The Service would become variables called VLLM_..., and vLLM reads VLLM_PORT.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": end_seconds(server.spec),
        "securityContext": _pod_context(server.spec),
        **_placement(server),
        "initContainers": init_containers(server, bucket=bucket, region=region),
        "containers": [_container(server)],
        "volumes": [
            {"name": "scratch", "emptyDir": {"sizeLimit": f"{SCRATCH_GIB}Gi"}},
            {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": f"{shm_mib(server.gpus)}Mi"}},
            *volumes(server),
        ],
    }


def end_seconds(spec: ModelSpec) -> int:
    """How long a pod may take to end: nobody sends to it any more, what it has begun is finished, and a margin."""
    return spec.drain_seconds + ENDPOINTS_SECONDS + KILL_MARGIN_SECONDS


def resources(spec: ModelSpec) -> dict[str, dict[str, str]]:
    """Requests and limits, GPUs and disk among them; memory is never over-committed, CPU may be."""
    made = cpu_and_memory(spec).values()
    gpus = {GPU_RESOURCE: str(spec.gpus)} if spec.gpus else {}
    disk = {"ephemeral-storage": f"{disk_gib(spec)}Gi"} if isinstance(spec, GpuServerSpec) else {}
    return {"requests": {**made["requests"], **gpus, **disk}, "limits": {**made["limits"], **gpus}}


def cpu_and_memory(spec: ModelSpec) -> ContainerResources:
    """As written, or by the number of GPUs."""
    if spec.resources is not None:
        return spec.resources
    reserved, limit = vcpus(spec.gpus)
    memory = f"{host_memory_mib(spec.gpus)}Mi"
    return ContainerResources(cpu=str(reserved), memory=memory, cpu_limit=str(limit), memory_limit=memory)


def _placement(server: Server) -> Spec:
    pool = pool_of(server.spec)
    selector = {"labelSelector": {"matchLabels": {"app.kubernetes.io/name": server.name}}}
    return {
        # Never a must: a pool may have just one node. But a wish that Karpenter buys for: servers that wait together
        # get a node each where the pool's limit allows it (its documentation, "Topology Spread"); one that comes
        # later is put beside the first.
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "nodeTaintsPolicy": "Honor",
                "matchLabelKeys": ["pod-template-hash"],
                **selector,
            }
            for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ],
        **(
            {}
            if pool is None
            else {
                "nodeSelector": {POOL_LABEL: pool},
                "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
                # The quota counts GPUs by this class; a pod without it is refused.
                "priorityClassName": priority_class_name(pool),
            }
        ),
    }


def _container(server: Server) -> Spec:
    spec = server.spec
    match spec:
        case VllmModel():
            name, image = "vllm", images.VLLM.reference
            said: Spec = {"command": vllm.COMMAND, "args": vllm.arguments(server, spec)}
            environment, path, start = vllm.environment(spec), "/health", startup_seconds(spec)
        case TgiModel():
            name, image = "tgi", images.TGI.reference
            said = {"args": tgi.arguments(spec)}
            environment, path, start = tgi.environment(), "/health", startup_seconds(spec)
        case ByoModel():
            name, image = spec.kind, spec.image
            said = {"envFrom": [{"secretRef": {"name": one}} for one in byo.secret_names(server)]}
            environment, path, start = byo.environment(spec), spec.answers_at, spec.start_seconds
    answers = {"httpGet": {"path": path, "port": HTTP}} if path else {"tcpSocket": {"port": HTTP}}
    return {
        "name": name,
        "image": image,
        **said,
        "env": [{"name": key, "value": value} for key, value in environment.items()],
        "ports": [{"name": HTTP, "containerPort": port(spec)}],
        # Without it the liveness probe would end a server that is still loading, again and again.
        "startupProbe": {
            **answers,
            "periodSeconds": PROBE_SECONDS,
            "timeoutSeconds": 5,
            "failureThreshold": ceil(start / PROBE_SECONDS),
        },
        "readinessProbe": {**answers, "periodSeconds": 5, "timeoutSeconds": 5, "failureThreshold": 3},
        # A minute: a long prefill keeps the process busy, and a restart loads everything anew.
        "livenessProbe": {**answers, "periodSeconds": 15, "timeoutSeconds": 10, "failureThreshold": 4},
        "lifecycle": {"preStop": {"sleep": {"seconds": ENDPOINTS_SECONDS}}},
        "resources": resources(spec),
        "securityContext": container_context(),
        "volumeMounts": [
            {"name": "scratch", "mountPath": SCRATCH},
            {"name": "shm", "mountPath": "/dev/shm"},  # noqa: S108 - in the container, in memory
            *mounts(server),
        ],
    }


def _pod_context(spec: ModelSpec) -> Spec:
    match spec:
        case VllmModel():
            return pod_context(vllm.UID)
        case TgiModel():
            return {**pod_context(tgi.UID), "runAsNonRoot": False}
        case ByoModel():
            return pod_context(spec.uid)
