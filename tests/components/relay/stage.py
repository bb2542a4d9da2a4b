"""The relay as its pods run it: LiteLLM's own package, our configuration and our modules, beside fakes.

In place of Postgres stands a table of virtual keys (LiteLLM's documented `custom_auth`), in place of Valkey
fakeredis, in place of providers a server of ours; whatever else runs is what runs in a pod.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.prices.spec import PricesSpec
from components.relay.config import (
    CONFIG_FILE,
    HOOK,
    PACKAGE,
    SETTINGS_FILE,
    CacheAddress,
    environment,
    files,
)
from components.relay.hook.rules import Settings, cache_control
from components.relay.spec import RelaySpec
from tests.ports import free_port

__all__ = ["GATEWAY_KEY", "HOOK", "MASTER_KEY", "PROVIDER_KEY", "Answer", "Relay", "cache_scope", "running"]

GATEWAY_KEY, MASTER_KEY = "gateway-" + "g" * 24, "sk-master-" + "m" * 24
PROVIDER_KEY = "upstream-" + "p" * 24
TENANTS: Mapping[str, tuple[float, float | None]] = {
    # Spent, of how much.
    "tenant-a": (0.0, 100.0),
    "tenant-b": (0.0, 100.0),
    "noticed": (85.0, 100.0),
    "degraded": (95.0, 100.0),
    "spent": (100.0, 100.0),
}

_AUTH = """
from litellm.proxy._types import ProxyException, UserAPIKeyAuth, hash_token

TENANTS = {tenants!r}

async def check(request, api_key):
    for name, (spend, budget) in TENANTS.items():
        if api_key == f"sk-key-of-{{name}}":
            return UserAPIKeyAuth(
                api_key=api_key, token=hash_token(api_key), key_alias=name, spend=spend, max_budget=budget
            )
    raise ProxyException("unknown virtual key", "auth_error", "key", 401)
"""
_REDIS = """
import sys
from fakeredis import TcpFakeServer
TcpFakeServer(("127.0.0.1", int(sys.argv[1]))).serve_forever()
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Relay:
    port: int
    log: Path
    python: Path
    cache_url: str

    def ask(self, *, tenant: str | None = "tenant-a", key: str = GATEWAY_KEY, **said: Any) -> Answer:
        headers = dict(said.pop("headers", {}))
        path = said.pop("path", "/v1/chat/completions")
        raw = said.pop("raw", None)
        body = {"messages": [{"role": "user", "content": "hello"}], **said}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=raw if raw is not None else (None if path == "/v1/models" else json.dumps(body).encode()),
            headers={
                "content-type": "application/json",
                "authorization": f"Bearer {key}",
                **({"x-tenant": tenant} if tenant else {}),
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(
                    response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
                )
        except urllib.error.HTTPError as error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def get(self, path: str) -> Answer:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return Answer(response.status, dict(response.headers.items()), response.read())

    def costs(self) -> list[dict[str, Any]]:
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("[COST] ")]
        return [json.loads(line.removeprefix("[COST] ")) for line in lines]


@contextmanager
def running(python: Path, spec: RelaySpec, base: str, directory: Path) -> Iterator[Relay]:
    relay_port, cache_port = free_port(), free_port()
    _write(spec, base, directory)
    log = directory / "log"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "PYTHONPATH": str(directory),
        **environment(spec),
        "CONFIG_FILE_PATH": str(directory / CONFIG_FILE),
        "RELAY_SETTINGS": str(directory / SETTINGS_FILE),
        "RELAY_KEYS": str(directory / "keys"),
        "RELAY_GATEWAY_KEY": GATEWAY_KEY,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "PROVIDER_KEY_RELAY_PROVIDER": PROVIDER_KEY,
        "REDIS_URL": f"redis://127.0.0.1:{cache_port}",
    }
    with log.open("w") as output:
        cache = subprocess.Popen(
            [str(python), "-c", _REDIS, str(cache_port)], env=env, stderr=subprocess.DEVNULL
        )
        command = [str(python), "-m", "uvicorn", f"{PACKAGE}.server:app", "--port", str(relay_port)]
        process = subprocess.Popen(command, env=env, cwd=directory, stdout=output, stderr=output)
        try:
            relay = Relay(relay_port, log, python, env["REDIS_URL"])
            _wait(relay, process)
            yield relay
        finally:
            for one in (process, cache):
                one.terminate()
            for one in (process, cache):
                try:
                    one.wait(30)
                except subprocess.TimeoutExpired:
                    one.kill()
                    one.wait(30)


def _write(spec: RelaySpec, base: str, directory: Path) -> None:
    (directory / PACKAGE).mkdir()
    (directory / "keys").mkdir()
    for tenant in TENANTS:
        (directory / "keys" / tenant).write_text(f"key-of-{tenant}")
    for name, text in files(spec, PricesSpec(), CacheAddress(by_url=True)).items():
        (directory / PACKAGE / name if name.endswith(".py") else directory / name).write_text(text)
    said = yaml.safe_load((directory / CONFIG_FILE).read_text())
    for entry in said["model_list"]:
        entry["litellm_params"]["api_base"] = base
    said["general_settings"].pop("database_url")
    said["general_settings"]["custom_auth"] = "key_table.check"
    (directory / CONFIG_FILE).write_text(yaml.safe_dump(said))
    (directory / "key_table.py").write_text(_AUTH.format(tenants=dict(TENANTS)))


def _wait(relay: Relay, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the relay ended:\n{relay.log.read_text()[-4000:]}")
        try:
            relay.get("/health/liveliness")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"the relay did not start:\n{relay.log.read_text()[-4000:]}")


def cache_scope(tenant: str) -> str:
    """The name space that a tenant's answers are kept in, as the rules make it."""
    control = cache_control({"temperature": 0}, {}, tenant, Settings())
    assert control is not None
    return str(control["namespace"])
