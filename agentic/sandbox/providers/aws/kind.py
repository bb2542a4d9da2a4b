"""A row becomes a working resource type: checked, made, looked at, changed, removed and found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.calls import Aws, is_gone
from agentic.sandbox.providers.aws.likeness import overlay
from agentic.sandbox.providers.aws.naming import complete_name
from agentic.sandbox.providers.aws.row import Action, Call, It, Look, Row
from agentic.sandbox.providers.aws.shapes import accepts, camel, from_api, to_api
from agentic.sandbox.providers.aws.tags import TagBook
from agentic.sandbox.providers.changes import Change, changes
from agentic.sandbox.providers.data import is_map
from agentic.sandbox.providers.kinds import Named, Observed, Properties, ResourceError
from agentic.sandbox.providers.wire import UNKNOWN, has_unknown

_OURS = frozenset({"region", "tags", "tagsAll", "__defaults"})


class RowKind:
    """The `ResourceKind` of one row."""

    unordered = True

    def __init__(self, row: Row, aws: Aws, default_tags: Mapping[str, str]) -> None:
        """Serve `row` through `aws`."""
        self.row = row
        self._aws = aws
        self._tags = TagBook(row, default_tags)

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Refuse properties the row does not handle, make up a missing name, spread default tags."""
        inputs = {**self.row.defaults, **news}
        if self.row.name:
            complete_name(named, inputs, olds, self.row.name, self.row.name_limit)
        if self.row.tags is not None:
            inputs = self._tags.spread(inputs)
        known = self._handled()
        unknown = [key for key in inputs if key.lower() not in known]
        reason = f"the sandbox's row for {self.row.type} does not handle it; add it in aws/table"
        return inputs, [(key, reason) for key in unknown]

    def _handled(self) -> set[str]:
        row = self.row
        said = {
            *row.settable,
            *row.replace.replace(".", " ").split(),
            *row.local.split(),
            *row.observe,
            row.name,
        }
        members = accepts(self._aws.request_shape(row.create.service or row.service, row.create.method))
        names = (
            {*said, *_OURS, f"{row.name}Prefix"} if row.tags is not None else {*said, "region", "__defaults"}
        )
        return members | {name.lower() for name in names}

    def replaces(self, change: Change) -> bool:
        """Follow the row."""
        return self.row.replaces(change)

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Compare natural ids and fixed names."""
        row = self.row
        if row.natural is not None and not has_unknown(dict(news)):
            return row.natural(olds) == row.natural(news)
        if not row.name or row.name in olds.get("__defaults", []):
            return False
        return olds.get(row.name) == news.get(row.name)

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        """Give inputs as outputs, what was known before, and `UNKNOWN` for what only AWS can say."""
        if before is None:
            unknown = dict.fromkeys(self.row.outputs, UNKNOWN)
            return _nested({"region": self._aws.region, **_public(inputs)}, unknown)
        known = {name: _at_path(before, name) for name in self.row.outputs}
        return _nested({**before, **_public(inputs)}, _known(known))

    def create(self, named: Named, inputs: Properties) -> str:
        """Make the create call and then each setting it could not carry."""
        row = self.row
        it = self._it(inputs=inputs, named=named)
        extra: Any = self._tags.at_create(it) if row.tags is not None else {}
        shape = self._aws.request_shape(row.create.service or row.service, row.create.method)
        answer = self._call(row.create, it, {**to_api(shape, _public(inputs)), **extra})
        identity = row.natural(inputs) if row.natural is not None else self._value(it, answer, row.made)
        members = accepts(shape)
        made = self._it(inputs=inputs, named=named, identity=identity)
        for setting in row.settings:
            given = [name for name in setting.properties.split() if name in inputs]
            if not setting.later and any(name.lower() not in members for name in given):
                self._act(setting.call, made)
        row.after_create(made)
        if row.tags is not None:
            self._tags.after_create(made)
        return identity

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        """Look at the thing and put it in the program's words."""
        row = self.row
        it = self._it(identity=identity, inputs=like or {})
        found = self._look(it)
        if found is None:
            return None
        observed = self._observe(it, found)
        said = self._in_words_of(like, observed)
        computed = {name: self._value(it, found, where) for name, where in row.outputs.items()}
        outputs = _nested({"region": it.region, **_known(observed), **_public(said)}, _known(computed))
        if row.tags is not None:
            tags = self._tags.read(it, found)
            said = self._tags.in_words_of(like, said, tags)
            outputs = {**outputs, **{k: said[k] for k in ("tags", "tagsAll") if k in said}}
        return Observed(said, outputs)

    def _look(self, it: It) -> Any:
        row = self.row
        answer = self._aws.look(
            row.read.service or row.service, row.read.method, _given(row.read.args(it)), it.region
        )
        return None if answer is None else (_search_or_ask(it, answer, row.at) or None)

    def _observe(self, it: It, found: Any) -> Properties:
        row = self.row
        plain: Any = from_api(found) if is_map(found) else {}
        shape = self._aws.request_shape(row.create.service or row.service, row.create.method)
        names = {camel(name) for name in (shape.members if shape else ())} | row.settable
        observed: Any = {name: plain.get(name) for name in names if name not in ("tags", *_OURS)}
        return {**observed, **{name: self._value(it, found, where) for name, where in row.observe.items()}}

    @staticmethod
    def _in_words_of(like: Mapping[str, Any] | None, observed: Properties) -> Properties:
        if like is None:
            return _known(observed)
        return {
            key: value if key in _OURS else overlay(value, observed.get(key)) for key, value in like.items()
        }

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        """Make the call of each setting whose property changed, and bring tags in line."""
        row = self.row
        it = self._it(identity=identity, inputs=news, before=olds, named=named)
        changed = {str(change.path[0]) for change in changes(olds, news, unordered=True)} - _OURS
        for setting in row.settings:
            if changed.intersection(setting.properties.split()):
                self._act(setting.call, it)
        left = changed - row.settable - set(row.local.split())
        if left:
            raise ResourceError(
                "SandboxRow", f"{row.type} has no setting for {', '.join(sorted(left))}; add it in aws/table"
            )
        if row.tags is not None:
            self._tags.update(it)

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        """Make the delete calls; what is gone already is success."""
        row = self.row
        it = self._it(identity=identity, inputs=outputs)
        if self._look(it) is None:
            return
        if not outputs:
            seen = self.read(identity, None)
            it = self._it(identity=identity, inputs=seen.outputs if seen is not None else {})
        reason = row.blocked(it)
        if reason is not None:
            raise ResourceError("DependencyViolation", reason)
        for call in row.delete:
            try:
                self._act(call, it)
            except ResourceError as error:
                if not is_gone(error):
                    raise

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        """Ask by natural id or by tag."""
        row = self.row
        if row.natural is None:
            return row.search(self._it(inputs=inputs, named=named)) if row.search is not None else []
        it = self._it(inputs=inputs, named=named, identity=row.natural(inputs))
        found = self._look(it)
        ours = found is not None and (row.tags is None or self._tags.is_ours(it, found))
        return [it.id] if ours else []

    def _it(
        self,
        *,
        inputs: Mapping[str, Any],
        identity: str = "",
        before: Mapping[str, Any] | None = None,
        named: Named | None = None,
    ) -> It:
        region = str(inputs.get("region") or self._aws.region)
        return It(aws=self._aws, region=region, id=identity, inputs=inputs, before=before or {}, named=named)

    def _act(self, call: Call | Action, it: It) -> None:
        if not isinstance(call, Call):
            call(it)
        elif call.when(it):
            self._call(call, it)

    def _call(self, call: Call, it: It, base: Mapping[str, Any] | None = None) -> dict[str, Any]:
        arguments = _given({**(base or {}), **call.args(it)})
        return self._aws.call(call.service or self.row.service, call.method, arguments, it.region)

    @staticmethod
    def _value(it: It, found: Any, where: Look) -> Any:
        return where(it, found) if callable(where) else from_api(_search_or_ask(it, found, where))


def _search_or_ask(it: It, answer: Any, where: Look) -> Any:
    if callable(where):
        return where(it, answer)
    import jmespath

    return jmespath.search(where, answer)


def _at_path(properties: Mapping[str, Any], name: str) -> Any:
    """Give what stands at a dotted name."""
    found: Any = properties
    for part in name.split("."):
        found = found.get(part) if is_map(found) else None
    return found


def _nested(properties: Properties, values: Mapping[str, Any]) -> Properties:
    """Put values at dotted names, into copies of the blocks that hold them; a stated value stays."""
    for name, value in values.items():
        head, _, rest = name.partition(".")
        if not rest:
            properties.setdefault(head, value)
        elif is_map(properties.get(head)):
            properties[head] = _nested(dict(properties[head]), {rest: value})
    return properties


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def _known(properties: Mapping[str, Any]) -> Properties:
    return {name: value for name, value in properties.items() if value is not None}


def _public(inputs: Mapping[str, Any]) -> Properties:
    return {name: value for name, value in inputs.items() if not name.startswith("__")}
