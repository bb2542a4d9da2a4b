"""The pods Argo CD's chart brings as we install it: no Dex, no notifications, no ApplicationSets."""

from __future__ import annotations

from components.argocd.spec import ArgoCdSpec
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

RELEASE = "argo-cd"
NAMESPACE = "argocd"
CONTROLLER = "argocd-application-controller"
SERVER = "argocd-server"
_PREFIX = f"{RELEASE}-argocd"

SERVER_RESOURCES = ContainerResources(cpu="50m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi")
COPY_RESOURCES = ContainerResources(cpu="20m", memory="32Mi", cpu_limit="100m", memory_limit="64Mi")
REDIS_RESOURCES = ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi")
SECRET_INIT_RESOURCES = ContainerResources(cpu="20m", memory="64Mi", cpu_limit="100m", memory_limit="128Mi")

SERVER_LABELS = labels("argocd-server", RELEASE)
REPO_SERVER_LABELS = labels("argocd-repo-server", RELEASE)


def pods(spec: ArgoCdSpec) -> tuple[PodClass, ...]:
    """Controller, API, repository server, cache, and the job that makes the cache's password."""
    return (
        _pods(
            Workload.STATEFUL_SET,
            "application-controller",
            CONTROLLER,
            (Port("metrics", 8082),),
            Container(
                name="application-controller", image=images.ARGOCD, resources=spec.controller_resources
            ),
        ),
        _pods(
            Workload.DEPLOYMENT,
            "server",
            SERVER,
            (Port("server", 8080), Port("metrics", 8083)),
            Container(name="server", image=images.ARGOCD, resources=SERVER_RESOURCES),
            replicas=spec.replicas,
        ),
        _pods(
            Workload.DEPLOYMENT,
            "repo-server",
            f"{_PREFIX}-repo-server",
            (Port("repo-server", 8081), Port("metrics", 8084)),
            Container(name="copyutil", image=images.ARGOCD, resources=COPY_RESOURCES),
            Container(name="repo-server", image=images.ARGOCD, resources=spec.repo_server_resources),
            replicas=spec.replicas,
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=f"{_PREFIX}-redis",
            # The one workload of the chart whose selector has no instance.
            labels={"app.kubernetes.io/name": "argocd-redis"},
            ports=(Port("redis", 6379),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=f"{_PREFIX}-redis",
            containers=(Container(name="redis", image=images.ARGOCD_REDIS, resources=REDIS_RESOURCES),),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.JOB,
            name=f"{_PREFIX}-redis-secret-init",
            labels=labels(
                "argocd-redis-secret-init", RELEASE, **{"app.kubernetes.io/component": "redis-secret-init"}
            ),
            ports=(),
            pod_security=PodSecurity.RESTRICTED,
            service_account=f"{_PREFIX}-redis-secret-init",
            containers=(Container(name="secret-init", image=images.ARGOCD, resources=SECRET_INIT_RESOURCES),),
            hook=True,
        ),
    )


def _pods(
    kind: Workload,
    name: str,
    service_account: str,
    ports: tuple[Port, ...],
    *containers: Container,
    replicas: int = 1,
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=kind,
        name=f"{_PREFIX}-{name}",
        labels=labels(f"argocd-{name}", RELEASE),
        ports=ports,
        pod_security=PodSecurity.RESTRICTED,
        service_account=service_account,
        containers=containers,
        replicas=replicas,
    )
