"""What is in the namespace of models for each server: made here, and by KEDA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.core.objects import PLATFORM, ObjectName, objects
from components.gateway.spec import PoolBackend
from components.models.byo import secret_names
from components.models.loading import CONFIG_MAP
from components.models.names import NAMESPACE
from components.models.routing import gateway_catalogue
from components.models.servers import Server, all_servers, scaled
from components.models.spec import ByoModel, ModelSpec


def model_objects(models: Mapping[str, ModelSpec], *, inference_pools: bool) -> list[ObjectName]:
    """Everything of each server, and of the endpoint picker of one that is a pool."""
    pickers = {
        backend.name: backend.picker_service
        for backend in gateway_catalogue(models, inference_pools=inference_pools).backends
        if isinstance(backend, PoolBackend)
    }
    return [
        *objects(NAMESPACE, CONFIG_MAP, PLATFORM, "ConfigMap"),
        # Every namespace has one of Kubernetes' own making.
        *objects(NAMESPACE, "default", PLATFORM, "ServiceAccount"),
        *(one for server in all_servers(models) for one in _of(server, pickers.get(server.name))),
    ]


def _of(server: Server, picker: str | None) -> Iterable[ObjectName]:
    path = f"models.{server.key}"
    kinds = ["Deployment", "PodDisruptionBudget", "Service", "ServiceAccount"]
    if scaled(server):
        kinds += ["HorizontalPodAutoscaler", "ScaledObject"]
    if picker:
        kinds.append("InferencePool")
        yield from objects(
            NAMESPACE,
            picker,
            path,
            *("ConfigMap", "Deployment", "Role", "RoleBinding", "Service", "ServiceAccount"),
        )
    yield from objects(NAMESPACE, server.name, path, *kinds)
    if isinstance(server.spec, ByoModel):
        for index, secret in enumerate(secret_names(server)):
            yield from objects(NAMESPACE, secret, f"{path}.secrets[{index}]", "Secret")
