"""The Gateway with everything that stands before and behind it."""

from __future__ import annotations

from pulumi import ComponentResource, Resource, ResourceOptions

from components.gateway.args import GatewayArgs, Maker
from components.gateway.behind import behind
from components.gateway.closing import closing
from components.gateway.front import front
from components.gateway.names import INTERNAL_URL

__all__ = ["Gateway", "GatewayArgs"]


class Gateway(ComponentResource):
    """The one way in: closed to whoever is not known, and only then routed."""

    url: str
    """Where clients reach models and agents: OpenAI's API below `/v1`."""
    internal_url: str
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: GatewayArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gateway:Gateway", name, None, opts)
        if args.spec.host is None:
            raise ValueError(f"{name}: gateway.host is missing")
        guarded = [page.name for page in args.pages if page.behind_login]
        if guarded and len(guarded) == len(args.pages):
            raise ValueError(f"{name}: {guarded[0]} is behind a login, and no page is the login")
        make = Maker(name, args, self)
        self.url, self.internal_url = f"https://{args.spec.host}", INTERNAL_URL
        gateway = front(make, args, args.spec.host)
        # Policies before routes: a route without its policy answers everybody.
        closed = [gateway, *closing(make, args, gateway)]
        routed = behind(make, args, closed)
        self.ready = (*closed, *routed)
        self.register_outputs({"url": self.url, "internal_url": self.internal_url})
