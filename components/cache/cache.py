"""The Secrets by which the platform's parts find their cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.cache.render import told, told_from_outside
from components.cache.spec import CacheEndpoint, CacheUser
from components.core.aws import Place
from components.core.labels import managed_labels
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """Who uses the cache, and where it is: give an endpoint, or the secret of a cache that exists."""

    place: Place
    users: tuple[CacheUser, ...]
    namespaces: Mapping[str, Input[str]]
    """Of the users, by name."""
    endpoint: CacheEndpoint | None = None
    external_secret_arn: str | None = None
    after: tuple[Resource, ...]
    """The store, the credentials, and the server with its users."""


class Cache(ComponentResource):
    """Each user of the cache has a Secret with its URL, and no other user's."""

    ready: Mapping[str, tuple[Resource, ...]]
    """By user: what a release that names the Secret waits for."""

    def __init__(self, name: str, args: CacheArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cache:Cache", name, None, opts)
        if (args.endpoint is None) == (args.external_secret_arn is None):
            raise ValueError(f"{name}: give an endpoint, or the secret of a cache that exists, and not both")
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        self.ready = {
            user.name: (
                CustomResource(
                    f"{name}-{user.name}",
                    api_version=EXTERNAL_SECRETS,
                    kind="ExternalSecret",
                    metadata={
                        "name": user.reads,
                        "namespace": args.namespaces[user.namespace],
                        "labels": managed_labels("cache"),
                    },
                    spec=_spec(args, user),
                    opts=child,
                ),
            )
            for user in args.users
        }
        self.register_outputs({})


def _spec(args: CacheArgs, user: CacheUser) -> dict[str, Any]:
    if args.endpoint is not None:
        return told(args.place, args.endpoint, user)
    assert args.external_secret_arn is not None
    return told_from_outside(args.external_secret_arn, user)
