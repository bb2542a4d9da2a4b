"""The pods of Langfuse, of ClickHouse and its quorum, and of the operator."""

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
from components.langfuse.names import (
    CLUSTER,
    NAMESPACE,
    OPERATOR_NAMESPACE,
    OPERATOR_RELEASE,
    RELEASE,
    SERVICE_ACCOUNT,
    WEB_PORT,
)
from components.langfuse.spec import LangfuseSpec

OPERATOR_RESOURCES = ContainerResources(cpu="50m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi")
KEEPER_RESOURCES = ContainerResources(cpu="100m", memory="512Mi", cpu_limit="1", memory_limit="1Gi")

WEB_LABELS = labels("langfuse", RELEASE, app="web")
WORKER_LABELS = labels("langfuse", RELEASE, app="worker")
OPERATOR_LABELS = {
    "app.kubernetes.io/name": "clickhouse-operator",
    "control-plane": "controller-manager",
}
CLICKHOUSE_LABELS = {
    "app": f"{CLUSTER}-clickhouse",
    "app.kubernetes.io/name": "clickhouse-server",
    "clickhouse.com/role": "clickhouse-server",
}
KEEPER_LABELS = {"app": f"{CLUSTER}-keeper", "clickhouse.com/role": "clickhouse-keeper"}
CLICKHOUSE_PORTS = (
    Port("http", 8123),
    Port("tcp", 9000),
    Port("management", 9001),
    Port("interserver", 9009),
    Port("prometheus", 9363),
)
KEEPER_PORTS = (Port("keeper", 2181), Port("raft-ipc", 9234), Port("prometheus", 9090))


def pods(spec: LangfuseSpec) -> tuple[PodClass, ...]:
    """Web and workers, what the operator makes of our custom resources, and the operator itself."""
    return (
        _langfuse("web", WEB_LABELS, WEB_PORT, images.LANGFUSE_WEB, spec.replicas, spec.resources),
        _langfuse(
            "worker", WORKER_LABELS, 3030, images.LANGFUSE_WORKER, spec.worker_replicas, spec.resources
        ),
        *store_pods(spec),
        operator_pod(),
    )


def store_pods(spec: LangfuseSpec) -> tuple[PodClass, ...]:
    """What the operator makes of our two custom resources."""
    clickhouse = spec.clickhouse
    return (
        _store(
            "clickhouse-server",
            "clickhouse",
            CLICKHOUSE_LABELS,
            CLICKHOUSE_PORTS,
            images.CLICKHOUSE_SERVER,
            clickhouse.replicas,
            clickhouse.resources,
        ),
        _store(
            "clickhouse-keeper",
            "keeper",
            KEEPER_LABELS,
            KEEPER_PORTS,
            images.CLICKHOUSE_KEEPER,
            clickhouse.keeper_replicas,
            KEEPER_RESOURCES,
        ),
    )


def operator_pod() -> PodClass:
    """The operator, alone in its namespace."""
    return PodClass(
        release=OPERATOR_RELEASE,
        namespace=OPERATOR_NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name="clickhouse-operator-controller-manager",
        labels=OPERATOR_LABELS,
        ports=(Port("webhook-server", 9443), Port("metrics-server", 8080)),
        pod_security=PodSecurity.RESTRICTED,
        service_account="clickhouse-operator-controller-manager",
        containers=(
            Container(name="manager", image=images.CLICKHOUSE_OPERATOR, resources=OPERATOR_RESOURCES),
        ),
    )


def _langfuse(
    part: str,
    selector: dict[str, str],
    port: int,
    image: Image,
    replicas: int,
    resources: ContainerResources,
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=f"{RELEASE}-{part}",
        labels=selector,
        ports=(Port("http", port),),
        pod_security=PodSecurity.RESTRICTED,
        service_account=SERVICE_ACCOUNT,
        containers=(Container(name=f"langfuse-{part}", image=image, resources=resources),),
        replicas=replicas,
    )


def _store(
    container: str,
    part: str,
    selector: dict[str, str],
    ports: tuple[Port, ...],
    image: Image,
    replicas: int,
    resources: ContainerResources,
) -> PodClass:
    # The operator makes one StatefulSet for each replica; they are alike, so they are one class.
    return PodClass(
        release=OPERATOR_RELEASE,
        namespace=NAMESPACE,
        kind=Workload.STATEFUL_SET,
        name=f"{CLUSTER}-{part}",
        labels=selector,
        ports=ports,
        pod_security=PodSecurity.RESTRICTED,
        service_account="default",
        containers=(Container(name=container, image=image, resources=resources),),
        replicas=replicas,
    )
