"""The pods that kagent's chart brings; those of agents are declared where agents are said."""

from __future__ import annotations

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
from components.kagent.names import CONTROLLER, KMCP, METRICS_PORT, NAMESPACE, PORT, RELEASE, UI, UI_PORT
from components.kagent.spec import KagentSpec

KMCP_RESOURCES = ContainerResources(cpu="20m", memory="64Mi", cpu_limit="500m", memory_limit="256Mi")
CONTROLLER_LABELS = labels(RELEASE, RELEASE) | {"app.kubernetes.io/component": "controller"}
UI_LABELS = labels(RELEASE, RELEASE) | {"app.kubernetes.io/component": "ui"}


def pods(spec: KagentSpec) -> tuple[PodClass, ...]:
    """The controller, the page, and the controller of MCP servers."""
    return (
        _deployment(
            CONTROLLER,
            "controller",
            CONTROLLER_LABELS,
            (Port("http", PORT), Port("metrics", METRICS_PORT)),
            images.KAGENT_CONTROLLER,
            spec.resources,
            spec.replicas,
        ),
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


def _deployment(
    name: str,
    container: str,
    selector: dict[str, str],
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
        starts=(images.KAGENT_APP, images.KAGENT_SKILLS) if name == CONTROLLER else (),
    )
