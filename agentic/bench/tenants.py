"""The development stack with any number of tenants: the input every measurement shares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from stacks import stack_file


def config(root: Path, stack: str, tenants: int) -> dict[str, str]:
    """The stack's configuration with this many tenants instead of its own."""
    file = stack_file.read(root, stack)
    platform = cast("dict[str, Any]", json.loads(json.dumps(file.platform)))
    platform["tenants"] = {
        f"tenant-{number:03d}": {"owner": f"team-{number:03d}", "cost_center": str(4000 + number)}
        for number in range(tenants)
    }
    # It names the file's own tenants; without it, the first two are tested.
    platform.get("services", {}).get("smoke", {}).pop("tenants", None)
    # What belongs to a tenant goes with it: measured is the same tenant many times over.
    for section in ("agents", "tools", "workflows"):
        rows = platform.get(section, {})
        platform[section] = {name: row for name, row in rows.items() if not row.get("tenant")}
    # What each tenant keeps is memory for a Milvus that a measurement of plans does not need: few rows of each.
    for collection in platform.get("vectors", {}).get("collections", {}).values():
        collection["expected_vectors"] = 1
    return {**file.engine_config(), stack_file.PLATFORM_KEY: json.dumps(platform, sort_keys=True)}
