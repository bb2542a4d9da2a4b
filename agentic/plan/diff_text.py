"""A delta as text for a terminal, markdown for a pull request, or JSON for a program; all byte-stable."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from agentic.plan.changes import ABSENT, Change
from agentic.plan.delta import Delta, Operation, ResourceChange
from agentic.plan.replacements import Verdict

FORMAT = "agentic-platform/delta"
VERSION = 1

LONGEST_VALUE = 160
# GitHub refuses a comment of more than 65,536 characters; the workflow adds a few lines of its own.
LONGEST_MARKDOWN = 60_000

_SIGNS: Mapping[Operation, str] = MappingProxyType(
    {
        Operation.DELETE: "-",
        Operation.REPLACE: "+-",
        Operation.UPDATE: "~",
        Operation.CREATE: "+",
        Operation.RENAME: "=",
        Operation.OPTION: "o",
    }
)


def as_text(delta: Delta) -> str:
    """The delta for a terminal."""
    lines = [f"{delta.old} -> {delta.new}", _totals(delta)]
    for group, members in delta.groups().items():
        lines += ["", f"{group.value} ({len(members)})"]
        for change in members:
            lines.append(f"  {_SIGNS[change.operation]:<2} {_title(change)}")
            lines += [f"       {detail}" for detail in _details(change)]
    if delta.outputs:
        lines += ["", "stack outputs", *(f"  ~  {_property(change, '')}" for change in delta.outputs)]
    return "\n".join(lines) + "\n"


def as_markdown(delta: Delta) -> str:
    """The delta for a pull request comment, short enough for one; what was cut is counted."""
    head = [f"### Plan of `{delta.new}`", "", _totals(delta)]
    blocks: list[str] = []
    for group, members in delta.groups().items():
        lines = ["", f"<details open><summary><b>{group.value}</b> ({len(members)})</summary>", "", "```diff"]
        lines += [_fenced(f"{_diff_sign(change)} {_title(change)}", change) for change in members]
        blocks.append("\n".join([*lines, "```", "", "</details>"]))
    if delta.outputs:
        shown = "\n".join(f"! {_property(change, '')}" for change in delta.outputs)
        blocks.append(f"\n**stack outputs**\n\n```diff\n{_safe(shown)}\n```")
    return _cut("\n".join(head), blocks)


def as_json(delta: Delta) -> str:
    """The delta as data."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "old": delta.old,
        "new": delta.new,
        "counts": {**delta.counts(), "unchanged": delta.unchanged},
        "groups": {
            group.value: [_record(change) for change in members] for group, members in delta.groups().items()
        },
        "outputs": [_change_record(change) for change in delta.outputs],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


RENDERERS: Mapping[str, Callable[[Delta], str]] = MappingProxyType(
    {"json": as_json, "markdown": as_markdown, "text": as_text}
)


def _totals(delta: Delta) -> str:
    words = {
        "create": "to create",
        "update": "to update",
        "replace": "to replace",
        "delete": "to delete",
        "rename": "renamed in the state",
        "option": "with other options",
    }
    counts = delta.counts()
    said = [f"{counts[key]} {text}" for key, text in words.items() if counts[key]]
    return ", ".join([*(said or ["no change"]), f"{delta.unchanged} unchanged"])


def _title(change: ResourceChange) -> str:
    doubt = change.operation is Operation.UPDATE and change.replacement is Verdict.UNKNOWN
    verb = "update (replacement unknown)" if doubt else change.operation.value
    return f"{verb} {change.type} {change.name}"


def _details(change: ResourceChange) -> list[str]:
    details: list[str] = []
    if change.old_urn:
        details.append(f"was {change.old_urn}")
    gone = change.operation in (Operation.DELETE, Operation.REPLACE)
    if gone and change.protected:
        details.append(
            "protected: the engine refuses this until protection is taken off in an update of its own"
        )
    if gone and change.retained:
        details.append("retained: it leaves the state and stays in the cloud")
    for item in change.properties:
        forced = f"  (replaces: {change.source or 'replaceOnChanges'})" if item.path in change.forcing else ""
        details.append(_property(item, forced))
    details += [
        f"{path}: follows the replacement of {urn.rpartition('$')[2].split('::', 3)[-1]}"
        + ("  (replaces)" if path in change.forcing else "")
        for path, urn in change.carried
    ]
    details += [_property(item, "  (option)") for item in change.options]
    return details


def _property(change: Change, note: str) -> str:
    return f"{change.path}: {_value(change.old)} -> {_value(change.new)}{note}"


def _value(value: Any) -> str:
    if value is ABSENT:
        return "(absent)"
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}... ({len(text)} characters)"


def _record(change: ResourceChange) -> dict[str, Any]:
    return {
        "operation": change.operation.value,
        "urn": change.urn,
        "oldUrn": change.old_urn or None,
        "type": change.type,
        "name": change.name,
        "replacement": change.replacement.value,
        "forcing": list(change.forcing),
        "source": change.source or None,
        "protected": change.protected,
        "retained": change.retained,
        "properties": [_change_record(item) for item in change.properties],
        "options": [_change_record(item) for item in change.options],
        "carried": [{"path": path, "from": urn} for path, urn in change.carried],
    }


def _change_record(change: Change) -> dict[str, Any]:
    record: dict[str, Any] = {"path": change.path}
    if change.old is not ABSENT:
        record["old"] = change.old
    if change.new is not ABSENT:
        record["new"] = change.new
    return record


def _diff_sign(change: ResourceChange) -> str:
    return {Operation.DELETE: "-", Operation.CREATE: "+"}.get(change.operation, "!")


def _fenced(title: str, change: ResourceChange) -> str:
    return _safe("\n".join([title, *(f"    {detail}" for detail in _details(change))]))


def _safe(text: str) -> str:
    """Text that cannot end the fence it stands in: a value in a plan may come from a stranger's branch."""
    return text.replace("```", "` ` `")


def _cut(head: str, blocks: list[str]) -> str:
    kept: list[str] = [head]
    room = LONGEST_MARKDOWN - len(head)
    for index, block in enumerate(blocks):
        if len(block) > room:
            kept.append(_shortened(block, room, len(blocks) - index - 1))
            break
        kept.append(block)
        room -= len(block)
    return "\n".join(kept) + "\n"


def _shortened(block: str, room: int, more_groups: int) -> str:
    lines = block.splitlines()
    fitting: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    left = len(lines) - len(fitting)
    also = f" and {more_groups} more group(s)" if more_groups else ""
    return "\n".join(
        [*fitting, "```", "", "</details>", "", f"_{left} line(s){also} not shown: `agentic diff` has all._"]
    )
