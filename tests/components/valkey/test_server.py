"""Users, probe and reloader against a real server with TLS, where one is installed.

Proves our file of users and our scripts; the server may be Redis, from which Valkey has them.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.cache.spec import USERS
from components.core.aws import Place
from components.valkey.access import OPERATOR, OWN_USERS, access
from components.valkey.values import READY, RELOAD
from tests.ports import free_port

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
# Redis 7.0 does not know this subcommand, which Valkey has had from its first version.
NEWER = " +client|setinfo"
SECONDS = 60.0


def password(user: str, generation: int = 1) -> str:
    return f"{user}Password{generation:016}"


def tools() -> tuple[str, str]:
    for product in ("valkey", "redis"):
        server, client = shutil.which(f"{product}-server"), shutil.which(f"{product}-cli")
        if server and client and shutil.which("openssl"):
            return server, client
    pytest.skip("no Valkey or Redis server is installed: users, probe and reloader were not run")


@dataclass(frozen=True)
class Server:
    """A server with our users, and our scripts pointed at it."""

    root: Path
    port: int
    client: str

    def ask(self, user: str, *command: str, generation: int = 1) -> str:
        return subprocess.run(
            [*self._client(), "--user", user, *command],
            env={**os.environ, "REDISCLI_AUTH": password(user, generation)},
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()

    def anonymous(self) -> str:
        return subprocess.run([*self._client(), "ping"], capture_output=True, text=True, check=False).stdout

    def _client(self) -> list[str]:
        return [
            self.client,
            "-p",
            str(self.port),
            "--tls",
            "--cacert",
            str(self.root / "tls/ca.crt"),
            "--no-auth-warning",
        ]

    def script(self, text: str) -> list[str]:
        placed = text.replace("/access", str(self.root / "access")).replace("/tls/", f"{self.root}/tls/")
        return ["sh", "-c", placed.replace("sleep 10", "sleep 0.2")]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}"}

    def ready(self) -> bool:
        return subprocess.run(self.script(READY), env=self.environment, check=False).returncode == 0

    def write_users(self, generation: int = 1) -> None:
        data = access(PLACE, USERS)["target"]["template"]["data"]
        for name, text in data.items():
            (self.root / "access" / name).write_text(_rendered(text, generation))


def _rendered(template: str, generation: int) -> str:
    """What External Secrets makes of the template."""
    names = "|".join((*OWN_USERS, *(user.name for user in USERS)))
    hashed = re.sub(
        rf'\{{\{{ index \. "({names})" \| toString \| sha256sum \}}\}}',
        lambda found: hashlib.sha256(password(found[1], generation).encode()).hexdigest(),
        template.replace(NEWER, ""),
    )
    plain = re.sub(
        rf'\{{\{{ index \. "({names})" \| toString \}}\}}',
        lambda found: password(found[1], generation),
        hashed,
    )
    assert "{{" not in plain
    return plain


def _certificate(directory: Path) -> None:
    directory.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=valkey", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", *key, *names, "-keyout", "tls.key", "-out", "tls.crt"],
        cwd=directory,
        check=True,
        capture_output=True,
    )
    shutil.copy(directory / "tls.crt", directory / "ca.crt")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    program, client = tools()
    _certificate(tmp_path / "tls")
    for name in ("access", "data", "bin"):
        (tmp_path / name).mkdir()
    port = free_port()
    # What the scripts call, at the port of this test.
    (named := tmp_path / "bin" / "valkey-cli").write_text(f'#!/bin/sh\nexec {client} -p {port} "$@"\n')
    named.chmod(0o755)
    made = Server(tmp_path, port, client)
    made.write_users()
    settings = {
        "port": "0",
        "tls-port": str(port),
        "bind": "127.0.0.1",
        "dir": str(tmp_path / "data"),
        "tls-cert-file": str(tmp_path / "tls/tls.crt"),
        "tls-key-file": str(tmp_path / "tls/tls.key"),
        "tls-ca-cert-file": str(tmp_path / "tls/ca.crt"),
        "tls-auth-clients": "no",
        "aclfile": str(tmp_path / "access/users.acl"),
        "include": str(tmp_path / "access/replication.conf"),
    }
    (tmp_path / "valkey.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    running = subprocess.Popen([program, str(tmp_path / "valkey.conf")], stdout=subprocess.DEVNULL)
    try:
        _until(made.ready)
        yield made
    finally:
        running.terminate()
        running.wait()


def _until(condition: object) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if callable(condition) and condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {SECONDS} s")


def test_nobody_is_let_in_without_a_name(server: Server) -> None:
    assert "NOAUTH" in server.anonymous()


def test_an_application_does_its_work_and_cannot_touch_the_server(server: Server) -> None:
    assert server.ask("langfuse", "set", "bull:x", "1") == "OK"
    assert server.ask("langfuse", "eval", "return redis.call('get', 'bull:x')", "0") == "1"
    assert "redis_version" in server.ask("langfuse", "info", "server")
    for refused in (("flushall",), ("config", "get", "*"), ("keys", "*"), ("acl", "list")):
        assert "NOPERM" in server.ask("langfuse", *refused), refused


def test_a_user_with_a_prefix_reads_nobody_elses_keys(server: Server) -> None:
    server.ask("langfuse", "set", "bull:x", "1")
    assert server.ask("agents", "set", "agents:x", "1") == "OK"
    assert "NOPERM" in server.ask("agents", "get", "bull:x")
    assert "NOPERM" in server.ask("agents", "publish", "other", "1")


def test_whoever_watches_sees_no_key_and_no_setting(server: Server) -> None:
    assert "used_memory" in server.ask(OPERATOR, "info", "memory")
    for refused in (("get", "bull:x"), ("config", "get", "masterauth")):
        assert "NOPERM" in server.ask(OPERATOR, *refused), refused


def test_new_passwords_are_taken_up_without_a_restart_the_reloaders_own_too(server: Server) -> None:
    server.ask("langfuse", "set", "kept", "1")
    reloader = subprocess.Popen(
        server.script(RELOAD), env=server.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        # With the first password in hand: whoever begins after it was changed knows none that the server takes.
        _until(lambda: "cmdstat_acl|load" in server.ask(OPERATOR, "info", "commandstats"))
        server.write_users(generation=2)
        _until(lambda: server.ask("langfuse", "get", "kept", generation=2) == "1")
        assert "1" not in server.ask("langfuse", "get", "kept").splitlines()
        assert server.ready()
    finally:
        reloader.send_signal(signal.SIGTERM)
        assert reloader.wait(timeout=SECONDS) == 0
