"""Markdown pieces that come out the same on every run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """Return text that cannot end its table cell or its row."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with one space around every cell, so that a changed row changes one line only."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|"]
    lines += [f"| {' | '.join(cell(text) for text in row)} |" for row in rows]
    return "\n".join(lines)


def between(page: str, name: str, content: str) -> str:
    """Return the page with what stands between its markers replaced; without markers it stays as it is."""
    start, end = f"<!-- generated:{name} -->", f"<!-- /generated:{name} -->"
    before, opened, rest = page.partition(start)
    if not opened:
        return page
    _, closed, after = rest.partition(end)
    return f"{before}{start}\n\n{content}\n\n{end}{after if closed else rest}"
