"""From flows that end at host names to doors: a port for each client, and behind it its own hosts only.

A policy lets a client at its own door and at no other; the door lets it at the hosts that its flows name. So what
one tool may reach is nothing to another, though both leave by the same pods. A reverse door is for clients that
know of no proxy: a port that is one server outside, and nothing else.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from components.core.labels import DOMAIN
from components.isolation.ends import Flow, FlowError, Host, LocalEnd, Pods, TenantPods

NAMESPACE = "egress"
SERVICE = "egress-proxy"
PROXY = Pods(NAMESPACE, {"app.kubernetes.io/name": SERVICE})
PART = "egress_proxy"
HTTPS = 443
DOOR = f"{DOMAIN}/door-"
"""Annotations of the Service, by port: whose door it is and where it leads, for people and for the plan."""

FIRST_PORT, PORTS = 20_000, 10_000
FIRST_REVERSE_PORT = 10_000
"""Of a range of its own: no reverse door can be another client's door."""


@dataclass(frozen=True, kw_only=True, order=True)
class Door:
    """One client's way out."""

    port: int
    client: str
    hosts: tuple[str, ...]

    @property
    def address(self) -> str:
        """What the client has as HTTPS_PROXY."""
        return f"http://{SERVICE}.{NAMESPACE}.svc:{self.port}"

    @property
    def leads_to(self) -> str:
        """In words: whose it is, and where it leads."""
        return f"{self.client}: {', '.join(self.hosts)}"


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A server outside that clients reach by https, and who they are."""

    name: str
    host: str
    path: str
    """What it serves is there and below; the rest of the host is not to be had."""
    clients: tuple[LocalEnd, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class ReverseDoor:
    """One server outside as if it were here: plain HTTP up to the proxy, and TLS to that host from there."""

    port: int
    client: str
    """What is reached: a door of this kind has several clients."""
    host: str
    path: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """The one it leads to."""
        return (self.host,)

    @property
    def url(self) -> str:
        """What clients have in place of the server's own address."""
        return f"http://{SERVICE}.{NAMESPACE}.svc:{self.port}{self.path}"

    @property
    def leads_to(self) -> str:
        """In words: whose it is, and where it leads."""
        return f"{self.client}: https://{self.host}{self.path}"


AnyDoor = Door | ReverseDoor


def reverse_doors(remotes: Iterable[Remote]) -> tuple[ReverseDoor, ...]:
    """A door for each server outside that is reached without knowing of a proxy."""
    made = tuple(
        ReverseDoor(port=reverse_port(one.name), client=one.name, host=one.host, path=one.path)
        for one in sorted(remotes, key=lambda one: one.name)
    )
    _each_its_own(made)
    return made


def doors(flows: Iterable[Flow]) -> tuple[Door, ...]:
    """A door for each client among `flows` that leaves the cluster."""
    hosts: dict[str, set[str]] = {}
    for flow in flows:
        if isinstance(flow.target, Host):
            hosts.setdefault(client(flow), set()).add(flow.target.name)
    made = [
        Door(port=port(name), client=name, hosts=tuple(sorted(one))) for name, one in sorted(hosts.items())
    ]
    _each_its_own(made)
    return tuple(made)


def _each_its_own(made: Iterable[AnyDoor]) -> None:
    holder: dict[int, str] = {}
    for door in made:
        if holder.setdefault(door.port, door.client) != door.client:
            raise FlowError(
                f"{door.client} and {holder[door.port]} would have the same door {door.port}; rename one of them"
            )


def through(flows: Iterable[Flow], remotes: Iterable[Remote] = ()) -> tuple[Flow, ...]:
    """The flows with the proxy between clients and hosts; those that stay inside are as they were."""
    known, reached = tuple(flows), tuple(remotes)
    inside = tuple(flow for flow in known if not isinstance(flow.target, Host))
    ways = tuple(
        Flow(flow.source, PROXY, (port(client(flow)),), flow.why, flow.needs)
        for flow in {client(flow): flow for flow in known if isinstance(flow.target, Host)}.values()
    )
    entries = tuple(
        Flow(source, PROXY, (reverse_port(one.name),), f"{one.name}: served by {one.host}", PART)
        for one in reached
        for source in one.clients
    )
    out = tuple(
        Flow(PROXY, Host(host), (HTTPS,), "declared by tools", PART)
        for host in sorted({host for door in (*doors(known), *reverse_doors(reached)) for host in door.hosts})
    )
    return (*inside, *ways, *entries, *out)


def client(flow: Flow) -> str:
    """Who leaves: pods of one name, of the platform or of one tenant, since a door is for one client."""
    source = flow.source
    everybodys = isinstance(source, TenantPods) and source.tenant is None
    if everybodys or not isinstance(source, LocalEnd) or set(source.labels) != {"app.kubernetes.io/name"}:
        raise FlowError(f"flow {flow} leaves the cluster, and its source is not pods of one name")
    if [one.number for one in flow.numbered] != [HTTPS]:
        raise FlowError(f"flow {flow} leaves the cluster on another port than {HTTPS}")
    return source.labels["app.kubernetes.io/name"]


def port(name: str) -> int:
    """A client's door: from its name alone, so that another client's coming and going moves nobody."""
    return FIRST_PORT + zlib.crc32(name.encode()) % PORTS


def reverse_port(name: str) -> int:
    """The door of a server outside, from its name alone as well."""
    return FIRST_REVERSE_PORT + zlib.crc32(name.encode()) % PORTS
