"""Where a tool's requests go: a Service of the cluster, or a host outside, and nothing in between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

HOME = "ai-agents"
"""The namespace of a Service that is named without one."""

_LABEL = r"[a-z]([a-z0-9-]*[a-z0-9])?"
_SERVICE = re.compile(rf"^(?P<service>{_LABEL})(\.(?P<namespace>{_LABEL})\.svc(\.cluster\.local)?)?$")
_HOST = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")
_PORTS = {"http": 80, "https": 443}


class EndpointError(ValueError):
    """An address that no flow can be made of, and why."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An address, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    service: str | None = None
    namespace: str | None = None

    @property
    def outside(self) -> bool:
        """Whether it is a host name outside the cluster."""
        return self.service is None

    @property
    def url(self) -> str:
        """As a pod of any namespace writes it: a bare Service name means another one in each."""
        host = self.host if self.outside else f"{self.service}.{self.namespace}.svc"
        port = "" if _PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def endpoint(url: str, *, home: str = HOME) -> Endpoint:
    """`url` taken apart; EndpointError says what is wrong with it."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise EndpointError(
            f"{url!r} is not an http or https address; for gRPC and others run a server of your own (server.image)"
        )
    if parts.username is not None or parts.password is not None:
        raise EndpointError("an address with a password in it; write the password's secret under auth")
    if parts.query or parts.fragment:
        raise EndpointError(f"{url!r} has a query; say its fields under parameters")
    host = parts.hostname or ""
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise EndpointError(f"{url!r} has a port outside 1-65535") from None
    path = parts.path or "/"
    within = _SERVICE.match(host)
    if within:
        return Endpoint(
            scheme=parts.scheme,
            host=host,
            port=port,
            path=path,
            service=within["service"],
            namespace=within["namespace"] or home,
        )
    if _HOST.match(host) is None or host.replace(".", "").isdigit():
        raise EndpointError(
            f"{host or url!r} is neither a Service (name, or name.namespace.svc) nor a host name; an address in "
            "digits cannot be told from any other in a certificate"
        )
    if parts.scheme != "https" or port != _PORTS["https"]:
        raise EndpointError(f"{url!r} leaves the cluster, so it has to be https on port 443")
    return Endpoint(scheme=parts.scheme, host=host, port=port, path=path)
