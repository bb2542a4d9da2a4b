"""How each AWS service takes and gives tags, and how a thing is found again by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, It, TagStyle
from agentic.sandbox.providers.aws.tags import as_pairs, from_pairs, urn_mark


def ec2_tags(resource_type: str) -> TagStyle:
    """EC2 takes tags by resource type at creation and by id later."""
    return TagStyle(
        at_create=lambda tags: {
            "TagSpecifications": [{"ResourceType": resource_type, "Tags": as_pairs(tags)}]
        },
        read=lambda _, found: from_pairs(found.get("Tags")),
        put=lambda it, tags: run(it, "ec2", "create_tags", Resources=[it.id], Tags=as_pairs(tags)),
        drop=lambda it, keys: run(
            it, "ec2", "delete_tags", Resources=[it.id], Tags=[{"Key": key} for key in keys]
        ),
    )


def ec2_tags_later() -> TagStyle:
    """Tag by id only, for things that are not made."""
    style = ec2_tags("")
    return TagStyle(at_create=lambda _: {}, read=style.read, put=style.put, drop=style.drop)


def by_tag(method: str, things: str, identity: str) -> Callable[[It], list[str]]:
    """Find EC2 things by the URN's mark: `things` in the answer of `method`, their id under `identity`.

    Filtered here: moto ignores tag filters of some describe calls, and would answer with everything.
    """

    def search(it: It) -> list[str]:
        assert it.named is not None
        found = it.aws.call("ec2", method, {}, it.region)[things]
        mark = urn_mark(it.named)
        return [str(thing[identity]) for thing in found if from_pairs(thing.get("Tags")).get(URN_TAG) == mark]

    return search


def paired_tags(
    service: str,
    noun: str,
    resource: str,
    *,
    read: Callable[[It, Mapping[str, Any]], Mapping[str, str]] | None = None,
    where: Callable[[It], str] = lambda it: it.id,
    key: str = "Key",
) -> TagStyle:
    """Take tags as a list of pairs, in `Tags`, by `tag_<noun>` and `untag_<noun>` with `resource` naming the thing."""
    value = key.replace("Key", "Value")
    return TagStyle(
        at_create=lambda tags: {"Tags": as_pairs(tags, key, value)},
        read=read or (lambda _, found: from_pairs(found.get("Tags"), key, value)),
        put=lambda it, tags: run(
            it, service, f"tag_{noun}", **{resource: where(it), "Tags": as_pairs(tags, key, value)}
        ),
        drop=lambda it, keys: run(
            it, service, f"untag_{noun}", **{resource: where(it), "TagKeys": list(keys)}
        ),
    )


def mapped_tags(
    service: str,
    *,
    read: Callable[[It, Mapping[str, Any]], Mapping[str, str]],
    put: Callable[[It, Mapping[str, str]], object],
    drop: Callable[[It, Sequence[str]], object],
) -> TagStyle:
    """Take tags as a map, in `tags`."""
    return TagStyle(at_create=lambda tags: {"tags": dict(tags)}, read=read, put=put, drop=drop)


def arn_of(it: It, service: str, kind: str) -> str:
    """Give the ARN of a thing whose service writes `kind:id`."""
    return f"arn:aws:{service}:{it.region}:{it.aws.account}:{kind}:{it.id}"


def arn_tags(service: str, kind: str) -> TagStyle:
    """Take tags as a list of pairs at creation and by ARN later, as RDS and ElastiCache do."""

    def read(it: It, _: Mapping[str, Any]) -> dict[str, str]:
        where = arn_of(it, service, kind)
        return from_pairs(look(it, service, "list_tags_for_resource", ResourceName=where).get("TagList"))

    def put(it: It, tags: Mapping[str, str]) -> object:
        where = arn_of(it, service, kind)
        return run(it, service, "add_tags_to_resource", ResourceName=where, Tags=as_pairs(tags))

    def drop(it: It, keys: Sequence[str]) -> object:
        where = arn_of(it, service, kind)
        return run(it, service, "remove_tags_from_resource", ResourceName=where, TagKeys=list(keys))

    return TagStyle(at_create=lambda tags: {"Tags": as_pairs(tags)}, read=read, put=put, drop=drop)


def named_parameters(service: str, method: str, member: str) -> Callable[[It, Any], Any]:
    """Look at the parameters of a group that the program has said, as they are now."""

    def observe(it: It, _: Any) -> Any:
        said: Any = it.get("parameters")
        now = {
            one["ParameterName"]: one.get("ParameterValue")
            for one in look(it, service, method, **{member: it.id}).get("Parameters", [])
        }
        if said is None:
            return [{"name": name, "value": value} for name, value in now.items()] or None
        return [{**one, "value": now.get(one["name"])} for one in said]

    return observe


def run(it: It, service: str, method: str, **arguments: Any) -> dict[str, Any]:
    """Make one call in the thing's region."""
    return it.aws.call(service, method, arguments, it.region)


def look(it: It, service: str, method: str, **arguments: Any) -> dict[str, Any]:
    """Make one call that asks; empty where the thing is not there."""
    return it.aws.look(service, method, arguments, it.region) or {}
