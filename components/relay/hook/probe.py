"""Asks each model a small question through the relay and says how long it took.

The relay's own histograms carry the numbers (label `api_key_alias`); this says them too, and fails where a model does
not answer or takes several times what is expected of it.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

QUESTION = "Answer with the word ready. " + "This line is here to be read. " * 120
"""About 1,000 tokens, which is what expected times are about."""

LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Measured:
    """One answer."""

    model: str
    first_token_ms: int | None
    answer_ms: int | None
    fault: str | None = None


def measure(base: str, key: str, tenant: str, model: str) -> Measured:
    """The times of one answer, as a stream."""
    body = {
        "model": model,
        "messages": [{"role": "user", "content": QUESTION}],
        "max_tokens": 8,
        "stream": True,
        "temperature": 0,
    }
    request = urllib.request.Request(  # noqa: S310 - the relay's own address
        f"{base}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={
            "authorization": f"Bearer {key}",
            "content-type": "application/json",
            "x-tenant": tenant,
            "x-no-cache": "true",
        },
    )
    began = time.monotonic()
    first: int | None = None
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as response:  # noqa: S310 - the same
            for line in response:
                if b'"error"' in line:
                    return Measured(model, first, None, "an error within the stream")
                if first is None and line.startswith(b"data:"):
                    first = round((time.monotonic() - began) * 1000)
    except urllib.error.HTTPError as error:
        return Measured(model, None, None, f"status {error.code}")
    except OSError as error:
        return Measured(model, first, None, type(error).__name__)
    if first is None:
        return Measured(model, None, None, "an empty answer")
    return Measured(model, first, round((time.monotonic() - began) * 1000))


def judged(found: Measured, expected: Mapping[str, Any], tolerance: float) -> str | None:
    """What is wrong with it; None where nothing is."""
    if found.fault:
        return f"{found.model}: {found.fault}"
    for what, took in (("first_token_ms", found.first_token_ms), ("answer_ms", found.answer_ms)):
        limit = expected.get(what)
        if limit and took is not None and took > limit * tolerance:
            return f"{found.model}: {what} {took}, more than {tolerance:g} times the expected {limit}"
    return None


def main() -> None:
    """One round; exit code 1 where a model is silent or slow."""
    said = cast("dict[str, Any]", json.loads(Path(os.environ["RELAY_PROBE"]).read_text()))
    faults: list[str] = []
    for model, expected in sorted(cast("dict[str, dict[str, Any]]", said["models"]).items()):
        found = measure(os.environ["RELAY_URL"], os.environ["RELAY_GATEWAY_KEY"], said["tenant"], model)
        print(f"[PROBE] {json.dumps(found.__dict__)}", flush=True)
        fault = judged(found, expected, float(said["tolerance"]))
        if fault:
            faults.append(fault)
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main()
