"""The pods of the gateway: the controller that a chart brings, and the proxies that the controller makes."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
    labels,
)
from components.gateway.names import (
    CONFIGURATION_PORT,
    CONTROLLER,
    CONTROLLER_NAMESPACE,
    GATEWAY,
    HTTP_PORT,
    HTTPS_PORT,
    INTERNAL_PORT,
    METRICS_PORT,
    NAMESPACE,
    POD_LABELS,
    READINESS_PORT,
)
from components.gateway.spec import GatewaySpec

CONTROLLER_LABELS = labels(CONTROLLER, CONTROLLER, agentgateway=CONTROLLER)
CONTROLLER_RESOURCES = ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="512Mi")
HEALTH_PORT, CONTROLLER_METRICS_PORT = 9093, 9092


def pods(spec: GatewaySpec) -> tuple[PodClass, ...]:
    """The controller, and the proxies at their smallest number."""
    return (
        PodClass(
            release=CONTROLLER,
            namespace=CONTROLLER_NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=CONTROLLER,
            labels=CONTROLLER_LABELS,
            ports=(
                Port("grpc-xds-agw", CONFIGURATION_PORT),
                Port("health", HEALTH_PORT),
                Port("metrics", CONTROLLER_METRICS_PORT),
            ),
            pod_security=PodSecurity.RESTRICTED,
            service_account=CONTROLLER,
            replicas=spec.controller_replicas,
            containers=(
                Container(
                    name="controller", image=images.AGENTGATEWAY_CONTROLLER, resources=CONTROLLER_RESOURCES
                ),
            ),
        ),
        proxy_pods(spec),
    )


def proxy_pods(spec: GatewaySpec) -> PodClass:
    """The proxies that the controller makes for the Gateway; it declares one port of theirs, they answer on more."""
    return PodClass(
        release=CONTROLLER,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=GATEWAY,
        labels=POD_LABELS,
        ports=(
            Port("metrics", METRICS_PORT),
            Port("readiness", READINESS_PORT),
            Port("https", HTTPS_PORT),
            Port("http", HTTP_PORT),
            Port("internal", INTERNAL_PORT),
        ),
        pod_security=PodSecurity.RESTRICTED,
        service_account=GATEWAY,
        replicas=spec.proxy.replicas,
        containers=(
            Container(name="agentgateway", image=images.AGENTGATEWAY_PROXY, resources=spec.proxy.resources),
        ),
    )
