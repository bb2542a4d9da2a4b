"""What a flow's ends come to as addresses in one network, all of it known at plan time."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from components.isolation.ends import (
    Address,
    ApiServer,
    AwsApis,
    End,
    FlowError,
    Host,
    SubnetTier,
    VpcResolver,
)

ANYWHERE = "0.0.0.0/0"
PRIVATE_RANGES = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
"""Never public: RFC 1918, the carrier range that VPCs use as a second block, link-local with the metadata
address. An allowed address inside them is a longer prefix and wins (aws/aws-network-policy-agent#347)."""

AMAZON_RESOLVER = "169.254.169.253/32"
_DNS_HOST = 10  # EKS gives the kube-dns Service the tenth address of the service range
NODE_TIER = "private"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The addresses around the pods: subnets by tier, the service range, what has a private endpoint."""

    vpc_cidr: str
    tiers: Mapping[str, tuple[str, ...]]
    """Blocks by tier: `private` (nodes and pods), `control-plane`, `data`, `endpoints`, `public`."""
    service_cidr: str
    """The cluster's Service range; set on the cluster too, or EKS picks one of two."""
    endpoint_services: frozenset[str] = frozenset()
    """AWS services with an interface endpoint; empty where API calls leave through NAT."""
    mesh_namespaces: frozenset[str] = field(default=frozenset())
    """Namespaces in the ambient mesh; none where there is no mesh. Where there is, every tenant is in it."""

    @property
    def api_service(self) -> str:
        """The `kubernetes` Service: the first address of the service range."""
        return _nth(self.service_cidr, 1)

    @property
    def dns_service(self) -> str:
        """The `kube-dns` Service."""
        return _nth(self.service_cidr, _DNS_HOST)

    def blocks(self, end: End, *, as_source: bool) -> tuple[str, ...]:
        """The blocks of an end that is not pods, without public ones; an error where a tier is missing."""
        match end:
            case SubnetTier(tier):
                return self._tier(tier, end)
            case ApiServer():
                # The VPC CNI's agent filters at the pod's interface, before a Service address is translated
                # (open-telemetry/opentelemetry-operator#5621): clients dial the Service, so both are named.
                service = () if as_source else (self.api_service,)
                return (*service, *self._tier("control-plane", end))
            case VpcResolver():
                return (AMAZON_RESOLVER, _nth(self.vpc_cidr, 2))
            case Address(cidr):
                return (cidr,)
            case AwsApis(services):
                private = any(service in self.endpoint_services for service in services)
                return self._tier("endpoints", end) if private else ()
            case _:
                return ()

    def leaves_the_vpc(self, end: End) -> bool:
        """Whether the end is reached through public addresses: the exception that reports have to show."""
        match end:
            case AwsApis(services):
                return not self.endpoint_services.issuperset(services)
            case Host():
                return True
            case _:
                return False

    @property
    def not_public(self) -> tuple[str, ...]:
        """What the public exception leaves out: private ranges, and the VPC's own block where it is none."""
        vpc = ipaddress.IPv4Network(self.vpc_cidr)
        private = any(vpc.subnet_of(ipaddress.IPv4Network(block)) for block in PRIVATE_RANGES)
        return PRIVATE_RANGES if private else (*PRIVATE_RANGES, self.vpc_cidr)

    def _tier(self, tier: str, end: End) -> tuple[str, ...]:
        blocks = self.tiers.get(tier, ())
        if not blocks:
            raise FlowError(f"{end} has no address: the network has no {tier!r} subnets; state their blocks")
        return blocks


def _nth(cidr: str, offset: int) -> str:
    return f"{ipaddress.IPv4Network(cidr)[offset]}/32"
