"""Tells LiteLLM each tenant's virtual key and budget: missing ones are made, others brought up to date.

Safe to run again: what a tenant has spent stays, unless its key was changed, which begins anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

MANAGED = "agentic-platform"
PREFIX = "sk-"
TRIES = 60
PAGE = 100
NOT_FOUND = 404

Ask = Callable[[str, str, "Mapping[str, Any] | None"], tuple[int, Any]]


def over_http(base: str, master_key: str) -> Ask:
    """How LiteLLM is asked; the answer's status and what it says."""

    def ask(method: str, path: str, body: Mapping[str, Any] | None) -> tuple[int, Any]:
        request = urllib.request.Request(  # noqa: S310 - the relay's own address
            base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {master_key}", "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the same
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, None

    return ask


def bring_up_to_date(ask: Ask, wanted: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str]) -> list[str]:
    """What was done, tenant by tenant; a key is in no line of it."""
    done: list[str] = []
    for name, budget in sorted(wanted.items()):
        key = PREFIX + keys[name]
        settings = {**budget, "key_alias": name, "metadata": {"managed_by": MANAGED, "tenant": name}}
        # By its hash, as LiteLLM keeps it: an address is logged in more places than a body.
        hashed = hashlib.sha256(key.encode()).hexdigest()
        status, said = ask("GET", f"/key/info?key={hashed}", None)
        if status == 200:
            if _differs(said, settings):
                # Never without need: it moves the day on which the budget begins anew, past one that is due.
                _must(name, ask("POST", "/key/update", {**settings, "key": key}))
            done.append(f"{name}: up to date")
            continue
        if status != NOT_FOUND:
            # Not an answer. Taken for "there is none", the key would be made again, and what was spent be forgotten.
            _must(name, (status, said))
        # A key that was changed: its alias is still taken by the old one.
        ask("POST", "/key/delete", {"key_aliases": [name]})
        _must(name, ask("POST", "/key/generate", {**settings, "key": key}))
        done.append(f"{name}: made")
    for name in sorted(_managed(ask) - wanted.keys()):
        _must(name, ask("POST", "/key/delete", {"key_aliases": [name]}))
        done.append(f"{name}: removed")
    return done


def _differs(said: Any, settings: Mapping[str, Any]) -> bool:
    """Whether LiteLLM knows something else of a key than what is wanted; what it does not say differs."""
    answer: Mapping[str, Any] = said or {}
    known: Mapping[str, Any] = answer.get("info") or {}
    return any(known.get(name) != value for name, value in settings.items())


def _managed(ask: Ask) -> set[str]:
    """The tenants that have a key of ours."""
    found: set[str] = set()
    page = 1
    while True:
        status, said = ask("GET", f"/key/list?page={page}&size={PAGE}&return_full_object=true", None)
        if status != 200:
            raise RuntimeError(f"listing keys: LiteLLM answered {status}")
        listed = cast("list[dict[str, Any]]", said["keys"])
        for one in listed:
            metadata: dict[str, Any] = one.get("metadata") or {}
            if metadata.get("managed_by") == MANAGED and one.get("key_alias"):
                found.add(str(one["key_alias"]))
        if len(listed) < PAGE:
            return found
        page += 1


def _must(name: str, answer: tuple[int, Any]) -> None:
    status, _ = answer
    if status != 200:
        raise RuntimeError(f"{name}: LiteLLM answered {status}")


def keys_of(
    directory: Path, names: Iterable[str], *, sleep: Callable[[float], object] = time.sleep
) -> dict[str, str]:
    """Everybody's key, by name; a new tenant's reaches the mounted Secret a moment after this job began."""
    for left in range(TRIES, 0, -1):
        missing = [name for name in sorted(names) if not (directory / name).is_file()]
        if not missing:
            break
        if left == 1:
            raise SystemExit(f"{directory} has no key of {', '.join(missing)}")
        sleep(5)
    return {name: (directory / name).read_text().strip() for name in names}


def main() -> None:
    """Wait for the relay, then bring it up to date."""
    base, directory = os.environ["RELAY_URL"], Path(os.environ["RELAY_KEYS"])
    ask = over_http(base, os.environ["LITELLM_MASTER_KEY"])
    wanted = cast("dict[str, dict[str, Any]]", json.loads(Path(os.environ["RELAY_WANTED"]).read_text()))
    for left in range(TRIES, 0, -1):
        try:
            ready = ask("GET", "/health/readiness", None)[0] == 200
        except OSError:
            ready = False
        if ready:
            break
        if left == 1:
            raise SystemExit(f"{base} did not get ready")
        time.sleep(5)
    print("\n".join(bring_up_to_date(ask, wanted, keys_of(directory, wanted))), flush=True)


if __name__ == "__main__":
    main()
