"""How much a namespace may use: what may be said about it, and what of that does not add up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, cast

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from components.core.faults import Fault
from components.core.quantities import Cpu, Memory, parse
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


def quota_faults(path: str, quota: QuotaSpec) -> list[Fault]:
    """A quota whose limits lie below its requests: no pod could use up what was granted."""
    return [
        Fault(
            f"{path}.{limit}",
            f"is {getattr(quota, limit)}, below {request} {getattr(quota, request)}: never used up",
            f"raise {limit} to at least {getattr(quota, request)}",
        )
        for request, limit in LIMITS_OF.items()
        if parse(getattr(quota, limit)) < parse(getattr(quota, request))
    ]


def container_default_faults(
    path: str, defaults: ContainerDefaultsSpec, quota: QuotaSpec | None
) -> list[Fault]:
    """Defaults that the API server refuses (request above limit), or of which the quota cannot hold one."""
    faults = [
        Fault(
            f"{path}.container_defaults.{request}",
            f"is {getattr(defaults, request)}, above {limit} {getattr(defaults, limit)}",
            f"lower it, or raise {limit}",
        )
        for request, limit in LIMITS_OF.items()
        if parse(getattr(defaults, request)) > parse(getattr(defaults, limit))
    ]
    if quota is None:
        return faults
    return faults + [
        Fault(
            f"{path}.container_defaults.{name}",
            f"is {getattr(defaults, name)}, above the whole quota's {getattr(quota, name)}",
            "lower it, or raise the quota; as it is no pod of the default size could start",
        )
        for name in (*LIMITS_OF, *LIMITS_OF.values())
        if parse(getattr(defaults, name)) > parse(getattr(quota, name))
    ]
