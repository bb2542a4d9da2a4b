"""What a stack file may be made of: values that every reader of it, Python or Go, takes for the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_NODES = 200_000
"""Nodes after aliases are followed: two hundred tenants written in full take about 20,000."""

_PLAIN = "tag:yaml.org,2002:"
_READ = {f"{_PLAIN}{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq", "merge")}
_OCTAL_TO_SOME = re.compile(r"[-+]?0[0-9_]+")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_MOST_DIGITS = 15
"""What a double, which JSON numbers become on their way through the engine, holds exactly."""


class TooManyNodesError(Exception):
    """Aliases make a small file stand for a huge one."""


def expanded(node: Node | None) -> Iterator[Node]:
    """Every node as often as aliases repeat it; TooManyNodesError where that has no end."""
    waiting = [node] if node is not None else []
    seen = 0
    while waiting:
        current = waiting.pop()
        seen += 1
        if seen > MOST_NODES:
            raise TooManyNodesError
        if isinstance(current, MappingNode):
            waiting += [part for pair in _pairs(current) for part in pair]
        elif isinstance(current, SequenceNode):
            waiting += cast("list[Node]", current.value)
        yield current


def odd_values(nodes: Iterable[Node]) -> list[str]:
    """What is not text, number, truth value, list or map, by line; the values themselves are not repeated."""
    found: set[tuple[int, str]] = set()
    for node in nodes:
        if isinstance(node, MappingNode):
            found |= {
                (_line(key), "a key is not text; put it in quotes")
                for key, _ in _pairs(node)
                if _tag(key) not in (f"{_PLAIN}str", f"{_PLAIN}merge")
            }
        fault = _fault(node)
        if fault:
            found.add((_line(node), fault))
    return [f"line {line}: {fault}" for line, fault in sorted(found)]


def _fault(node: Node) -> str | None:
    tag = _tag(node)
    if tag == f"{_PLAIN}timestamp":
        return "a value is read as a date; put it in quotes"
    if tag not in _READ:
        return f"the tag {tag.replace(_PLAIN, '!!')} is not read; write text, numbers, lists and maps"
    return _scalar_fault(tag, cast("str", node.value)) if isinstance(node, ScalarNode) else None


def _scalar_fault(tag: str, text: str) -> str | None:
    number = tag in (f"{_PLAIN}int", f"{_PLAIN}float")
    if number and _OCTAL_TO_SOME.fullmatch(text):
        return "a number begins with 0, which is octal to some readers; put it in quotes or drop the 0"
    if number and _NO_NUMBER.fullmatch(text):
        return "a value is no finite number; write one"
    if tag == f"{_PLAIN}int" and len(text) > _MOST_DIGITS:
        return f"a number has more than {_MOST_DIGITS} digits and would be rounded; put it in quotes"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "a text holds half of a character; type it again"
    return None


def _pairs(node: MappingNode) -> list[tuple[Node, Node]]:
    return cast("list[tuple[Node, Node]]", node.value)


def _line(node: Node) -> int:
    marked: Any = node  # ruamel's marks and tags carry no types
    return marked.start_mark.line + 1


def _tag(node: Node) -> str:
    tagged: Any = node
    return str(tagged.tag)
