"""A Helm release as Helm keeps it: gzipped JSON, in base64, in a Secret (base64 once more)."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable
from typing import Any

from agentic.ops.status.cluster import Object, ReleaseFact, name_of, namespace_of, part

OWNED = "owner=helm,status!=superseded"
"""Selects the newest revisions, and older ones that a failed upgrade left in place."""

MOST_BYTES = 64 * 2**20
_GZIP = 31  # zlib: a gzip header, and the largest window


def newest(secrets: Iterable[Object]) -> tuple[ReleaseFact, ...]:
    """The newest revision of each release."""
    found: dict[tuple[str, str], ReleaseFact] = {}
    for secret in secrets:
        fact = release(secret)
        known = found.get((fact.namespace, fact.name))
        if known is None or known.revision < fact.revision:
            found[fact.namespace, fact.name] = fact
    return tuple(found[key] for key in sorted(found))


def release(secret: Object) -> ReleaseFact:
    """The release in a Secret; what cannot be read of it is empty, its labels always can. Never its values."""
    labels = part(secret, "metadata", "labels")
    document = _document(part(secret, "data").get("release"))
    info = part(document, "info")
    return ReleaseFact(
        namespace=namespace_of(secret),
        name=str(labels.get("name", name_of(secret))),
        version=str(part(document, "chart", "metadata").get("version", "")),
        status=str(labels.get("status") or info.get("status", "")),
        revision=_number(labels.get("version")),
        description=" ".join(str(info.get("description", "")).split()),
    )


def _document(text: object) -> dict[str, Any]:
    try:
        packed = base64.b64decode(base64.b64decode(str(text)))
        unpacked = zlib.decompressobj(_GZIP).decompress(packed, MOST_BYTES)
        found: Any = json.loads(unpacked)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return {}
    return part({"release": found}, "release")


def _number(text: object) -> int:
    return int(str(text)) if str(text).isdecimal() else 0
