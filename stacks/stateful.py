"""What holds data in a stack, and who brings it back, as its components declare it."""

from __future__ import annotations

from components.buckets.spec import stateful as buckets
from components.core.stateful import Stateful
from components.langfuse.stateful import stateful as langfuse
from components.milvus.stateful import stateful as milvus
from components.prometheus.stateful import stateful as prometheus
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_stateful(config: PlatformConfig) -> tuple[Stateful, ...]:
    """Everything of every part that the stack has, by part."""
    by_part = {
        "buckets": buckets(),
        "langfuse": langfuse(),
        "milvus": milvus(),
        "prometheus": prometheus(),
    }
    return tuple(one for part in sorted(parts(config)) for one in by_part.get(part, ()))
