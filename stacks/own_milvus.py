"""The Milvuses of a stack that are one tenant's own: which there are, what runs there, and how it is closed."""

from __future__ import annotations

from collections.abc import Mapping

from components.charts.pods import PodClass
from components.isolation.ends import Flow
from components.isolation.flows.milvus import own_milvus_flows
from components.milvus.pods import pods as milvus_pods
from components.milvus.room import quota
from components.milvus.spec import Instance, MilvusSpec
from components.namespaces.catalogue import PlatformNamespace
from components.vectors.pods import job_pod
from stacks.config import PlatformConfig
from stacks.parts import parts


def own_milvuses(config: PlatformConfig) -> Mapping[Instance, MilvusSpec]:
    """By tenant's name; none where the stack has no vectors."""
    if "vectors" not in parts(config):
        return {}
    return {one: config.vectors.dedicated[one.tenant or ""] for one in config.vectors.instances}


def own_pods(instance: Instance, spec: MilvusSpec) -> tuple[PodClass, ...]:
    """All that there is in its namespace."""
    return (*milvus_pods(spec, instance), job_pod(instance))


def own_namespaces(config: PlatformConfig) -> Mapping[str, PlatformNamespace]:
    """The rows that the catalogue of namespaces has not; each as large as what runs there."""
    return {
        instance.namespace: PlatformNamespace(
            purpose=f"vectors of {instance.tenant} alone",
            pod_security="restricted",
            quota=quota(spec, own_pods(instance, spec)),
            in_mesh=True,
            reads_secrets=True,
        )
        for instance, spec in own_milvuses(config).items()
    }


def own_buckets(config: PlatformConfig) -> Mapping[str, str]:
    """What for, by purpose: Milvus asks for the bucket as a whole, so a prefix of another's would not do."""
    return {
        instance.name: f"vectors, indexes and the write-ahead log of {instance.title}"
        for instance in own_milvuses(config)
    }


def own_flows(config: PlatformConfig) -> tuple[Flow, ...]:
    """Who reaches them: the tenant, and Prometheus."""
    return tuple(
        flow
        for instance in own_milvuses(config)
        for flow in own_milvus_flows(instance.tenant or "", instance.namespace, instance.name)
    )
