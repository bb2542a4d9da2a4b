"""One Secret that is read out of Secrets Manager, put together in the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.labels import managed_labels
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class SecretReaderArgs:
    """Which Secret, where, and out of what."""

    namespace: Input[str]
    secret: str
    spec: Mapping[str, Any]
    """From `read_back`."""
    after: tuple[Resource, ...]
    """The store, and the credentials it reads."""


class SecretReader(ComponentResource):
    """A Secret whose parts come from Secrets Manager and whose whole exists only in the cluster."""

    ready: tuple[Resource, ...]
    """What a release that names the Secret waits for."""

    def __init__(self, name: str, args: SecretReaderArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:secrets:SecretReader", name, None, opts)
        reader = CustomResource(
            name,
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={
                "name": args.secret,
                "namespace": args.namespace,
                "labels": managed_labels("secrets"),
            },
            spec=dict(args.spec),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (reader,)
        self.register_outputs({})
