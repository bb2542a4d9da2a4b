"""What a user may say about a namespace: how much it may use, what a container gets, an exception."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from components.core.quantities import Cpu, Memory
from components.core.spec import DnsLabel, Spec


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Cores = Annotated[Cpu, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]
"""CPU as YAML users write it: `20` and `"20"` are the same amount."""

GpuGrant = dict[DnsLabel, PositiveInt]
"""GPUs by the name of the accelerator pool they come from: an H100 and an A10G are not the same unit."""

LIMITS_OF: Mapping[str, str] = MappingProxyType({"cpu": "limits_cpu", "memory": "limits_memory"})
"""Each request field of a quota and the limit field that has to stand beside it."""


class QuotaSpec(Spec):
    """What all pods of a namespace may ask for together; a quota that is written is written whole."""

    cpu: Cores = Field(description="Sum of CPU requests: cores (20) or millicores (500m).")
    memory: Memory = Field(description="Sum of memory requests, with a binary unit (40Gi).")
    limits_cpu: Cores = Field(description="Sum of CPU limits; at least `cpu`.")
    limits_memory: Memory = Field(description="Sum of memory limits; at least `memory`.")
    pods: PositiveInt | None = Field(default=None, description="Pods at one time; unlimited if left out.")
    services: PositiveInt | None = Field(default=None, description="Services; unlimited if left out.")
    persistent_volume_claims: PositiveInt | None = Field(
        default=None, description="PersistentVolumeClaims; unlimited if left out."
    )

    @model_validator(mode="before")
    @classmethod
    def _requests_come_with_limits(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        written = cast("Mapping[str, object]", data)
        missing = [
            limit for request, limit in LIMITS_OF.items() if request in written and limit not in written
        ]
        if missing:
            raise ValueError(
                f"a quota on requests needs one on limits too: {' and '.join(missing)} missing; "
                "write them, or leave the quota out for the default"
            )
        return written


class ContainerDefaultsSpec(Spec):
    """What a container gets that names no requests or limits: without it, a quota refuses such pods."""

    cpu: Cores = Field(default="250m", description="CPU request of a container that names none.")
    memory: Memory = Field(default="512Mi", description="Memory request of a container that names none.")
    limits_cpu: Cores = Field(default="500m", description="CPU limit of a container that names none.")
    limits_memory: Memory = Field(default="1Gi", description="Memory limit of a container that names none.")


class PodSecurityException(Spec):
    """A weaker Pod Security level than the platform's default, and why it is bearable."""

    level: Literal["baseline", "privileged"] = Field(description="The level enforced instead.")
    reason: str = Field(
        min_length=10, max_length=200, description="Why; kept as an annotation of the Namespace."
    )


class NamespaceSpec(Spec):
    """What a stack changes about one of the platform's namespaces; what it leaves out keeps its default."""

    quota: QuotaSpec | None = Field(default=None, description="Replaces the default quota as a whole.")
    gpus: GpuGrant | None = Field(
        default=None, description="GPUs per accelerator pool; replaces the default split as a whole."
    )
    container_defaults: ContainerDefaultsSpec | None = Field(
        default=None, description="Replaces the default requests and limits of a container."
    )
    pod_security: PodSecurityException | None = Field(
        default=None, description="A weaker Pod Security level, with a reason."
    )
