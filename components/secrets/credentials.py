"""Every credential of the platform, made before whoever needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.labels import managed_labels
from components.secrets.render import (
    GENERATORS,
    PUSH,
    consumed,
    faults,
    generated,
    generated_name,
    generators,
    push,
)
from components.secrets.spec import EXTERNAL_SECRETS, Credential

_LABELS = managed_labels("secrets")


@dataclass(frozen=True, kw_only=True)
class CredentialsArgs:
    """Which credentials there are, and where they may be."""

    place: Place
    credentials: tuple[Credential, ...]
    namespaces: Mapping[str, Input[str]]
    """The namespaces that the store serves, by name: never a tenant's."""
    after: tuple[Resource, ...]
    """The External Secrets release and its store: kinds, webhook, and the right to write."""


class Credentials(ComponentResource):
    """Credentials that exist once, in Secrets Manager, and as a Secret for each reader."""

    by_name: Mapping[str, tuple[Resource, ...]]
    """Credential -> what whoever reads that one alone waits for."""
    ready: tuple[Resource, ...]
    """All of them: what a release that names one of the Secrets waits for. The Secrets follow a moment later: a pod
    waits for its Secret by itself."""

    def __init__(self, name: str, args: CredentialsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:secrets:Credentials", name, None, opts)
        found = faults(args.credentials, args.namespaces)
        if found:
            raise ValueError(f"{name}: {len(found)} fault(s)\n  " + "\n  ".join(found))
        self._args = args
        self.by_name = {one.name: tuple(self._credential(one)) for one in args.credentials}
        self.ready = tuple(made for each in self.by_name.values() for made in each)
        self.register_outputs({})

    def _credential(self, credential: Credential) -> list[Resource]:
        place, name = self._args.place, credential.name
        made = [
            self._object(key, GENERATORS, "Password", credential.home, key, spec, self._args.after)
            for key, spec in generators(credential).items()
        ]
        kept = generated_name(credential)
        source = self._object(
            kept, EXTERNAL_SECRETS, "ExternalSecret", credential.home, kept, generated(credential), made
        )
        pushed = self._object(
            name, PUSH, "PushSecret", credential.home, name, push(place, credential), [source]
        )
        # Readers go first on the way down, while the operator can still finish what it owns.
        readers = [
            self._object(
                f"{name}-{consumer.namespace}-{credential.secret_in(consumer)}",
                EXTERNAL_SECRETS,
                "ExternalSecret",
                consumer.namespace,
                credential.secret_in(consumer),
                consumed(place, credential, consumer),
                [pushed],
            )
            for consumer in credential.consumers
        ]
        return readers or [pushed]

    def _object(
        self,
        logical: str,
        api_version: str,
        kind: str,
        namespace: str,
        name: str,
        spec: dict[str, Any],
        after: list[Resource] | tuple[Resource, ...],
    ) -> Resource:
        return CustomResource(
            logical,
            api_version=api_version,
            kind=kind,
            metadata={"name": name, "namespace": self._args.namespaces[namespace], "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=list(after)),
        )
