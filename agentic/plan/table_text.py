"""Aligned columns without colour, the same on a terminal and in a log."""

from __future__ import annotations

from collections.abc import Sequence


def table(title: str, rows: Sequence[Sequence[object]], columns: Sequence[str]) -> str:
    """A title and its rows; nothing at all where there are none."""
    if not rows:
        return ""
    cells = [tuple(columns), *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join([title, *(f"  {line}".rstrip() for line in lines)])
