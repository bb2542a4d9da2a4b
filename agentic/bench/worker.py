"""One measurement in a process of its own: `python -m agentic.bench.worker capture 200 .` prints JSON."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STACK = "dev"
KINDS = ("capture", "floor", "bare")


def measure(kind: str, tenants: int, root: Path) -> dict[str, Any]:
    """Seconds, resources and peak memory of one capture or one replay, imports and a warm-up left out."""
    from agentic.bench import floor
    from agentic.bench.tenants import config
    from agentic.plan import collector
    from agentic.plan.capture import capture_program, run_main

    def captured(number: int) -> Any:
        return capture_program(lambda: run_main(root), config=config(root, STACK, number), stack=STACK)

    warm = captured(1)  # modules that components import late are not what is measured
    if kind == "capture":
        settings = config(root, STACK, tenants)
        with collector.spared_for_one_command():  # as `agentic plan` does
            seconds, plan = _timed(
                lambda: capture_program(lambda: run_main(root), config=settings, stack=STACK)
            )
    else:
        make = floor.generated if kind == "floor" else floor.bare
        floor.replay(warm, make)
        plan = captured(tenants)
        gc.collect()
        seconds, _ = _timed(lambda: floor.replay(plan, make))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "resources": len(plan), "peak_mib": round(peak)}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
