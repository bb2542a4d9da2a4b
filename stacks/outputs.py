"""What a stack tells the outside: the contract that other stacks and people read."""

from __future__ import annotations

from typing import Any

import pulumi

from stacks.platform import Platform


def outputs(platform: Platform) -> dict[str, Any]:
    """Every export by name; plain names and addresses, nothing secret."""
    config = platform.config
    return {
        "accountId": config.aws.account_id,
        "clusterName": platform.cluster.name,
        "environment": config.environment,
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
