"""Requests that wait: the queue on a store in memory, then the relay and a worker as their pods run them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from components.relay.hook import batch
from components.relay.hook.batch import TRIES, answer, put, reclaim, work
from tests.components.agents.worker.stage import until
from tests.components.relay import stage
from tests.components.relay.stage import GATEWAY_KEY, Relay
from tests.components.relay.upstream import Upstream

REQUEST = {"model": "gpt-4.1", "messages": []}


class Memory:
    """The commands of the queue, as Redis documents them."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = defaultdict(list)
        self.counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.texts: dict[str, str] = {}

    async def lpush(self, name: str, *values: str) -> int:
        self.lists[name][:0] = reversed(values)
        return len(self.lists[name])

    async def lmove(self, first_list: str, second_list: str, src: str, dest: str) -> str | None:
        assert (src, dest) == ("RIGHT", "LEFT")
        if not self.lists[first_list]:
            return None
        value = self.lists[first_list].pop()
        self.lists[second_list].insert(0, value)
        return value

    async def lrem(self, name: str, count: int, value: str) -> int:
        if value not in self.lists[name]:
            return 0
        self.lists[name].remove(value)
        return 1

    async def lrange(self, name: str, start: int, end: int) -> list[str]:
        return list(self.lists[name])

    async def hincrby(self, name: str, key: str, amount: int) -> int:
        self.counts[name][key] += amount
        return self.counts[name][key]

    async def set(self, name: str, value: str, *, ex: int) -> None:
        assert ex > 0
        self.texts[name] = value

    async def get(self, name: str) -> str | None:
        return self.texts.get(name)

    async def exists(self, *names: str) -> int:
        return sum(name in self.texts for name in names)

    async def delete(self, *names: str) -> None:
        for name in names:
            self.texts.pop(name, None)


class Asked:
    def __init__(self, *statuses: int) -> None:
        self.statuses, self.tenants = list(statuses), list[str]()

    async def __call__(
        self, tenant: str, request: dict[str, Any], headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        self.tenants.append(tenant)
        status = self.statuses.pop(0)
        return status, {"status": status, "model": request["model"]}


def test_requests_are_worked_off_in_the_order_in_which_they_came() -> None:
    async def scene() -> None:
        store, ask = Memory(), Asked(200, 200)
        first = await put(store, "tenant-a", REQUEST, 10)
        await put(store, "tenant-b", REQUEST, 10)
        assert first is not None
        assert await answer(store, "tenant-a", first) == {"id": first, "status": "waiting"}
        assert [await work(store, ask) for _ in range(3)] == [True, True, False]
        assert ask.tenants == ["tenant-a", "tenant-b"]
        done = await answer(store, "tenant-a", first)
        assert done is not None
        assert (done["status"], done["status_code"], done["response"]["model"]) == ("done", 200, "gpt-4.1")
        assert store.lists[batch.TAKEN] == []

    asyncio.run(scene())


def test_nobody_reads_another_tenants_answer() -> None:
    async def scene() -> None:
        store = Memory()
        name = await put(store, "tenant-a", REQUEST, 10)
        assert name is not None
        assert await answer(store, "tenant-b", name) is None
        for guess in (f"../tenant-a:{name}", "", "*", f"tenant-a:{name}"):
            assert await answer(store, "tenant-b", guess) is None

    asyncio.run(scene())


def test_a_full_queue_takes_no_more_of_that_tenant_until_something_is_done() -> None:
    async def scene() -> None:
        store = Memory()
        assert await put(store, "tenant-a", REQUEST, 1) is not None
        assert await put(store, "tenant-a", REQUEST, 1) is None
        assert await put(store, "tenant-b", REQUEST, 1) is not None
        await work(store, Asked(200))
        assert await put(store, "tenant-a", REQUEST, 1) is not None

    asyncio.run(scene())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again_and_then_said(status: int) -> None:
    async def scene() -> None:
        store = Memory()
        name = await put(store, "a", REQUEST, 1)
        assert name is not None
        ask = Asked(*[status] * TRIES)
        tried = [await work(store, ask) for _ in range(TRIES)]
        assert tried == [False] * TRIES, "each time a worker waits before it goes on"
        assert not store.lists[batch.QUEUE]
        done = await answer(store, "a", name)
        assert done is not None
        assert (done["status"], done["status_code"]) == ("done", status)

    asyncio.run(scene())


def test_what_is_wrong_with_a_request_is_said_at_once() -> None:
    async def scene() -> None:
        store = Memory()
        name = await put(store, "a", REQUEST, 1)
        assert name is not None
        assert [await work(store, Asked(400)), await work(store, Asked())] == [True, False]
        assert (await answer(store, "a", name) or {})["status_code"] == 400

    asyncio.run(scene())


def test_what_a_lost_worker_had_taken_is_done_by_another() -> None:
    async def scene() -> None:
        store = Memory()
        await put(store, "a", REQUEST, 1)

        async def lost(
            tenant: str, request: dict[str, Any], headers: Mapping[str, str]
        ) -> tuple[int, dict[str, Any]]:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await work(store, lost)
        assert await reclaim(store) == 0, "its lease has not ended"
        store.texts = {name: text for name, text in store.texts.items() if ":lease:" not in name}
        assert await reclaim(store) == 1
        assert await reclaim(store) == 0
        assert await work(store, Asked(200))

    asyncio.run(scene())


@pytest.mark.parametrize("status", [200, 503])
def test_a_request_that_is_in_the_queue_twice_is_asked_once_more_at_most_and_counted_once(
    status: int,
) -> None:
    """A worker that ends before it has taken its request off the list leaves it for another."""

    class Ended(Memory):
        ends = True

        async def lrem(self, name: str, count: int, value: str) -> int:
            if self.ends:
                self.ends = False
                raise KeyboardInterrupt
            return await super().lrem(name, count, value)

    async def scene() -> None:
        store, ask = Ended(), Asked(status, 200, 200)
        await put(store, "a", REQUEST, 2)
        with pytest.raises(KeyboardInterrupt):
            await work(store, ask)
        store.texts = {name: text for name, text in store.texts.items() if ":lease:" not in name}
        assert await reclaim(store) == 1
        while await work(store, ask):
            pass
        assert len(ask.tenants) == (1 if status == 200 else 2)
        assert (store.lists[batch.QUEUE], store.lists[batch.TAKEN]) == ([], [])
        assert store.counts[batch.WAITING]["a"] == 0

    asyncio.run(scene())


@pytest.mark.parametrize("body", [b"<html>", b"{}"], ids=["not-json", "cut-off"])
def test_an_answer_that_cannot_be_read_is_one_that_may_pass(body: bytes) -> None:
    """A worker that ended of it would meet it again when its lease is over."""

    class Relaying(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + (body == b"{}")))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_args: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Relaying) as server:
        threading.Thread(target=server.handle_request).start()
        ask = batch.over_http(f"http://127.0.0.1:{server.server_port}", "key")
        status, _ = asyncio.run(ask("a", REQUEST, {}))
    assert status == 503


class TestInItsPods:
    pytestmark = pytest.mark.xdist_group("relay-proxy")

    def test_a_request_waits_and_is_answered_by_a_worker(self, relay: Relay, provider: Upstream) -> None:
        before = len(provider.asked)
        taken = relay.ask(path=batch.PATH, model="gpt-4.1", api_base="http://elsewhere")
        assert (taken.status, taken.json["status"]) == (202, "waiting")
        assert len(provider.asked) == before
        url = taken.json["url"]
        assert relay.ask(path=url, tenant="tenant-b", raw=b"{}").status == 404
        with worker(relay) as process:
            found = until(lambda: done(relay, url))
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, "it ends by itself when it is told to"
        assert found["status_code"] == 200
        assert found["response"]["choices"][0]["message"]["content"].startswith("answer ")
        assert len(provider.asked) == before + 1

    def test_what_a_request_says_in_headers_waits_with_it(self, relay: Relay, provider: Upstream) -> None:
        said = {"x-quality": "0.95", "x-subject": "anna", "x-other": "1", "X-No-Cache": "true"}
        url = relay.ask(path=batch.PATH, model="auto", headers=said).json["url"]
        with worker(relay):
            found = until(lambda: done(relay, url))
        assert found["status_code"] == 200
        assert provider.asked[-1]["model"] == "gpt-4.1", "not the one of requests that say nothing"

    def test_a_stream_cannot_wait(self, relay: Relay) -> None:
        refused = relay.ask(path=batch.PATH, model="gpt-4.1", stream=True)
        assert refused.status == 400
        assert "a stream cannot wait; leave stream out" in refused.json["error"]["message"]

    def test_a_tenants_queue_has_an_end(self, relay: Relay, spec: Any) -> None:
        statuses = [
            relay.ask(path=batch.PATH, tenant="noticed", model="gpt-4.1")
            for _ in range(spec.batch.longest_queue + 1)
        ]
        assert [one.status for one in statuses] == [202] * spec.batch.longest_queue + [429]
        assert "2 requests wait already" in statuses[-1].json["error"]["message"]


def done(relay: Relay, url: str) -> Any:
    """What became of a request that waited; None while it waits."""
    found = relay.ask(path=url, raw=b"{}").json
    return found if found["status"] == "done" else None


@contextmanager
def worker(relay: Relay) -> Generator[subprocess.Popen[bytes]]:
    """As its pod runs it: the script alone, without LiteLLM."""
    env = {
        "PATH": os.environ["PATH"],
        "RELAY_URL": f"http://127.0.0.1:{relay.port}",
        "RELAY_GATEWAY_KEY": GATEWAY_KEY,
        "REDIS_URL": relay.cache_url,
    }
    with subprocess.Popen([str(relay.python), str(stage.HOOK / "batch.py")], env=env) as process:
        try:
            yield process
        finally:
            process.kill()
