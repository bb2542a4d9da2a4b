"""What a page tells its reader to do: changes of a stack file and commands, in the page's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")))
PROMPT = "$ "
_MARK = re.compile(r"<!-- change: (\S+) -->")
_GIVEN = re.compile(r"<!-- given: (\S+): (\{.*\}) -->")


@dataclass(frozen=True)
class Change:
    """Lines that are merged into the platform object of a stack file.

    `<!-- change: Pulumi.dev.yaml -->` stands above a block that the reader writes; where a page speaks of another
    stack than ours, `<!-- given: Pulumi.dev.yaml: {...} -->` makes it so.
    """

    file: str
    platform: dict[str, Any]
    line: int


@dataclass(frozen=True)
class Command:
    """What stands behind a prompt, and the output below it: `...` for what is left out, nothing for anything."""

    text: str
    output: str
    line: int


def blocks(text: str) -> list[Token]:
    """Every fenced block, those inside of lists too; a block's language is its `info`."""
    return [token for token in MarkdownIt().parse(text) if token.type == "fence"]


def line(block: Token) -> int:
    """Where its fence stands in the page."""
    return (block.map or [0])[0] + 1


def steps(text: str) -> list[Change | Command]:
    """The page as a script."""
    found: list[Change | Command] = []
    marked = ""
    for token in MarkdownIt().parse(text):
        comment = token.content.strip() if token.type == "html_block" else ""
        if (given := _GIVEN.fullmatch(comment)) is not None:
            found.append(Change(given[1], yaml.safe_load(given[2]), line(token)))
        elif token.type == "fence" and marked:
            found.append(Change(marked, yaml.safe_load(token.content), line(token)))
        elif token.type == "fence" and token.info == "console":
            found += _commands(token)
        mark = _MARK.fullmatch(comment)
        marked = mark[1] if mark else ""
    return found


def commands(text: str) -> list[Command]:
    """The commands of a page, run or not."""
    return [step for step in steps(text) if isinstance(step, Command)]


def _commands(block: Token) -> Iterator[Command]:
    """Each prompt with its continued lines, and what follows up to the next one."""
    lines = block.content.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(PROMPT)]
    ends = [*starts[1:], len(lines)]
    for at, end in zip(starts, ends[: len(starts)], strict=True):
        last = at
        while lines[last].endswith(("\\", "|")):
            last += 1
        text = "\n".join(lines[at : last + 1]).removeprefix(PROMPT)
        yield Command(text, "".join(f"{line}\n" for line in lines[last + 1 : end]), line(block) + 1 + at)
