"""From flows that end at host names to doors: a port for each client, and behind it its own hosts only.

A policy lets a client at its own door and at no other; the door lets it at the hosts that its flows name. So what
one tool may reach is nothing to another, though both leave by the same pods.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from components.isolation.ends import Flow, FlowError, Host, LocalEnd, Pods, TenantPods

NAMESPACE = "egress"
SERVICE = "egress-proxy"
PROXY = Pods(NAMESPACE, {"app.kubernetes.io/name": SERVICE})
PART = "egress_proxy"
HTTPS = 443
FIRST_PORT, PORTS = 20_000, 10_000


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


def doors(flows: Iterable[Flow]) -> tuple[Door, ...]:
    """A door for each client among `flows` that leaves the cluster."""
    hosts: dict[str, set[str]] = {}
    for flow in flows:
        if isinstance(flow.target, Host):
            hosts.setdefault(client(flow), set()).add(flow.target.name)
    made = [
        Door(port=port(name), client=name, hosts=tuple(sorted(one))) for name, one in sorted(hosts.items())
    ]
    holder: dict[int, str] = {}
    for door in made:
        if holder.setdefault(door.port, door.client) != door.client:
            raise FlowError(
                f"{door.client} and {holder[door.port]} would have the same door {door.port}; rename one of them"
            )
    return tuple(made)


def through(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """The flows with the proxy between clients and hosts; those that stay inside are as they were."""
    known = tuple(flows)
    inside = tuple(flow for flow in known if not isinstance(flow.target, Host))
    ways = tuple(
        Flow(flow.source, PROXY, (port(client(flow)),), flow.why, flow.needs)
        for flow in {client(flow): flow for flow in known if isinstance(flow.target, Host)}.values()
    )
    out = tuple(
        Flow(PROXY, Host(host), (HTTPS,), "declared by tools", PART)
        for host in sorted({host for door in doors(known) for host in door.hosts})
    )
    return (*inside, *ways, *out)


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
