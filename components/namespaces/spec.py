"""What a user may say about a namespace: how much it may use, what a container gets, an exception."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.core.spec import Spec
from components.isolation.quota import ContainerDefaultsSpec, GpuGrant, QuotaSpec
from components.namespaces.catalogue import RESERVED

__all__ = ["RESERVED", "NamespaceSpec", "PodSecurityException"]


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
