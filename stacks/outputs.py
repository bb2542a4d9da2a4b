"""What a stack tells the outside: the contract that other stacks and people read."""

from __future__ import annotations

from typing import Any

import pulumi

from components.identity_provider.render import FULL_SCOPE
from stacks.layers.gateway import WayIn
from stacks.platform import Platform


def outputs(platform: Platform) -> dict[str, Any]:
    """Every export by name; plain names and addresses, nothing secret."""
    config = platform.config
    return {
        "accountId": config.aws.account_id,
        "clusterName": platform.cluster.name,
        "environment": config.environment,
        **_way_in(platform.way_in),
        "kubeconfigCommand": (
            f"aws eks update-kubeconfig --name {config.cluster.name} --region {config.aws.region}"
        ),
        "region": config.aws.region,
        "tenants": sorted(config.tenants),
        "vpcId": platform.network.vpc_id,
    }


def export(platform: Platform) -> None:
    """Register the outputs with the engine."""
    for name, value in outputs(platform).items():
        pulumi.export(name, value)


def _way_in(way_in: WayIn) -> dict[str, Any]:
    """What a client needs: where, for whom, and what to ask for."""
    if way_in.gateway is None:
        return {}
    outputs: dict[str, Any] = {
        "gatewayUrl": way_in.gateway.url,
        "gatewayInternalUrl": way_in.gateway.internal_url,
        "gatewayScope": FULL_SCOPE,
        "clientIds": dict(way_in.client_ids),
    }
    if way_in.token_endpoint is not None:
        outputs["tokenEndpoint"] = way_in.token_endpoint
    if way_in.edge_domain is not None:
        outputs["edgeDomain"] = way_in.edge_domain
    return outputs
