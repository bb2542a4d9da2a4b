"""Pulumi's camelCase property bags become an API's request and back, guided by botocore's own model of the API."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.data import is_list, is_map


def to_api(shape: Any, value: Any) -> Any:
    """Rename keys to the members of `shape` and coerce scalars to its types; keys it lacks are left out."""
    kind = shape.type_name
    if kind == "structure" and is_map(value):
        members = {name.lower(): name for name in shape.members}
        known = {members[key.lower()]: item for key, item in value.items() if key.lower() in members}
        return {name: to_api(shape.members[name], item) for name, item in known.items()}
    if kind == "structure" and is_list(value) and len(value) == 1:
        return to_api(shape, value[0])  # Terraform's one-element blocks
    if kind == "list" and is_map(value) and accepts(shape.member) == {"key", "value"}:
        return [{"Key": key, "Value": item} for key, item in value.items()]  # tags inside a block
    if kind == "list":
        return [to_api(shape.member, item) for item in (value if is_list(value) else [value])]
    if kind == "map" and is_map(value):
        return {key: to_api(shape.value, item) for key, item in value.items()}
    if kind in ("integer", "long") and not isinstance(value, bool):
        return int(str(value))
    if kind in ("float", "double"):
        return float(str(value))
    if kind == "boolean" and isinstance(value, str):
        return value == "true"
    if kind == "string" and isinstance(value, bool):
        return str(value).lower()
    if kind == "string" and isinstance(value, int | float):
        return str(value)
    return value


def accepts(shape: Any) -> set[str]:
    """Give the members of a structure in lower case, to compare with property names."""
    return {name.lower() for name in getattr(shape, "members", ())}


class Verbatim(dict[str, Any]):
    """A map whose keys are data (tags, labels, a policy document): never renamed."""


def with_maps_marked(shape: Any, value: Any) -> Any:
    """Mark in an answer what the API's model calls a map, or text that boto3 has parsed."""
    kind = getattr(shape, "type_name", "")
    if kind == "structure" and is_map(value):
        members = shape.members
        return {key: with_maps_marked(members.get(key), item) for key, item in value.items()}
    if kind == "list" and is_list(value):
        return [with_maps_marked(shape.member, item) for item in value]
    return Verbatim(value) if is_map(value) else value


def from_api(value: Any) -> Any:
    """Rename the keys of an answer to camelCase; dates become ISO text."""
    if isinstance(value, Verbatim):
        return dict(value)
    if is_map(value):
        return {camel(str(key)): from_api(item) for key, item in value.items()}
    if is_list(value):
        return [from_api(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def camel(name: str) -> str:
    """Lower the leading capitals: `VpcId` vpcId, `ARN` arn, `DNSName` dnsName."""
    run = len(name) - len(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if run in (0, len(name)):
        return name.lower() if run else name
    head = max(1, run - 1)
    return name[:head].lower() + name[head:]
