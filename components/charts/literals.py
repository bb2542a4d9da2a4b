"""Helm values are literals: what may not be in them, as a pure check that names every fault at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from pulumi import Output, Resource

ALLOWED_OUTPUTS: Mapping[tuple[str, str], str] = MappingProxyType({})
"""(release, path in its values) -> why that value can only come from the cloud. Empty, and worth keeping so:
an unknown value makes a preview show the whole release as changed (pulumi/pulumi-kubernetes#3699)."""

# Numbers travel as doubles and Helm prints a double of a million or more as 1e+06 where a template quotes it.
LARGEST_PLAIN_NUMBER = 999_999

_NAMES_OF_KEYS = frozenset({"apiKeySecretKey"})
"""Keys whose value is the name of a key in a Secret, though they read like the name of a credential (kagent)."""

_SECRET_WORDS = frozenset(
    {"password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "apikey"}
)
_SECRET_KEYS = frozenset({"api", "access", "private", "secret", "master", "signing", "encryption"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\b(sk|pk|rk)-[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|://[^/\s:@]+:[^/\s@]+@"
)


def secret_looking(key: str) -> bool:
    """Whether a key names a credential itself, not a reference to one (`existingSecret`, `secretName`)."""
    words = [word.lower() for word in _WORD.findall(key)]
    if not words or "existing" in words or key in _NAMES_OF_KEYS:
        return False
    return words[-1] in _SECRET_WORDS or (
        len(words) > 1 and words[-1] in {"key", "keys"} and words[-2] in _SECRET_KEYS
    )


def secret_settings(env: Mapping[str, str]) -> list[str]:
    """The settings that are called like a credential: whatever they hold stands in a stack's file and in its plan."""
    return sorted(name for name in env if secret_looking(name))


def faults(release: str, values: Mapping[str, Any]) -> list[str]:
    """What keeps these values out of a release; empty when they are fit."""
    return list(_faults(release, "", values))


def _faults(release: str, path: str, value: object) -> Iterator[str]:
    if isinstance(value, Output | Resource | Awaitable):
        if (release, path) not in ALLOWED_OUTPUTS:
            yield f"{path}: an output; use a name known at plan time, or a Secret the pods read"
    elif value is None:
        yield f"{path}: null deletes the chart's default without saying so; leave the key out or set it"
    elif isinstance(value, Mapping):
        yield from _mapping_faults(release, path, cast("Mapping[object, object]", value))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _faults(release, f"{path}[{index}]", item)
    elif isinstance(value, str):
        if _SECRET_VALUE.search(value):
            yield f"{path}: holds what looks like a credential; name a Secret instead"
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        if abs(value) > LARGEST_PLAIN_NUMBER:
            yield f"{path}: Helm may print a number this large as 1e+06; write it as a string"
    else:
        yield f"{path}: a {type(value).__name__} is not plain data"


def _mapping_faults(release: str, path: str, mapping: Mapping[object, object]) -> Iterator[str]:
    # An environment entry hides the telling name in a value: {"name": "API_KEY", "value": "..."}.
    named, given = mapping.get("name"), mapping.get("value")
    if isinstance(named, str) and isinstance(given, str) and given and secret_looking(named):
        yield f"{path}.value: {named} looks like a credential; use valueFrom with a Secret"
    for key, item in mapping.items():
        where = f"{path}.{key}" if path else str(key)
        if not isinstance(key, str):
            yield f"{where}: keys are strings"
        elif secret_looking(key) and isinstance(item, str) and item:
            yield f"{where}: looks like a credential; name a Secret instead"
        else:
            yield from _faults(release, where, item)
