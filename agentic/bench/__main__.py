"""`python -m agentic.bench`: the table of all measurements."""

from __future__ import annotations

from pathlib import Path

from agentic.bench.report import main

if __name__ == "__main__":
    main(Path.cwd())
