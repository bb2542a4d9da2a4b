"""Credentials as data: what a component needs, said without ever saying a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pulumi import Input

from components.core.aws import Place
from components.core.names import secret_prefix
from components.core.spec import DNS_LABEL
from components.core.tenant_reader import API_VERSION

STORE = "aws-secrets-manager"
"""The ClusterSecretStore through which platform namespaces read and, once, write."""

EXTERNAL_SECRETS = API_VERSION
REFRESH = "1h0m0s"
"""How long a value rotated in Secrets Manager takes to reach its readers at most."""

SHORTEST = 24
LONGEST = 128
NAME_LIMIT = 40
"""Leaves room for the suffixes of the objects that make it, within a label's 63 characters."""

_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""No dot: in a remote property it would be read as a path."""


class Charset(StrEnum):
    """What a generated value may consist of."""

    URL_SAFE = "url-safe"
    """Letters and digits: charts build connection URLs from passwords without escaping them."""
    HEX = "hex"
    """For encryption keys that are read as bytes."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One generated value of a credential."""

    name: str
    length: int = 32
    """Characters of the value itself, whatever its charset."""
    charset: Charset = Charset.URL_SAFE

    def __post_init__(self) -> None:
        """A value is long enough to resist guessing, and its name is one that Secrets can hold."""
        if not _KEY.fullmatch(self.name):
            raise ValueError(f"key {self.name!r}: use letters, digits, hyphens and underscores")
        if not SHORTEST <= self.length <= LONGEST:
            raise ValueError(f"key {self.name}: length {self.length} is not from {SHORTEST} to {LONGEST}")
        if self.charset is Charset.HEX and self.length % 2:
            raise ValueError(
                f"key {self.name}: {self.length} hex digits are no whole bytes; use an even length"
            )


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A namespace whose pods read the credential, and under which names."""

    namespace: str
    secret: str | None = None
    """The Secret's name there; None: the credential's."""
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of the Secret -> key of the credential; empty: all of them, as they are called."""
    literals: Mapping[str, str] = field(default_factory=dict[str, str])
    """Plain text beside them, for example a user name."""

    def __post_init__(self) -> None:
        """Literals are text: a template in one would be run by the operator."""
        for name, text in self.literals.items():
            if "{{" in text:
                raise ValueError(f"literal {name} in {self.namespace}: holds a template; write plain text")


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A secret of the platform: generated once, kept in Secrets Manager, the same for every reader."""

    name: str
    keys: tuple[Key, ...]
    home: str
    """The namespace in which it is generated: of the component that owns it."""
    consumers: tuple[Consumer, ...] = ()
    assembled_by: str | None = None
    """The component that reads it into Secrets of its own making, such as a URL; consumers may be missing then."""

    def __post_init__(self) -> None:
        """A credential has a name that fits, keys that differ, and readers who ask for keys it has."""
        if not re.match(DNS_LABEL, self.name) or len(self.name) > NAME_LIMIT:
            raise ValueError(f"credential {self.name!r}: not a DNS label of at most {NAME_LIMIT} characters")
        names = [key.name for key in self.keys]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"credential {self.name}: give at least one key, and each name once")
        if not self.consumers and self.assembled_by is None:
            raise ValueError(f"credential {self.name}: nobody reads it; name a consumer or leave it out")
        for consumer in self.consumers:
            unknown = sorted(set(consumer.keys.values()) - set(names))
            if unknown:
                raise ValueError(
                    f"credential {self.name}: {consumer.namespace} reads {', '.join(unknown)}; "
                    f"it has {', '.join(names)}"
                )

    def secret_in(self, consumer: Consumer) -> str:
        """The name of the consumer's Secret."""
        return consumer.secret or self.name

    def keys_for(self, consumer: Consumer) -> dict[str, str]:
        """Key of the consumer's Secret -> key of the credential."""
        return dict(consumer.keys) or {key.name: key.name for key in self.keys}


def remote_key(place: Place, name: str) -> str:
    """Where Secrets Manager keeps the credential of this name, for example `ai-dev/milvus-root`."""
    return f"{secret_prefix(place)}{name}"


@dataclass(frozen=True, kw_only=True)
class Remote:
    """One property of a secret in Secrets Manager, by name or ARN."""

    key: Input[str]
    property: str


def read_back(
    secret: str, data: Mapping[str, Remote], template: Mapping[str, Input[str]] | None = None
) -> dict[str, Any]:
    """The spec of an ExternalSecret that reads `data` into `secret`; with `template`, these keys as well.

    Retain: a secret deleted in Secrets Manager does not take running pods down.
    """
    target: dict[str, Any] = {"name": secret, "creationPolicy": "Owner", "deletionPolicy": "Retain"}
    if template:
        # Merge: by default a template replaces what was read.
        target["template"] = {"engineVersion": "v2", "mergePolicy": "Merge", "data": dict(template)}
    return {
        "refreshPolicy": "Periodic",
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": STORE},
        "target": target,
        "data": [
            {"secretKey": key, "remoteRef": {"key": remote.key, "property": remote.property}}
            for key, remote in data.items()
        ],
    }
