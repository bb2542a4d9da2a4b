"""What holds for pods wherever a controller of kagent's makes them: in force before there is one."""

from __future__ import annotations

from pulumi import Resource, ResourceOptions

from components.core.labels import managed_labels
from components.isolation.admission import in_force
from components.kagent import accounts, agent_pods
from components.kagent.names import RELEASE


def guard_pods(name: str, opts: ResourceOptions) -> tuple[Resource, ...]:
    """The policies in force: whoever installs a controller waits for them."""
    labels = managed_labels(RELEASE)
    return (
        *in_force(f"{name}-accounts", accounts.NAME, accounts.policy(), labels=labels, opts=opts),
        *in_force(f"{name}-agents", agent_pods.NAME, agent_pods.policy(), labels=labels, opts=opts),
    )
