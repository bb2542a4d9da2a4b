"""The pods that kagent's chart brings; those of agents are declared where agents are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.charts import images
from components.charts.images import Image
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
    labels,
)
from components.kagent.names import (
    KMCP,
    METRICS_PORT,
    NAMESPACE,
    PORT,
    RELEASE,
    UI,
    UI_PORT,
    controller_name,
    release_name,
)
from components.kagent.spec import KagentSpec

KMCP_RESOURCES = ContainerResources(cpu="20m", memory="64Mi", cpu_limit="500m", memory_limit="256Mi")
PORTS = (Port("http", PORT), Port("metrics", METRICS_PORT))


def controller_labels(tenant: str | None = None) -> dict[str, str]:
    """What the controller's Deployment and Services select its pods by."""
    return labels(RELEASE, release_name(tenant)) | {"app.kubernetes.io/component": "controller"}


UI_LABELS = labels(RELEASE, RELEASE) | {"app.kubernetes.io/component": "ui"}


def pods(spec: KagentSpec) -> tuple[PodClass, ...]:
    """The controller, the page, and the controller of MCP servers."""
    return (
        _controller(None, spec.resources, spec.replicas),
        _deployment(
            UI,
            "ui",
            UI_LABELS,
            (Port("http", UI_PORT),),
            images.KAGENT_UI,
            spec.ui_resources,
            spec.ui_replicas,
        ),
        _deployment(
            KMCP,
            "manager",
            labels("kmcp", RELEASE) | {"control-plane": "controller-manager"},
            (Port("metrics", 8443), Port("health", 8081)),
            images.KMCP_CONTROLLER,
            KMCP_RESOURCES,
            1,
        ),
    )


def tenant_pods(spec: KagentSpec, tenants: Iterable[str]) -> tuple[PodClass, ...]:
    """A controller for each of these tenants, in the tenant's own namespace and quota."""
    return tuple(_controller(tenant, spec.tenants.resources, spec.tenants.replicas) for tenant in tenants)


def _controller(tenant: str | None, resources: ContainerResources, replicas: int) -> PodClass:
    return PodClass(
        release=release_name(tenant),
        namespace=tenant or NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=controller_name(tenant),
        labels=controller_labels(tenant),
        ports=PORTS,
        pod_security=PodSecurity.RESTRICTED,
        service_account=controller_name(tenant),
        containers=(Container(name="controller", image=images.KAGENT_CONTROLLER, resources=resources),),
        replicas=replicas,
        starts=(images.KAGENT_APP, images.KAGENT_SKILLS),
    )


def _deployment(
    name: str,
    container: str,
    selector: Mapping[str, str],
    ports: tuple[Port, ...],
    image: Image,
    resources: ContainerResources,
    replicas: int,
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=name,
        labels=selector,
        ports=ports,
        pod_security=PodSecurity.RESTRICTED,
        service_account=name,
        containers=(Container(name=container, image=image, resources=resources),),
        replicas=replicas,
    )
