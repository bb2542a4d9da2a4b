"""The pull request comment, made from plans that a stranger's branch may have written.

Nothing in the directory is trusted: names, sizes and shape are checked before a byte is parsed, and whatever
is quoted stands inside a code block that it cannot end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from agentic.errors import OperatorError
from agentic.plan.diff import diff
from agentic.plan.diff_text import as_markdown
from agentic.plan.errors import PlanError
from agentic.plan.files import load
from agentic.plan.model import Plan
from agentic.plan.preview_text import as_markdown as sums
from stacks.stack_file import PROJECT

MARKER = "<!-- agentic-platform:preview -->"
"""The comment's first line, by which it is found again."""

LONGEST_COMMENT = 62_000
"""GitHub refuses more than 65,536 characters."""

LARGEST_FILE = 64 * 2**20
MOST_FILES = 64
ERROR_LINES = 40
LONGEST_ERROR = 4_000

NAMES = re.compile(r"^(?P<side>base|head)/(?P<stack>[a-z][a-z0-9-]{0,30})\.(?P<kind>json|error\.txt)$")


@dataclass(frozen=True, slots=True)
class Captured:
    """What one side of the pull request gave for one stack."""

    plan: Path | None = None
    error: Path | None = None


def comment(directory: Path) -> str:
    """Return the comment for `base/` and `head/` in `directory`, each with `<stack>.json` or an error."""
    found = _checked(directory)
    stacks = sorted({stack for _, stack in found})
    nothing = Captured()
    parts = [MARKER, "## What this pull request does to each stack"]
    room = LONGEST_COMMENT - sum(len(part) + 2 for part in parts)
    for stack in stacks:
        whole, short = _section(
            stack, found.get(("base", stack), nothing), found.get(("head", stack), nothing)
        )
        too_long = f"{_title(stack)}\n\nToo long to show: the run's artifact `plans` has it in full."
        fitting = (whole, f"{too_long}\n\n{short}")
        section = next((text for text in fitting if text and len(text) + 2 <= room), too_long)
        parts.append(section)
        room -= len(section) + 2
    if not stacks:
        parts.append("No stack was captured.")
    return "\n\n".join(parts) + "\n"


def _checked(directory: Path) -> dict[tuple[str, str], Captured]:
    """Return the files by side and stack; anything that has no business here refuses the whole."""
    paths = sorted(path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(paths) > MOST_FILES:
        raise _refused(f"{len(paths)} files; at most {MOST_FILES} are read")
    found: dict[tuple[str, str], Captured] = {}
    for path in paths:
        name = path.relative_to(directory).as_posix()
        match = NAMES.match(name)
        if match is None or path.is_symlink() or not path.is_file():
            raise _refused(f"{name!r} is no captured plan")
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(f"{name} is larger than {LARGEST_FILE:,} bytes")
        key = (match["side"], match["stack"])
        other = found.get(key, Captured())
        is_plan = match["kind"] == "json"
        found[key] = Captured(path if is_plan else other.plan, other.error if is_plan else path)
    return found


def _refused(reason: str) -> OperatorError:
    return OperatorError(
        f"the captured plans are refused: {reason}", remedy="look at the run that uploaded them"
    )


def _title(stack: str) -> str:
    """Return the heading `as_markdown` gives a plan, for stacks that have none to give."""
    return f"### Plan of `{PROJECT}/{stack}`"


def _section(stack: str, base: Captured, head: Captured) -> tuple[str, str]:
    """The whole section, and the part of it to keep where there is no room for all."""
    title = _title(stack)
    if head.error:
        return f"{title}\n\nThe head has no plan:\n\n{_quoted(head.error)}", ""
    if base.error:
        note = f"The base has no plan to compare with:\n\n{_quoted(base.error)}"
        return f"{title}\n\n{note}", ""
    try:
        before, after = _plan(stack, base.plan), _plan(stack, head.plan)
        below = sums(before, after)
        return "\n\n".join(part for part in (as_markdown(diff(before, after)).strip(), below) if part), below
    except PlanError as error:
        return f"{title}\n\nThe captured plans cannot be compared:\n\n{_fenced(str(error))}", ""
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # A plan that has every field and still makes no sense was made by hand: nothing of it is quoted.
        return f"{title}\n\nThe captured plans cannot be compared ({type(error).__name__}).", ""


def _plan(stack: str, path: Path | None) -> Plan:
    """Return the side's plan; a side without the stack is an empty one: all creates, or all deletes."""
    if path is None:
        return Plan(project=PROJECT, stack=stack, resources=())
    plan = load(path)
    if (plan.project, plan.stack) != (PROJECT, stack):
        # The names appear outside code blocks, so they have to be the ones the file names were checked for.
        raise PlanError(path.name, "it is the plan of another project or stack", "capture it again")
    return plan


def _quoted(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(LONGEST_ERROR * 8).decode("utf-8", "replace")
    return _fenced("\n".join(text.splitlines()[-ERROR_LINES:])[-LONGEST_ERROR:])


def _fenced(text: str) -> str:
    """Return a code block around text, with a fence that nothing in the text can end."""
    shown = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"
