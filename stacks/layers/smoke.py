"""The test that policies are enforced: rendered with the stack, run by hand."""

from __future__ import annotations

from components.smoke.smoke import Smoke, SmokeArgs
from stacks.layers.ground import Ground
from stacks.pods import declared_pods


def smoke(ground: Ground) -> None:
    """Two tenants that try what they may and what they may not, as soon as somebody asks."""
    if "smoke" not in ground.parts:
        return
    Smoke(
        "smoke",
        SmokeArgs(
            spec=ground.config.services.smoke,
            tenants=ground.tenants,
            pods=declared_pods(ground.config),
            flows=ground.flows,
            around=ground.around,
            namespaces=tuple(ground.namespaces),
        ),
        opts=ground.kubernetes,
    )
