"""The endpoint picker of a pool: it reads queues and caches of the replicas and says which takes a request."""

from __future__ import annotations

from typing import Any, cast

import yaml
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgsDict
from pulumi_kubernetes.core.v1 import ConfigMap, Service, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.rbac.v1 import Role, RoleBinding

from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.restricted import container_context, pod_context
from components.core.labels import managed_labels
from components.gateway.spec import PoolBackend

RESOURCES = ContainerResources(cpu="500m", memory="512Mi", cpu_limit="2", memory_limit="2Gi")
HEALTH_PORT, METRICS_PORT = 9003, 9090
FILE = "plugins.yaml"
SCORERS = {"queue-scorer": 2, "kv-cache-utilization-scorer": 2, "prefix-cache-scorer": 3}
"""What a replica is judged by, and how much each counts: the weights that the project's own chart has."""

Spec = dict[str, Any]


def labels(backend: PoolBackend) -> dict[str, str]:
    """What the picker's pods are known by."""
    return {"app.kubernetes.io/name": "endpoint-picker", "app.kubernetes.io/instance": backend.picker_service}


def plugins() -> Spec:
    """The picker's configuration: shortest queue, freest cache, longest known prefix."""
    return {
        "apiVersion": "llm-d.ai/v1alpha1",
        "kind": "EndpointPickerConfig",
        "plugins": [
            *({"type": scorer} for scorer in SCORERS),
            {"type": "metrics-data-source", "parameters": {"scheme": "http", "path": "/metrics"}},
            {"type": "core-metrics-extractor"},
        ],
        "schedulingProfiles": [
            {
                "name": "default",
                "plugins": [{"pluginRef": name, "weight": weight} for name, weight in SCORERS.items()],
            }
        ],
    }


def rules() -> list[Spec]:
    """What it reads: the pool, its own kinds, and the pods of its namespace."""
    look = ["get", "list", "watch"]
    return [
        {"api_groups": [""], "resources": ["pods"], "verbs": look},
        {"api_groups": ["inference.networking.k8s.io"], "resources": ["inferencepools"], "verbs": look},
        {
            "api_groups": ["llm-d.ai", "inference.networking.x-k8s.io"],
            "resources": ["inferenceobjectives", "inferencemodelrewrites"],
            "verbs": look,
        },
    ]


def deployment(backend: PoolBackend) -> Spec:
    """The spec of the Deployment. One pod: what it knows of caches is its own, and two would disagree."""
    probe = {"grpc": {"port": HEALTH_PORT, "service": "inference-extension"}}
    return {
        "replicas": 1,
        "selector": {"matchLabels": labels(backend)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": labels(backend)},
            "spec": {
                "serviceAccountName": backend.picker_service,
                "securityContext": pod_context(),
                "terminationGracePeriodSeconds": 130,
                "containers": [
                    {
                        "name": "picker",
                        "image": images.ENDPOINT_PICKER.reference,
                        "args": [
                            f"--pool-name={backend.pool}",
                            f"--pool-namespace={backend.namespace}",
                            "--pool-group=inference.networking.k8s.io",
                            "--zap-encoder=json",
                            f"--config-file=/config/{FILE}",
                            f"--grpc-health-port={HEALTH_PORT}",
                            "--tracing=false",
                            # Prometheus has no token for it; policies let only Prometheus there.
                            "--metrics-endpoint-auth=false",
                        ],
                        "env": [
                            {
                                "name": "NAMESPACE",
                                "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}},
                            },
                            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                        ],
                        "ports": [
                            {"name": "grpc", "containerPort": backend.picker_port},
                            {"name": "grpc-health", "containerPort": HEALTH_PORT},
                            {"name": "metrics", "containerPort": METRICS_PORT},
                        ],
                        "livenessProbe": {**probe, "initialDelaySeconds": 5, "periodSeconds": 10},
                        "readinessProbe": {**probe, "periodSeconds": 2},
                        "resources": RESOURCES.values(),
                        "securityContext": container_context(),
                        "volumeMounts": [{"name": "plugins", "mountPath": "/config", "readOnly": True}],
                    }
                ],
                "volumes": [{"name": "plugins", "configMap": {"name": backend.picker_service}}],
            },
        },
    }


class EndpointPicker(ComponentResource):
    """A pool that is never asked blindly; while its picker is away the pool is closed."""

    ready: tuple[Resource, ...]

    def __init__(
        self,
        name: str,
        backend: PoolBackend,
        namespace: Input[str],
        after: tuple[Resource, ...],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("agentic:gateway:EndpointPicker", name, None, opts)
        child = ResourceOptions(parent=self)
        metadata: ObjectMetaArgsDict = {
            "name": backend.picker_service,
            "namespace": namespace,
            "labels": {**managed_labels("gateway"), **labels(backend)},
        }
        account = ServiceAccount(name, metadata=metadata, opts=child)
        role = Role(name, metadata=metadata, rules=cast("Any", rules()), opts=child)
        bound = RoleBinding(
            name,
            metadata=metadata,
            role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": role.metadata.name},
            subjects=[
                {"kind": "ServiceAccount", "name": account.metadata.name, "namespace": backend.namespace}
            ],
            opts=child,
        )
        settings = ConfigMap(
            name, metadata=metadata, data={FILE: yaml.safe_dump(plugins(), sort_keys=False)}, opts=child
        )
        pods = Deployment(
            name,
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("DeploymentSpecArgsDict", deployment(backend)),
            opts=ResourceOptions(parent=self, depends_on=[*after, account, bound, settings]),
        )
        Service(
            name,
            metadata=metadata,
            spec={
                "selector": labels(backend),
                "ports": [
                    {
                        "name": "grpc",
                        "port": backend.picker_port,
                        "target_port": "grpc",
                        "app_protocol": "kubernetes.io/h2c",
                    },
                    {"name": "metrics", "port": METRICS_PORT, "target_port": "metrics"},
                ],
            },
            opts=child,
        )
        self.ready = (pods,)
        self.register_outputs({})
