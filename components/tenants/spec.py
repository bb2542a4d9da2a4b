"""What a user may say about a tenant: who pays, how much, which secrets; isolation is not optional."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.core.spec import DnsLabel, ModelName, Spec
from components.identity_provider.spec import ClientId
from components.isolation.quota import ContainerDefaultsSpec, GpuGrant, QuotaSpec

LabelValue = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$", min_length=1, max_length=63)
]
"""A Kubernetes label value: cost reports group by it."""

Tier = Literal["standard"]

TIERS: Mapping[Tier, QuotaSpec] = MappingProxyType(
    {
        "standard": QuotaSpec(
            cpu="20", memory="40Gi", limits_cpu="40", limits_memory="80Gi", pods=50, services=10
        )
    }
)
"""The quota a tenant has that writes none."""


class TenantSpec(Spec):
    """One tenant. Namespace, policies, access and identity are derived and cannot be forgotten."""

    owner: LabelValue = Field(description="The team that answers for the tenant; a label of its Namespace.")
    cost_center: LabelValue = Field(description="What its use is booked on; a label of its Namespace.")
    tier: Tier = Field(default="standard", description="The size preset: the quota, where none is written.")
    quota: QuotaSpec | None = Field(default=None, description="Replaces the tier's quota as a whole.")
    gpus: GpuGrant = Field(
        default_factory=dict, description="GPUs per accelerator pool; none unless written."
    )
    container_defaults: ContainerDefaultsSpec = Field(
        default_factory=ContainerDefaultsSpec,
        description="Requests and limits of a container that names none.",
    )
    secrets: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=20,
        description="Names out of the stack's `secrets`; each becomes a Secret in the tenant's namespace.",
    )

    models: list[ModelName] | None = Field(
        default=None,
        max_length=64,
        description="The public model names it may ask the gateway for; all of them unless written.",
    )
    client_ids: list[ClientId] = Field(
        default_factory=list[str],
        max_length=20,
        description=(
            "App clients of the identity provider, made outside this stack, whose tokens stand for the tenant "
            "besides those of its own client: for programs that need a client secret."
        ),
    )

    @property
    def effective_quota(self) -> QuotaSpec:
        """The quota in force: the tenant's own, else its tier's."""
        return self.quota or TIERS[self.tier]
