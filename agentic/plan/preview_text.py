"""What a pull request does to quotas and images, below the delta of its comment; from a stranger's plans."""

from __future__ import annotations

from agentic.plan.images import Images, Pinned, images
from agentic.plan.model import Plan
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import quota_sums
from agentic.plan.quota_text import COLUMNS, changed_rows
from agentic.plan.table_text import table

MOST_LINES = 20
LONGEST_LINE = 400


def as_markdown(base: Plan, head: Plan) -> str:
    """Faults of the head's quotas, sums that change, images that are new; empty where there is none of it."""
    before, after = quota_sums(base), quota_sums(head)
    faults = [str(fault) for fault in quota_faults(after)]
    # A base without declared pods has no sums to compare with; its images are not to be called new either.
    comparable = before.declared == after.declared
    changed = [tuple(map(_safe, row)) for row in changed_rows(before, after)] if comparable else []
    blocks = [
        _block(f"{len(faults)} quota fault{'' if len(faults) == 1 else 's'}", faults, is_open=True),
        _block(f"quota sums that change ({len(changed)})", table("", changed, COLUMNS).splitlines()[1:]),
    ]
    if comparable:
        new = _new(images(base), images(head))
        blocks.append(_block(f"new images ({len(new)})", new))
    return "\n\n".join(block for block in blocks if block)


def _new(old: Images, new: Images) -> list[str]:
    known = {image.reference for image in old.images}
    fresh = [image for image in new.images if image.reference not in known]
    ranked = sorted(fresh, key=lambda image: (image.pinned is Pinned.DIGEST, image.reference))
    return [f"{image.pinned.value:<8}{image.reference}  {', '.join(image.users)}" for image in ranked]


def _block(title: str, lines: list[str], *, is_open: bool = False) -> str:
    if not lines:
        return ""
    shown = [_safe(line) for line in lines[:MOST_LINES]]
    left = len(lines) - len(shown)
    more = [f"and {left} more: `agentic plan` has all"] if left else []
    head = f"<details{' open' if is_open else ''}><summary><b>{title}</b></summary>"
    return "\n".join([head, "", "```text", *shown, *more, "```", "", "</details>"])


def _safe(line: str) -> str:
    """One line that cannot end the block it stands in."""
    shown = "".join(character if character.isprintable() else " " for character in line)
    return shown.replace("```", "` ` `")[:LONGEST_LINE]
