"""The namespace of a Milvus that is one tenant's: how much it may use, which is what its pods ask for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from components.charts.pods import PodClass, Workload
from components.core.quantities import GIB
from components.isolation.quota import QuotaSpec
from components.milvus.spec import MilvusSpec

SURGE = Fraction(1, 4)
"""Of a Deployment that says nothing, as Milvus's chart does (apps/v1, maxSurge 25 %, rounded up)."""


def quota(spec: MilvusSpec, pods: Iterable[PodClass]) -> QuotaSpec:
    """Room for all of these pods at their most, and for those of an update; whole cores and GiB.

    Exactly that: whoever raises the Milvus raises the quota with it, and nothing else can run there.
    """
    counted = [(pod, _most(pod)) for pod in pods]

    def total(of: Literal["requests", "limits"], resource: Literal["cpu", "memory"], unit: int) -> int:
        return math.ceil(
            sum((number * getattr(pod, of)(resource) for pod, number in counted), Fraction(0)) / unit
        )

    return QuotaSpec(
        cpu=str(total("requests", "cpu", 1)),
        memory=f"{total('requests', 'memory', GIB)}Gi",
        limits_cpu=str(total("limits", "cpu", 1)),
        limits_memory=f"{total('limits', 'memory', GIB)}Gi",
        pods=sum(number for _, number in counted),
        persistent_volume_claims=spec.etcd_replicas,
    )


def _most(pod: PodClass) -> int:
    replicas = pod.replicas or 1
    match pod.kind:
        case Workload.DEPLOYMENT:
            return replicas + math.ceil(replicas * SURGE)
        case Workload.JOB:
            # A Job is replaced by another before it is deleted.
            return 2 * replicas
        case _:
            return replicas


def summary(spec: MilvusSpec, pods: Iterable[PodClass]) -> str:
    """What it takes, as a person says it who has to pay for it."""
    counted = [(pod, pod.replicas or 1) for pod in pods]
    cpu = sum((number * pod.requests("cpu") for pod, number in counted), Fraction(0))
    memory = sum((number * pod.requests("memory") for pod, number in counted), Fraction(0)) / GIB
    disk = spec.etcd_replicas * spec.etcd.storage_gib
    return (
        f"{sum(number for _, number in counted)} pods with {float(cpu):g} CPUs and {float(memory):g} GiB, "
        f"{disk} GiB of volumes, and a bucket"
    )
