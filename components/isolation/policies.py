"""Rendered policies as resources: where a table of flows becomes something a cluster enforces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicySpecArgsDict

from components.isolation.render import PolicySpec


def network_policies(
    prefix: str,
    namespace: Input[str],
    rendered: Mapping[str, PolicySpec],
    *,
    labels: Mapping[str, str],
    opts: ResourceOptions,
) -> list[Resource]:
    """One NetworkPolicy per rendered spec, named as the renderer named it."""
    return [
        NetworkPolicy(
            f"{prefix}-{name}",
            metadata={"name": name, "namespace": namespace, "labels": dict(labels)},
            # The renderer writes manifests, with the API's own keys; the SDK passes those through.
            spec=cast("NetworkPolicySpecArgsDict", spec),
            opts=opts,
        )
        for name, spec in rendered.items()
    ]
