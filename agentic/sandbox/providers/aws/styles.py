"""How each AWS service takes and gives tags, and how a thing is found again by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        put=lambda it, tags: _run(it, "ec2", "create_tags", Resources=[it.id], Tags=as_pairs(tags)),
        drop=lambda it, keys: _run(
            it, "ec2", "delete_tags", Resources=[it.id], Tags=[{"Key": key} for key in keys]
        ),
    )


def by_tag(method: str, ids: str, filters: str = "Filters") -> Callable[[It], list[str]]:
    """Find EC2 things that carry the URN's mark; `ids` is a JMESPath to their ids."""

    def search(it: It) -> list[str]:
        import jmespath

        assert it.named is not None
        wanted = [{"Name": f"tag:{URN_TAG}", "Values": [urn_mark(it.named)]}]
        found = it.aws.call("ec2", method, {filters: wanted}, it.region)
        return list(jmespath.search(ids, found) or [])

    return search


def _run(it: It, service: str, method: str, **arguments: Any) -> None:  # noqa: ANN401
    it.aws.call(service, method, arguments, it.region)
