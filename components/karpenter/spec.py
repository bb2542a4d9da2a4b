"""What a user may say about Karpenter itself; what it may buy is said by the node pools."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.core.spec import Spec

NODE_ROLE_PURPOSE = "karpenter-node"
"""The purpose of the role of every node that Karpenter starts, for `core.names.role_name`."""

CONTROLLER_PURPOSE = "karpenter"
SERVICE_ACCOUNT = "karpenter"


class KarpenterSpec(Spec):
    """The controller's own settings."""

    log_level: Literal["debug", "info", "error"] = Field(default="info", description="How much it logs.")
    zonal_shift: bool = Field(
        default=False,
        description="Heeds a zonal shift of the cluster: no new nodes in a zone shifted away from.",
    )
