"""What may be said about the network: make a VPC, or use one that exists."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self, cast

from pydantic import AfterValidator, Field, model_validator

from components.core.spec import Spec, SubnetId, VpcId, Zone

LARGEST_PREFIX = 16  # VPC quotas: a CIDR block is between /16 and /28
SMALLEST_PREFIX = 20  # below this, private subnets run out of pod addresses (VPC CNI: one per pod)
SMALLEST_SUBNET_PREFIX = 28  # VPC quotas; EKS also wants sixteen addresses for the control plane

# What a VPC may be made of; 100.64.0.0/10 is the carrier range that AWS suggests where RFC 1918 is used up.
PRIVATE_BLOCKS = tuple(
    ipaddress.IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def _cidr(value: str) -> str:
    try:
        block = ipaddress.IPv4Network(value)
    except ValueError as error:
        raise ValueError(
            f"{value!r} is not an IPv4 CIDR block ({error}); write for example 10.0.0.0/16"
        ) from None
    return str(block)


Cidr = Annotated[str, AfterValidator(_cidr)]


def _vpc_cidr(value: str) -> str:
    block = ipaddress.IPv4Network(value)
    prefix = block.prefixlen
    if not LARGEST_PREFIX <= prefix <= SMALLEST_PREFIX:
        raise ValueError(
            f"{value} is a /{prefix}; a VPC of the platform is between /{LARGEST_PREFIX} (AWS's largest) and "
            f"/{SMALLEST_PREFIX} (below, private subnets run out of pod addresses); write for example "
            "10.0.0.0/16"
        )
    if not any(block.subnet_of(private) for private in PRIVATE_BLOCKS):
        raise ValueError(
            f"{value} holds public addresses, which nothing in the VPC could then reach; choose a block of "
            f"{', '.join(map(str, PRIVATE_BLOCKS))}"
        )
    return value


VpcCidr = Annotated[Cidr, AfterValidator(_vpc_cidr)]


def _subnet_cidr(value: str) -> str:
    prefix = ipaddress.IPv4Network(value).prefixlen
    if prefix > SMALLEST_SUBNET_PREFIX:
        raise ValueError(
            f"{value} is a /{prefix}; no subnet in AWS is smaller than /{SMALLEST_SUBNET_PREFIX}: "
            "write the subnet's block, not an address in it"
        )
    return value


SubnetCidr = Annotated[Cidr, AfterValidator(_subnet_cidr)]


def _of_its_mode(data: object, own: Collection[str], other: Collection[str], other_mode: str) -> object:
    """`data`, unless it holds keys of the other mode: a stack that says both is refused, not guessed at."""
    if not isinstance(data, Mapping):
        return data
    written = cast("Mapping[str, object]", data)
    foreign = sorted((set(other) - set(own)) & written.keys())
    if foreign:
        raise ValueError(
            f"{', '.join(foreign)}: for mode {other_mode} only; a VPC is either made from a cidr or "
            f"brought along by vpc_id: remove {'it' if len(foreign) == 1 else 'them'}, or set mode: "
            f"{other_mode}"
        )
    return written


class CreatedNetworkSpec(Spec):
    """A VPC made by the platform, with every subnet computed from one block."""

    mode: Literal["create"] = Field(description="Make a VPC.")
    cidr: VpcCidr = Field(
        default="10.0.0.0/16",
        description="The VPC's block, /16 to /20. It cannot change later without replacing the network.",
    )
    nat_gateways: Literal["single", "per_zone"] = Field(
        default="per_zone",
        description="`single` costs a third and fails with its zone; `per_zone` survives the loss of one.",
    )
    flow_logs_retention_days: Literal[7, 14, 30, 60, 90, 180, 365] = Field(
        default=30, description="Days that VPC flow logs are kept in CloudWatch Logs."
    )
    interface_endpoints: bool = Field(
        default=True,
        description=(
            "Interface endpoints for the AWS APIs the platform calls. Off saves their hourly price in trial "
            "stacks; API calls then leave through NAT and network policies open port 443 to public addresses."
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _adopts_nothing(cls, data: object) -> object:
        return _of_its_mode(data, cls.model_fields, ExistingNetworkSpec.model_fields, "existing")


class ExistingSubnet(Spec):
    """One subnet of an existing VPC: stated, because the program asks AWS nothing."""

    id: SubnetId = Field(description="The subnet's id.")
    zone: Zone = Field(description="Its availability zone; must be one of aws.zones.")
    cidr: SubnetCidr = Field(description="Its IPv4 block; network policies name it.")


class ExistingSubnets(Spec):
    """The subnets of an existing VPC by tier; `agentic preflight` compares them with the account."""

    private: list[ExistingSubnet] = Field(min_length=2, description="Where nodes and pods run.")
    control_plane: list[ExistingSubnet] = Field(
        min_length=2, description="Where EKS puts its network interfaces; at least /28 each."
    )
    data: list[ExistingSubnet] = Field(min_length=2, description="Where databases and caches run.")
    endpoints: list[ExistingSubnet] = Field(
        default_factory=list[ExistingSubnet],
        description="Where interface endpoints are; empty where AWS APIs are reached through NAT.",
    )
    public: list[ExistingSubnet] = Field(
        default_factory=list[ExistingSubnet], description="Where internet-facing load balancers go."
    )


TIER_KEYS = ("private", "control_plane", "data", "endpoints", "public")


class ExistingNetworkSpec(Spec):
    """A VPC somebody else owns: used, tagged for discovery, never changed or deleted."""

    mode: Literal["existing"] = Field(description="Use a VPC that exists.")
    vpc_id: VpcId = Field(description="The VPC's id.")
    cidr: Cidr = Field(description="The VPC's IPv4 block.")
    subnets: ExistingSubnets = Field(description="Its subnets by tier.")

    @model_validator(mode="before")
    @classmethod
    def _makes_nothing(cls, data: object) -> object:
        return _of_its_mode(data, cls.model_fields, CreatedNetworkSpec.model_fields, "create")

    @model_validator(mode="after")
    def _subnets_lie_in_the_vpc_and_apart(self) -> Self:
        vpc = ipaddress.IPv4Network(self.cidr)
        faults: list[str] = []
        seen: list[tuple[str, str, ExistingSubnet]] = []
        for tier in TIER_KEYS:
            for index, subnet in enumerate(cast("list[ExistingSubnet]", getattr(self.subnets, tier))):
                path = f"subnets.{tier}[{index}]"
                if not ipaddress.IPv4Network(subnet.cidr).subnet_of(vpc):
                    faults.append(f"{path}.cidr {subnet.cidr} is outside the VPC's {vpc}")
                faults += [
                    fault
                    for other_path, other_tier, other in seen
                    if (fault := _clash(path, subnet, other_path, other, same_tier=tier == other_tier))
                ]
                seen.append((path, tier, subnet))
        if faults:
            raise ValueError(f"{', '.join(faults)}; write the subnets as they are in AWS")
        return self


def _clash(
    path: str, subnet: ExistingSubnet, other_path: str, other: ExistingSubnet, *, same_tier: bool
) -> str | None:
    """Why two stated subnets cannot both be so; one subnet may serve several tiers."""
    if subnet == other:
        return f"{path} is {other_path} again" if same_tier else None
    if subnet.id == other.id:
        return f"{path} has the id of {other_path} and another zone or cidr"
    if ipaddress.IPv4Network(subnet.cidr).overlaps(ipaddress.IPv4Network(other.cidr)):
        return f"{path}.cidr {subnet.cidr} overlaps {other_path}.cidr {other.cidr}"
    return None


NetworkSpec = Annotated[CreatedNetworkSpec | ExistingNetworkSpec, Field(discriminator="mode")]
