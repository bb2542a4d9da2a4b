"""Values in place of what only the cloud will know: of the right form, so that a server can judge the rest.

A stand-in says nothing about the real value; a rule that depends on it is not rehearsed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from agentic.plan.references import OPENING, references_in
from agentic.plan.wire import SECRET_MARKER

ACCOUNT, REGION = "111122223333", "us-east-1"  # AWS's own example account
_WHOLE = re.compile(r"@\{[^{}]+\}")

_ID_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "defaultSecurityGroup": "sg",
        "eip": "eipalloc",
        "internetGateway": "igw",
        "launchTemplate": "lt",
        "natGateway": "nat",
        "networkInterface": "eni",
        "routeTable": "rtb",
        "securityGroup": "sg",
        "subnet": "subnet",
        "vpc": "vpc",
        "vpcEndpoint": "vpce",
    }
)
"""EC2 ids are a prefix and 17 hexadecimal digits."""

_TEXT_ONLY = frozenset({"annotations", "args", "command", "data", "labels", "stringData", "value"})
"""Where Kubernetes takes text even if it is a number."""


def concrete(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with a stand-in for every reference; without references it is what it was."""
    body = {key: _replaced(value, text=False) for key, value in manifest.items()}
    if manifest.get("kind") == "Secret" and manifest.get("stringData") == SECRET_MARKER:
        body["stringData"] = {"hidden": SECRET_MARKER}
    if manifest.get("kind") == "Secret" and "data" in manifest:
        stated: Any = manifest["data"]
        if stated == SECRET_MARKER:
            stated = body["data"] = {"hidden": SECRET_MARKER}
        body["data"] = {key: _encoded(stated[key], text) for key, text in body["data"].items()}
    return body


def _encoded(stated: str, text: str) -> str:
    """A Secret's `data` is base64, and neither a stand-in nor the plan's mark for a secret is."""
    made_up = OPENING in stated or stated == SECRET_MARKER
    return base64.b64encode(text.encode()).decode() if made_up else text


def stand_in(reference: str) -> str:
    """What stands for `<type>::<name>.<attribute>`: the same reference always has the same stand-in."""
    token, _, rest = reference.partition("::")
    attribute = re.sub(r"\[\d+\]", "", rest).rpartition(".")[2]
    package, _, kind = token.rpartition(":")[0].partition("/")
    digest = hashlib.sha256(reference.encode()).hexdigest()
    plain = attribute.lower()
    label = f"{re.sub('[^a-z0-9]+', '-', plain)}-{digest[:8]}"
    if plain.endswith("arn"):
        return f"arn:aws:{package.partition(':')[2] or 'iam'}:{REGION}:{ACCOUNT}:{label}"
    if plain == "id" and kind in _ID_PREFIXES:
        return f"{_ID_PREFIXES[kind]}-{digest[:17]}"
    for name, prefix in _ID_PREFIXES.items():
        if plain.endswith((f"{name.lower()}id", f"{name.lower()}ids")):
            return f"{prefix}-{digest[:17]}"
    if plain.endswith("url") or plain == "issuer" or (plain == "endpoint" and kind == "cluster"):
        return f"https://{label}.example.internal"
    if plain.endswith(("address", "dnsname", "domain", "domainname", "endpoint", "host")):
        return f"{label}.example.internal"
    if plain.endswith("ip"):
        return f"10.{int(digest[:2], 16)}.{int(digest[2:4], 16)}.{int(digest[4:6], 16)}"
    if plain == "port":
        return "5432"
    if plain == "data":  # of a certificate authority
        return base64.b64encode(label.encode()).decode()
    return label


def _replaced(value: Any, *, text: bool) -> Any:
    if isinstance(value, str):
        return _filled(value, text=text) if OPENING in value else value
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {key: _replaced(item, text=text or key in _TEXT_ONLY) for key, item in fields.items()}
    if isinstance(value, list):
        return [_replaced(item, text=text) for item in cast("list[Any]", value)]
    return value


def _filled(value: str, *, text: bool) -> str | int:
    filled = value
    for reference in references_in(value):
        filled = filled.replace(f"{OPENING}{reference}}}", stand_in(reference))
    return int(filled) if not text and _WHOLE.fullmatch(value) and filled.isdigit() else filled
