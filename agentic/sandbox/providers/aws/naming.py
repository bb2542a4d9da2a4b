"""Names made up for things without one stay the same from run to run and differ between things."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.kinds import Named, Properties

_SUFFIX_DIGITS = 7  # as Pulumi's own automatic names


def complete_name(named: Named, inputs: Properties, olds: Mapping[str, Any], key: str, limit: int) -> None:
    """Put a name into `inputs[key]` where the program gave none, and list it under `__defaults` as the bridge does."""
    if key in inputs:
        return
    if key in olds.get("__defaults", []) and olds.get(f"{key}Prefix") == inputs.get(f"{key}Prefix"):
        inputs[key] = olds[key]
    else:
        suffix = hashlib.sha256(named.seed + named.urn.encode()).hexdigest()[:_SUFFIX_DIGITS]
        prefix = inputs.get(f"{key}Prefix") or f"{named.name}-"
        inputs[key] = f"{prefix[: limit - _SUFFIX_DIGITS]}{suffix}"
    inputs["__defaults"] = [key]
