"""Which pages are generated, and whether the ones on disk are still what the code says."""

from __future__ import annotations

from pathlib import Path

from agentic.docs.command_page import command_page
from agentic.docs.config_page import config_page
from agentic.docs.layers import layers_page, order_diagram
from agentic.docs.schema import schema_text
from agentic.docs.text import between
from agentic.errors import OperatorError
from agentic.plan.capture import capture_stack

DIAGRAM_STACK = "dev"
README = Path("README.md")
REFERENCE = Path("docs/reference")


def pages(root: Path) -> dict[Path, str]:
    """Return every generated page by its path under `root`."""
    plan = capture_stack(DIAGRAM_STACK, root)
    generated = {
        REFERENCE / "config.md": config_page(),
        REFERENCE / "config.schema.json": schema_text(),
        REFERENCE / "cli.md": command_page(),
        REFERENCE / "layers.md": layers_page(plan),
    }
    if (root / README).is_file():
        generated[README] = between((root / README).read_text("utf-8"), "layers", order_diagram(plan))
    return generated


def stale(root: Path) -> dict[Path, str]:
    """Return the pages that differ from what is on disk, with what they should say."""
    return {
        path: text
        for path, text in pages(root).items()
        if not (root / path).is_file() or (root / path).read_text("utf-8") != text
    }


def write(root: Path) -> list[Path]:
    """Write the pages that are stale and return their paths."""
    changed = stale(root)
    for path, text in changed.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return sorted(changed)


def refuse_stale(root: Path) -> None:
    """Raise where a page on disk is not what the code says."""
    names = ", ".join(str(path) for path in sorted(stale(root)))
    if names:
        raise OperatorError(
            f"generated pages are stale: {names}", remedy="run `make docs` and commit the result"
        )
