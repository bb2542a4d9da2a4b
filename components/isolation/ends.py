"""The ends of a flow: who may be named in the table, and what makes two of them a flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Protocol = Literal["TCP", "UDP"]


class FlowError(ValueError):
    """A flow that cannot be written as a policy, and why."""


@dataclass(frozen=True, order=True)
class Port:
    """One port, or every port of a protocol where `number` is None."""

    number: int | None
    protocol: Protocol = "TCP"


EVERY_PORT: Final = (Port(None, "TCP"), Port(None, "UDP"))
"""All traffic. Not a range 1-65535: the VPC CNI's policy controller looks a rule's port up among a Service's
ports to admit its ClusterIP, and finds no port 1 (amazon-network-policy-controller-k8s,
`getMatchingServiceClusterIPs`); a rule without a port number admits the Service as a whole."""

DNS: Final = (Port(53, "UDP"), Port(53, "TCP"))


@dataclass(frozen=True)
class Pods:
    """Pods of one namespace: those that carry `labels`, or every one.

    Behind a Service, use labels out of the Service's own selector: the VPC CNI admits a ClusterIP only where
    the policy's selector matches the Service's (aws/amazon-network-policy-controller-k8s#224).
    """

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True)
class TenantPods:
    """Pods of every tenant, present and future: a shared policy never changes when a tenant comes.

    With `tenant`, of that one alone, because its stack says so: the flow is in its policies and in nobody else's.
    """

    labels: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    tenant: str | None = None


@dataclass(frozen=True)
class OwnNamespace:
    """Every pod of the namespace the other end is in."""


@dataclass(frozen=True)
class SubnetTier:
    """Whatever has an address in a planned subnet tier."""

    tier: str


@dataclass(frozen=True)
class ApiServer:
    """The Kubernetes API: its network interfaces in the control plane's subnets, and its Service address."""


@dataclass(frozen=True)
class VpcResolver:
    """The VPC's own DNS: 169.254.169.253 and the second address of the VPC's block."""


@dataclass(frozen=True)
class AwsApis:
    """AWS services by endpoint name; one without an interface endpoint is reached at public addresses."""

    services: tuple[str, ...]

    def __init__(self, *services: str) -> None:
        object.__setattr__(self, "services", services)


@dataclass(frozen=True)
class Host:
    """A declared host name outside the VPC.

    A plain NetworkPolicy knows addresses only, so the renderer states it as the public exception; the name
    is kept for what can enforce it: an egress proxy, or ApplicationNetworkPolicy in Auto Mode.
    """

    name: str


@dataclass(frozen=True)
class Address:
    """One stated address: only for link-local services of the node."""

    cidr: str


End = Pods | TenantPods | OwnNamespace | SubnetTier | ApiServer | VpcResolver | AwsApis | Host | Address
LocalEnd = Pods | TenantPods
TENANTS: Final = TenantPods()
OWN_NAMESPACE: Final = OwnNamespace()
API_SERVER: Final = ApiServer()
VPC_RESOLVER: Final = VpcResolver()
POD_IDENTITY: Final = Address("169.254.170.23/32")
"""The EKS Pod Identity agent on every node, port 80 (EKS user guide, Pod Identity considerations)."""

METADATA: Final = Address("169.254.169.254/32")
"""Instance metadata, and with it the node's role. No flow may name it."""

_ONLY_TARGETS = (OwnNamespace, VpcResolver, AwsApis, Host)


@dataclass(frozen=True)
class Flow:
    """One fact: `source` opens connections to `ports` of `target`. The renderer writes it on both ends."""

    source: End
    target: End
    ports: tuple[int | Port, ...]
    why: str
    needs: str | None = None
    """The component without which the flow does not exist; its namespaces have to exist anyway."""

    def __post_init__(self) -> None:
        if not self.ports:
            raise FlowError(f"flow {self} names no port, which a policy reads as every port; name them")
        if any(port.number is not None and not 1 <= port.number <= 65535 for port in self.numbered):
            raise FlowError(f"flow {self} names a port outside 1-65535")
        if not isinstance(self.source, LocalEnd) and not isinstance(self.target, LocalEnd):
            raise FlowError(f"flow {self} has no pods on either end, so no policy would enforce it")
        if isinstance(self.source, _ONLY_TARGETS):
            raise FlowError(f"flow {self} starts at an end that only answers; swap the ends")
        if METADATA in (self.source, self.target):
            raise FlowError(
                f"flow {self} opens instance metadata, which is the node's role; use Pod Identity"
            )
        if isinstance(self.source, TenantPods) and isinstance(self.target, TenantPods):
            raise FlowError(f"flow {self} joins tenants to each other; share a service between them instead")
        if isinstance(self.target, OwnNamespace) and isinstance(self.source, LocalEnd) and self.source.labels:
            raise FlowError(f"flow {self} opens a namespace to some of its pods; name those on both ends")

    @property
    def numbered(self) -> tuple[Port, ...]:
        """The ports, bare numbers read as TCP."""
        return tuple(Port(port) if isinstance(port, int) else port for port in self.ports)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"
