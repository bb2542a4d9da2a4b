"""The objects whose names are made of names in the config: one list, so that no two entries make one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.agents.objects import agent_objects
from components.core.objects import ObjectName, objects
from components.models.objects import model_objects
from components.tools.objects import tool_objects

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by a rule that asks for these


def named_objects(config: PlatformConfig) -> list[ObjectName]:
    """Tenants' secrets, models, tools, agents, workflows: of two that are one, the second is at fault.

    A workflow that has an agent's name is left out: there is a rule of its own about it.
    """
    pools = config.gateway.installed and config.gateway.inference_pools
    workflows = {name: one for name, one in config.workflows.items() if name not in config.agents}
    return [
        *(
            one
            for tenant, spec in config.tenants.items()
            for secret in spec.secrets
            for one in objects(tenant, secret, f"tenants.{tenant}.secrets", "Secret")
        ),
        *model_objects(config.models, inference_pools=pools),
        *tool_objects(config.tools),
        *agent_objects("agents", config.agents),
        *agent_objects("workflows", workflows),
    ]
