"""What may be said about the cluster."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.cluster.versions import DEFAULT, version_fault
from components.core.spec import ClusterName, IamPrincipalArn, Spec
from components.network.spec import Cidr


def _version(value: str) -> str:
    fault = version_fault(value)
    if fault:
        raise ValueError(fault)
    return value


_RFC_1918 = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


def _is_private(block: ipaddress.IPv4Network) -> bool:
    return any(block.subnet_of(ipaddress.IPv4Network(private)) for private in _RFC_1918)


def _service_cidr(value: str) -> str:
    block = ipaddress.IPv4Network(value)
    if not _is_private(block) or not 12 <= block.prefixlen <= 24:
        raise ValueError(
            f"{value} cannot hold Services; EKS takes a /12 to /24 of {', '.join(_RFC_1918)}, for example "
            "172.20.0.0/16"
        )
    return value


def _no_open_world(value: str) -> str:
    block = ipaddress.IPv4Network(value)
    if _is_private(block):
        raise ValueError(
            f"{value} is a private block, which EKS refuses here: the public endpoint sees public addresses; "
            "list those that your offices or VPN show to the internet"
        )
    if block.prefixlen < 8:
        raise ValueError(
            f"{value} opens the API server to the internet; list the blocks of your offices or VPN"
        )
    return value


class AccessSpec(Spec):
    """Who may use the Kubernetes API, by IAM principal: access entries, never the aws-auth ConfigMap."""

    deployer_arn: IamPrincipalArn = Field(
        description=(
            "The role `pulumi up` runs as. Its access entry is made before everything in the cluster and "
            "removed after it."
        )
    )
    admin_arns: list[IamPrincipalArn] = Field(
        default_factory=list[IamPrincipalArn], description="Further cluster administrators (break-glass)."
    )
    viewer_arns: list[IamPrincipalArn] = Field(
        default_factory=list[IamPrincipalArn],
        description="Read-only principals; they cannot read Secrets. The CI preview role belongs here.",
    )


class ClusterSpec(Spec):
    """The control plane. Private unless blocks are named, encrypted, logged, pinned: always."""

    name: ClusterName = Field(description="A part of every physical name; never changes.")
    version: Annotated[str, AfterValidator(_version)] = Field(
        default=DEFAULT, description="Kubernetes minor version, quoted."
    )
    access: AccessSpec = Field(description="Who may use the Kubernetes API.")
    public_endpoint_cidrs: list[Annotated[Cidr, AfterValidator(_no_open_world)]] = Field(
        default_factory=list[str],
        description="Blocks outside the VPC that may reach the API server. Empty: private endpoint only.",
    )
    service_cidr: Annotated[Cidr, AfterValidator(_service_cidr)] = Field(
        default="172.20.0.0/16", description="Addresses of Services; apart from the VPC. Never changes."
    )
    log_retention_days: Literal[30, 60, 90, 180, 365, 731] = Field(
        default=90, description="Days that control plane logs (all five kinds) are kept."
    )
    support: Literal["STANDARD", "EXTENDED"] = Field(
        default="STANDARD",
        description=(
            "STANDARD upgrades the control plane when standard support ends; EXTENDED stays, at six times "
            "the hourly price."
        ),
    )
    addon_versions: dict[str, str] = Field(
        default_factory=dict[str, str],
        description=(
            "Add-on versions by name, for example vpc-cni: v1.20.4-eksbuild.2. An add-on that is not "
            "named gets the version that EKS recommends for the cluster's version when it is made."
        ),
    )


CLUSTER_ROLE_PURPOSE = "cluster"
"""The purpose, for `components.core.names`, of the control plane's own role."""

AUTO_NODE_ROLE_PURPOSE = "auto-node"
"""The purpose, for `components.core.names`, of the role of Auto Mode's nodes; node classes name it."""
