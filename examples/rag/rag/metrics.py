"""What the agent counts; /metrics says it."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

OUTCOMES = Counter("rag_turns_total", "Turns by what became of them.", ["outcome"])
FOUND = Histogram("rag_passages", "Passages that a question found.", buckets=(0, 1, 2, 3, 5, 10, 20))
