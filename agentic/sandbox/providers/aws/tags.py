"""Tags are sent with the provider's defaults and a mark of the URN; the mark never comes back to the program."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from agentic.sandbox.providers.aws.likeness import overlay_map
from agentic.sandbox.providers.aws.row import URN_TAG, It, Row
from agentic.sandbox.providers.kinds import Named, Properties
from agentic.sandbox.providers.wire import UNKNOWN, Unknown


def urn_mark(named: Named) -> str:
    """Give the tag's value: a URN has characters and lengths that tags may not have."""
    return hashlib.sha256(named.urn.encode()).hexdigest()[:40]


class TagBook:
    """The tags of one row's things."""

    def __init__(self, row: Row, default_tags: Mapping[str, str]) -> None:
        """Use the row's style, if it has tags at all."""
        self._style = row.tags
        self._defaults = default_tags

    def spread(self, inputs: Properties) -> Properties:
        """Add `tagsAll`: the provider's default tags under the thing's own."""
        own: Any = inputs.get("tags") or {}
        if isinstance(own, Unknown):
            return {**inputs, "tagsAll": UNKNOWN}
        merged: Any = {**self._defaults, **own}
        return (
            {**inputs, "tagsAll": merged} if merged else {k: v for k, v in inputs.items() if k != "tagsAll"}
        )

    def at_create(self, it: It) -> Mapping[str, Any]:
        """Give the request members that carry tags."""
        assert self._style is not None
        return self._style.at_create(self._marked(it))

    def after_create(self, it: It) -> None:
        """Tag now what could not be tagged in the create call."""
        assert self._style is not None
        if not self._style.at_create({URN_TAG: "x"}):
            self._style.put(it, self._marked(it))

    def _marked(self, it: It) -> dict[str, str]:
        assert it.named is not None
        return {**(it.get("tagsAll") or {}), URN_TAG: urn_mark(it.named)}

    def read(self, it: It, found: Mapping[str, Any]) -> dict[str, str]:
        """Give the tags that are there, AWS's own and our mark left out."""
        assert self._style is not None
        tags = self._style.read(it, found)
        return {key: value for key, value in tags.items() if key != URN_TAG and not key.startswith("aws:")}

    def in_words_of(
        self, like: Mapping[str, Any] | None, said: Properties, tags: dict[str, str]
    ) -> Properties:
        """Put observed tags where a program would say them: defaults in `tagsAll` only."""
        own_before = dict((like or {}).get("tags") or {})
        own = {k: v for k, v in tags.items() if k in own_before or self._defaults.get(k) != v}
        words = {k: v for k, v in said.items() if k not in ("tags", "tagsAll")}
        if own or "tags" in (like or {}):
            words["tags"] = overlay_map(own_before, own)
        if tags:
            words["tagsAll"] = overlay_map((like or {}).get("tagsAll") or {}, tags)
        return words

    def update(self, it: It) -> None:
        """Bring the tags in line with the new inputs."""
        assert self._style is not None
        olds: Any = it.before.get("tagsAll") or {}
        news: Any = it.get("tagsAll") or {}
        gone: Any = [key for key in olds if key not in news]
        if gone:
            self._style.drop(it, gone)
        if any(olds.get(key) != value for key, value in news.items()):
            self._style.put(it, news)

    def is_ours(self, it: It, found: Mapping[str, Any]) -> bool:
        """Tell whether a thing carries this URN's mark, or none yet: its tagging may have been interrupted too."""
        assert self._style is not None
        assert it.named is not None
        return self._style.read(it, found).get(URN_TAG, urn_mark(it.named)) == urn_mark(it.named)


def as_pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Turn a tag map into the list most APIs take."""
    return [{key: name, value: text} for name, text in tags.items()]


def from_pairs(pairs: Any, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Turn the list most APIs give into a tag map."""
    return {str(pair[key]): str(pair[value]) for pair in cast("list[Any]", pairs or [])}
