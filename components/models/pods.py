"""The pods of model servers, as far as an image of ours is in them: a plan has the rest itself."""

from __future__ import annotations

from collections.abc import Mapping

from components.charts import images
from components.charts.images import Image
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Port, Workload
from components.models.loading import LOADER_RESOURCES, fetches
from components.models.names import HTTP, NAMESPACE, selector
from components.models.pod import cpu_and_memory
from components.models.servers import Server, all_servers
from components.models.spec import ByoModel, ModelSpec, TgiModel, port


def pods(models: Mapping[str, ModelSpec]) -> tuple[PodClass, ...]:
    """A class for each server of ours with the most pods it may have; images of one's own have a digest anyway."""
    return tuple(_class(server) for server in all_servers(models) if not isinstance(server.spec, ByoModel))


def _class(server: Server) -> PodClass:
    tgi = isinstance(server.spec, TgiModel)
    image = images.TGI if tgi else images.VLLM
    loader = (_container("loader", images.AWS_CLI, LOADER_RESOURCES),) if fetches(server) else ()
    return PodClass(
        release=server.name,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=server.name,
        labels=selector(server.name),
        ports=(Port(HTTP, port(server.spec)),),
        pod_security=PodSecurity.BASELINE if tgi else PodSecurity.RESTRICTED,
        service_account=server.name,
        containers=(_container("server", image, cpu_and_memory(server.spec)), *loader),
        replicas=server.most,
    )


def _container(name: str, image: Image, resources: ContainerResources) -> Container:
    return Container(name=name, image=image, resources=resources)
