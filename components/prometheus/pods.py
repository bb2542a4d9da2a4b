"""The pods kube-prometheus-stack brings, those its operator makes included."""

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
from components.prometheus.spec import PrometheusSpec

RELEASE = "kube-prometheus-stack"
NAMESPACE = "observability"
NODE_NAMESPACE = "node-monitoring"
SERVICE = f"{RELEASE}-prometheus"
PORT = 9090
GRAFANA_SERVICE = f"{RELEASE}-grafana"
PROMETHEUS_POD = f"prometheus-{RELEASE}-prometheus"

OPERATOR_RESOURCES = ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi")
RELOADER_RESOURCES = ContainerResources(cpu="20m", memory="32Mi", cpu_limit="100m", memory_limit="64Mi")
ADMISSION_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
ALERTMANAGER_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
SIDECAR_RESOURCES = ContainerResources(cpu="50m", memory="96Mi", cpu_limit="200m", memory_limit="192Mi")
STATE_METRICS_RESOURCES = ContainerResources(
    cpu="50m", memory="128Mi", cpu_limit="200m", memory_limit="256Mi"
)
NODE_EXPORTER_RESOURCES = ContainerResources(cpu="50m", memory="32Mi", cpu_limit="250m", memory_limit="64Mi")

PROMETHEUS_LABELS = {
    "app.kubernetes.io/name": "prometheus",
    "operator.prometheus.io/name": f"{RELEASE}-prometheus",
}
ALERTMANAGER_LABELS = {
    "app.kubernetes.io/name": "alertmanager",
    "alertmanager": f"{RELEASE}-alertmanager",
}
WEB_PORTS = Port("reloader-web", 8080)


def replica_hosts(spec: PrometheusSpec) -> tuple[str, ...]:
    """The address of each Prometheus of its own, for whoever has to write to all of them.

    Behind the Service a writer would reach one or the other, and each would keep half of every series.
    """
    return tuple(
        f"{PROMETHEUS_POD}-{ordinal}.prometheus-operated.{NAMESPACE}.svc:{PORT}"
        for ordinal in range(spec.replicas)
    )


def pods(spec: PrometheusSpec) -> tuple[PodClass, ...]:
    """Operator, its two admission jobs, exporters, Grafana, and the StatefulSets that the operator makes."""
    return (
        _node_exporter(),
        _grafana(spec),
        _deployment(
            "kube-state-metrics",
            _state_metrics_labels(),
            (Port("http", 8080), Port("metrics", 8081)),
            Container(
                name="kube-state-metrics",
                image=images.KUBE_STATE_METRICS,
                resources=STATE_METRICS_RESOURCES,
            ),
        ),
        _deployment(
            "operator",
            {"app": f"{RELEASE}-operator", "release": RELEASE},
            (Port("https", 10250),),
            Container(name=RELEASE, image=images.PROMETHEUS_OPERATOR, resources=OPERATOR_RESOURCES),
        ),
        _admission_job("create"),
        _admission_job("patch"),
        _stateful_set(
            f"prometheus-{RELEASE}-prometheus",
            PROMETHEUS_LABELS,
            Port("http-web", PORT),
            f"{RELEASE}-prometheus",
            spec.replicas,
            Container(name="prometheus", image=images.PROMETHEUS, resources=spec.resources),
        ),
        _stateful_set(
            f"alertmanager-{RELEASE}-alertmanager",
            ALERTMANAGER_LABELS,
            Port("http-web", 9093),
            f"{RELEASE}-alertmanager",
            spec.alertmanager_replicas,
            Container(name="alertmanager", image=images.ALERTMANAGER, resources=ALERTMANAGER_RESOURCES),
        ),
    )


def _state_metrics_labels() -> dict[str, str]:
    return labels("kube-state-metrics", RELEASE)


def _deployment(
    name: str, selector: dict[str, str], ports: tuple[Port, ...], *containers: Container
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=f"{RELEASE}-{name}",
        labels=selector,
        ports=ports,
        pod_security=PodSecurity.RESTRICTED,
        service_account=f"{RELEASE}-{name}",
        containers=containers,
    )


def _grafana(spec: PrometheusSpec) -> PodClass:
    sidecars = (
        Container(name=name, image=images.GRAFANA_SIDECAR, resources=SIDECAR_RESOURCES)
        for name in ("grafana-sc-dashboard", "grafana-sc-datasources")
    )
    return _deployment(
        "grafana",
        labels("grafana", RELEASE),
        (
            Port("grafana", 3000),
            Port("gossip-tcp", 9094),
            Port("gossip-udp", 9094, "UDP"),
            Port("profiling", 6060),
        ),
        *sidecars,
        Container(name="grafana", image=images.GRAFANA, resources=spec.grafana.resources),
    )


def _node_exporter() -> PodClass:
    name = f"{RELEASE}-prometheus-node-exporter"
    return PodClass(
        release=RELEASE,
        namespace=NODE_NAMESPACE,
        kind=Workload.DAEMON_SET,
        name=name,
        labels=labels("prometheus-node-exporter", RELEASE),
        ports=(Port("http-metrics", 9100),),
        pod_security=PodSecurity.PRIVILEGED,
        service_account=name,
        containers=(
            Container(name="node-exporter", image=images.NODE_EXPORTER, resources=NODE_EXPORTER_RESOURCES),
        ),
        replicas=None,
    )


def _admission_job(step: str) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.JOB,
        name=f"{RELEASE}-admission-{step}",
        labels={
            "app": f"{RELEASE}-admission-{step}",
            "app.kubernetes.io/instance": RELEASE,
            "release": RELEASE,
            "app.kubernetes.io/name": f"{RELEASE}-prometheus-operator",
            "app.kubernetes.io/component": "prometheus-operator-webhook",
        },
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=f"{RELEASE}-admission",
        containers=(Container(name=step, image=images.WEBHOOK_CERTGEN, resources=ADMISSION_RESOURCES),),
        hook=True,
    )


def _stateful_set(
    name: str,
    selector: dict[str, str],
    web: Port,
    service_account: str,
    replicas: int,
    container: Container,
) -> PodClass:
    reloader: Image = images.PROMETHEUS_CONFIG_RELOADER
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.STATEFUL_SET,
        name=name,
        labels=selector,
        ports=(web, WEB_PORTS),
        pod_security=PodSecurity.RESTRICTED,
        service_account=service_account,
        containers=(
            container,
            Container(name="config-reloader", image=reloader, resources=RELOADER_RESOURCES),
        ),
        replicas=replicas,
    )
