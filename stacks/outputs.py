"""What a stack tells the outside: the contract that other stacks and people read."""

from __future__ import annotations

from typing import Any

import pulumi

from components.gateway.routes import AGENTS_PREFIX
from components.identity_provider.render import FULL_SCOPE
from components.identity_provider.spec import ExternalSpec
from stacks.config import PlatformConfig
from stacks.layers.gateway import WayIn, public_url
from stacks.platform import Platform


def outputs(platform: Platform) -> dict[str, Any]:
    """Every export by name; plain names and addresses, nothing secret."""
    config = platform.config
    return {
        "accountId": config.aws.account_id,
        "clusterName": platform.cluster.name,
        "environment": config.environment,
        **_way_in(config, platform.way_in),
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


def _way_in(config: PlatformConfig, way_in: WayIn) -> dict[str, Any]:
    """What a client needs: where, for whom, and what to ask for."""
    url = public_url(config, way_in)
    if way_in.gateway is None or url is None:
        return {}
    outputs: dict[str, Any] = {
        "access": {
            tenant: _access(config, url, tenant, way_in.client_ids.get(tenant))
            for tenant in sorted(config.tenants)
        },
        "gatewayUrl": url,
        "gatewayInternalUrl": way_in.gateway.internal_url,
        "gatewayScope": FULL_SCOPE,
        "clientIds": dict(way_in.client_ids),
    }
    if way_in.token_endpoint is not None:
        outputs["tokenEndpoint"] = way_in.token_endpoint
    if way_in.edge_domain is not None:
        outputs["edgeDomain"] = way_in.edge_domain
    return outputs


def _access(
    config: PlatformConfig, url: str, tenant: str, client_id: pulumi.Output[str] | None
) -> dict[str, Any]:
    """What a tenant is told, to give to a stock SDK; the token is its own to get."""
    identity = config.identity
    token = (
        {"audience": list(identity.audiences)}
        if isinstance(identity, ExternalSpec)
        else {"scope": FULL_SCOPE}
    )
    return {
        "models": f"{url}/v1",
        "agents": f"{url}{AGENTS_PREFIX}{tenant}",
        **token,
        **({} if client_id is None else {"clientId": client_id}),
        "example": f'curl -H "Authorization: Bearer $TOKEN" {url}/v1/models',
    }
