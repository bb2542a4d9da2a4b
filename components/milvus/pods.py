"""The pods of Milvus, in either mode, and of its etcd."""

from __future__ import annotations

from collections.abc import Mapping

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
from components.milvus.names import ETCD_METRICS_PORT, METRICS_PORT, SERVICE_ACCOUNT, etcd
from components.milvus.spec import (
    PORT,
    SHARED,
    ClusterMilvus,
    Instance,
    MilvusSpec,
    StandaloneMilvus,
)

METRICS = Port("metrics", METRICS_PORT)
CLIENTS = Port("milvus", PORT)
ETCD_METRICS_LISTENER = Port("metrics", ETCD_METRICS_PORT)


def component_labels(instance: Instance, component: str) -> dict[str, str]:
    """What the chart selects the pods of one component by."""
    return labels("milvus", instance.name, component=component)


def etcd_labels(instance: Instance) -> dict[str, str]:
    """What the chart selects the members of etcd by."""
    return labels("etcd", instance.name)


def pods(spec: MilvusSpec, instance: Instance = SHARED) -> tuple[PodClass, ...]:
    """Every pod there may be at once; query nodes that are scaled count with their most."""
    match spec:
        case StandaloneMilvus():
            mine = (_milvus(instance, "standalone", (CLIENTS, METRICS), 1, spec.resources),)
        case ClusterMilvus():
            mine = _cluster(spec, instance)
    return (*mine, _etcd(spec, instance))


def _cluster(spec: ClusterMilvus, instance: Instance) -> tuple[PodClass, ...]:
    sized = (
        ("proxy", CLIENTS, spec.proxy.replicas, spec.proxy.resources),
        ("querynode", Port("querynode", 21123), spec.query_node.most_replicas, spec.query_node.resources),
        ("datanode", Port("datanode", 21124), spec.data_node.replicas, spec.data_node.resources),
        (
            "streamingnode",
            Port("streamingnode", 22222),
            spec.streaming_node.replicas,
            spec.streaming_node.resources,
        ),
    )
    return (
        _milvus(instance, "mixcoord", (METRICS,), spec.coordinator.replicas, spec.coordinator.resources),
        *(
            _milvus(instance, component, (port, METRICS), replicas, resources)
            for component, port, replicas, resources in sized
        ),
    )


def _milvus(
    instance: Instance,
    component: str,
    ports: tuple[Port, ...],
    replicas: int,
    resources: ContainerResources,
) -> PodClass:
    return PodClass(
        release=instance.name,
        namespace=instance.namespace,
        kind=Workload.DEPLOYMENT,
        name=f"{instance.name}-{component}",
        labels=component_labels(instance, component),
        ports=ports,
        pod_security=PodSecurity.RESTRICTED,
        service_account=SERVICE_ACCOUNT,
        containers=(Container(name=component, image=images.MILVUS, resources=resources),),
        replicas=replicas,
    )


def _etcd(spec: MilvusSpec, instance: Instance) -> PodClass:
    return PodClass(
        release=instance.name,
        namespace=instance.namespace,
        kind=Workload.STATEFUL_SET,
        name=etcd(instance),
        labels=etcd_labels(instance),
        # The chart's container declares the first two; it listens on the third because it is told to.
        ports=(Port("client", 2379), Port("peer", 2380), ETCD_METRICS_LISTENER),
        pod_security=PodSecurity.RESTRICTED,
        service_account="default",
        containers=(Container(name="etcd", image=images.MILVUS_ETCD, resources=spec.etcd.resources),),
        replicas=spec.etcd_replicas,
    )


def disruption_budgets(spec: MilvusSpec, instance: Instance = SHARED) -> Mapping[str, Mapping[str, str]]:
    """The labels of each Milvus component that has pods to spare, by name; the chart brings no budget."""
    return {
        pod.name: pod.labels
        for pod in pods(spec, instance)
        if pod.kind is Workload.DEPLOYMENT and pod.replicas is not None and pod.replicas > 1
    }
