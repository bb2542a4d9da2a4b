"""Requests that can wait: taken at the door, kept in the cache, worked off by workers within their window.

At least once: what a worker holds is leased, and goes back into the queue when the lease ends before the work does,
as it does where Spot capacity is taken away.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, cast

PATH = "/v1/batches"
"""What is sent there waits; below it an answer is asked for, by the id that its request was given.

A path of its own: the gateway reads what comes back from `/v1/chat/completions` as an answer of a model.
"""

QUEUE, TAKEN, WAITING = "relay:batch:queue", "relay:batch:taken", "relay:batch:waiting"
LEASE_SECONDS = 900
KEPT_SECONDS = 7 * 24 * 3600
TRIES = 3
IDLE_SECONDS = 5

Said = dict[str, Any]
Answer = tuple[int, Said]
Ask = Callable[[str, Said, Mapping[str, str]], Awaitable[Answer]]
"""As which tenant, what, and with which headers."""


class Store(Protocol):
    """The commands of a Redis client that are used."""

    async def lpush(self, name: str, *values: str) -> Any: ...
    async def lmove(self, first_list: str, second_list: str, src: str, dest: str) -> Any: ...
    async def lrem(self, name: str, count: int, value: str) -> Any: ...
    async def lrange(self, name: str, start: int, end: int) -> Any: ...
    async def hincrby(self, name: str, key: str, amount: int) -> Any: ...
    async def set(self, name: str, value: str, *, ex: int) -> Any: ...
    async def get(self, name: str) -> Any: ...
    async def exists(self, *names: str) -> Any: ...
    async def delete(self, *names: str) -> Any: ...


async def put(
    store: Store,
    tenant: str,
    request: Mapping[str, Any],
    longest: int,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> str | None:
    """The id under which the answer will be; None where too much of this tenant's waits already.

    With the headers that decide about it: which model, from the cache or not, for whom of the tenant's.
    """
    if int(await store.hincrby(WAITING, tenant, 1)) > longest:
        await store.hincrby(WAITING, tenant, -1)
        return None
    name = uuid.uuid4().hex
    item: Said = {
        "id": name,
        "tenant": tenant,
        "tries": 0,
        "request": dict(request),
        "headers": dict(headers),
    }
    await store.set(_answer(tenant, name), json.dumps({"id": name, "status": "waiting"}), ex=KEPT_SECONDS)
    await store.lpush(QUEUE, json.dumps(item))
    return name


async def answer(store: Store, tenant: str, name: str) -> Said | None:
    """How the tenant's request fares; None where it has none of that id."""
    if not name.isalnum():
        return None
    found = await store.get(_answer(tenant, name))
    return None if found is None else cast("Said", json.loads(found))


async def work(store: Store, ask: Ask) -> bool:
    """One request worked off; False where it is better to wait: for a request, or for a provider that is busy.

    Without that wait a provider that is away for a minute would turn a whole night's requests into errors.
    """
    taken = await store.lmove(QUEUE, TAKEN, "RIGHT", "LEFT")
    if taken is None:
        return False
    raw = taken.decode() if isinstance(taken, bytes) else str(taken)
    item = cast("Said", json.loads(raw))
    lease = _lease(item["id"])
    await store.set(lease, "1", ex=LEASE_SECONDS)
    if await _is_done(store, item):
        # Twice in the queue, because a worker ended between two lines below: paid for once is enough.
        await store.lrem(TAKEN, 1, raw)
        await store.delete(lease)
        return True
    status, said = await ask(item["tenant"], item["request"], item.get("headers", {}))
    passing = status == 429 or status >= 500
    if passing and item["tries"] + 1 < TRIES:
        await store.lpush(QUEUE, json.dumps({**item, "tries": item["tries"] + 1}))
    else:
        done = {"id": item["id"], "status": "done", "status_code": status, "response": said}
        if not await _is_done(store, item):
            # Once for each request: a count below what waits would let its tenant put in more than it may.
            await store.hincrby(WAITING, item["tenant"], -1)
        await store.set(_answer(item["tenant"], item["id"]), json.dumps(done), ex=KEPT_SECONDS)
    # Last: an end before this line means that it is done again, not that it is lost.
    await store.lrem(TAKEN, 1, raw)
    await store.delete(lease)
    return not passing


async def _is_done(store: Store, item: Said) -> bool:
    found = await answer(store, item["tenant"], item["id"])
    return found is not None and found["status"] == "done"


async def reclaim(store: Store) -> int:
    """Puts back what was taken by a worker that is gone; how many there were."""
    back = 0
    for taken in await store.lrange(TAKEN, 0, -1):
        raw = taken.decode() if isinstance(taken, bytes) else str(taken)
        if not await store.exists(_lease(json.loads(raw)["id"])) and await store.lrem(TAKEN, 1, raw):
            await store.lpush(QUEUE, raw)
            back += 1
    return back


def _answer(tenant: str, name: str) -> str:
    return f"relay:batch:answer:{tenant}:{name}"


def _lease(name: str) -> str:
    return f"relay:batch:lease:{name}"


def over_http(base: str, key: str) -> Ask:
    """How the relay is asked, as the tenant whose request it is: its budget, its limits, its prices."""

    def once(tenant: str, request: Said, headers: Mapping[str, str]) -> Answer:
        call = urllib.request.Request(  # noqa: S310 - the relay's own address
            f"{base}/v1/chat/completions",
            data=json.dumps(request).encode(),
            headers={
                **headers,
                "authorization": f"Bearer {key}",
                "x-tenant": tenant,
                "content-type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(call, timeout=LEASE_SECONDS - 60) as response:  # noqa: S310 - the same
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            try:
                return error.code, json.loads(error.read())
            except ValueError:
                return error.code, {}
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Cut off, or not JSON: said, since a worker that ended of it would meet it again and again.
            return 503, {"error": {"message": type(error).__name__}}

    async def ask(tenant: str, request: Said, headers: Mapping[str, str]) -> Answer:
        return await asyncio.to_thread(once, tenant, request, headers)

    return ask


def client() -> Store:
    """The cache, by the environment of the relay's pods."""
    from redis import asyncio as redis  # pyright: ignore[reportMissingImports, reportUnknownVariableType]

    if "REDIS_URL" in os.environ:
        return cast("Store", redis.from_url(os.environ["REDIS_URL"]))  # pyright: ignore[reportUnknownMemberType]
    authority = os.environ.get("RELAY_CACHE_AUTHORITY")
    return cast(
        "Store",
        redis.Redis(  # pyright: ignore[reportUnknownMemberType]
            host=os.environ["REDIS_HOST"],
            port=int(os.environ["REDIS_PORT"]),
            username=os.environ["REDIS_USERNAME"],
            password=os.environ["REDIS_PASSWORD"],
            ssl=True,
            **({"ssl_ca_certs": authority} if authority else {}),
        ),
    )


async def run() -> None:
    """Work until told to end; what is in hand is finished."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    store, ask = client(), over_http(os.environ["RELAY_URL"], os.environ["RELAY_GATEWAY_KEY"])
    reclaimed_at = 0.0
    while not ending.is_set():
        if time.monotonic() - reclaimed_at > LEASE_SECONDS / 3:
            await reclaim(store)
            reclaimed_at = time.monotonic()
        if not await work(store, ask):
            try:
                await asyncio.wait_for(ending.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue


if __name__ == "__main__":
    asyncio.run(run())
