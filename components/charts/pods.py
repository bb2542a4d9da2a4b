"""The pods a release brings, as data: a plan cannot see into a release, and flows and quotas have to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from components.charts.images import Image
from components.core.quantities import Cpu, Memory, parse
from components.core.spec import Spec


class ContainerResources(Spec):
    """What one container asks for and may use at most: both always, a quota on limits demands limits."""

    cpu: Cpu = Field(description="CPU that is reserved for it: cores (2) or millicores (500m).")
    memory: Memory = Field(description="Memory that is reserved for it: 512Mi, 4Gi.")
    cpu_limit: Cpu = Field(description="CPU it may use at most.")
    memory_limit: Memory = Field(description="Memory at which it is killed.")

    @model_validator(mode="after")
    def _limits_cover_requests(self) -> Self:
        for name, request, limit in (
            ("cpu", self.cpu, self.cpu_limit),
            ("memory", self.memory, self.memory_limit),
        ):
            if parse(limit) < parse(request):
                raise ValueError(f"{name}_limit {limit} is below {name} {request}; raise it to at least that")
        return self

    @property
    def requests(self) -> dict[str, str]:
        """As Kubernetes has it."""
        return {"cpu": self.cpu, "memory": self.memory}

    @property
    def limits(self) -> dict[str, str]:
        """As Kubernetes has it."""
        return {"cpu": self.cpu_limit, "memory": self.memory_limit}

    def values(self) -> dict[str, dict[str, str]]:
        """The `resources` block of a container."""
        return {"requests": self.requests, "limits": self.limits}


class Workload(StrEnum):
    """What keeps the pods of a class running."""

    DEPLOYMENT = "Deployment"
    STATEFUL_SET = "StatefulSet"
    DAEMON_SET = "DaemonSet"
    JOB = "Job"


class PodSecurity(StrEnum):
    """The strictest Pod Security level that all pods of a class pass."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"
    PRIVILEGED = "privileged"


@dataclass(frozen=True, slots=True)
class Port:
    """A container port that the pod declares."""

    name: str
    number: int
    protocol: Literal["TCP", "UDP"] = "TCP"


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container of a pod, with the image it runs and the room it has."""

    name: str
    image: Image
    resources: ContainerResources


@dataclass(frozen=True, kw_only=True)
class PodClass:
    """Pods that are alike: one workload of a release."""

    release: str
    namespace: str
    kind: Workload
    name: str
    labels: Mapping[str, str]
    """The selector's labels, or the stable pod labels of a Job: what a NetworkPolicy selects by."""
    ports: tuple[Port, ...]
    pod_security: PodSecurity
    service_account: str
    containers: tuple[Container, ...]
    replicas: int | None = 1
    """None: one on every node it matches (DaemonSet)."""
    hook: bool = False
    """Run by Helm around an install, not all the time."""
    starts: tuple[Image, ...] = ()
    """Images it runs in pods of its own making, in namespaces that the release does not know."""

    @property
    def images(self) -> tuple[Image, ...]:
        """Every image these pods run or start."""
        return (*(container.image for container in self.containers), *self.starts)

    def port(self, name: str) -> Port:
        """The port of that name; KeyError where the pod declares none."""
        for port in self.ports:
            if port.name == name:
                return port
        raise KeyError(f"{self.kind.value}/{self.name} has no port {name!r}")

    def requests(self, resource: Literal["cpu", "memory"]) -> Fraction:
        """What one pod asks for, summed over its containers."""
        return sum(
            (parse(container.resources.requests[resource]) for container in self.containers), Fraction(0)
        )

    def limits(self, resource: Literal["cpu", "memory"]) -> Fraction:
        """What one pod may use at most, summed over its containers."""
        return sum(
            (parse(container.resources.limits[resource]) for container in self.containers), Fraction(0)
        )


def labels(name: str, release: str, **more: str) -> dict[str, str]:
    """The recommended labels that most charts select their pods by."""
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": release, **more}
