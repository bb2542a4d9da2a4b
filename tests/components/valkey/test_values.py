from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from components.cache.spec import USERS
from components.charts.literals import faults
from components.core.aws import Place
from components.valkey.access import OWN_USERS, access, acl
from components.valkey.spec import RELEASE, ValkeySpec, stateful
from components.valkey.values import config, max_memory, values

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


@pytest.mark.parametrize("replicas", [0, 2])
def test_values(snapshot: SnapshotAssertion, replicas: int) -> None:
    made = values(ValkeySpec(replicas=replicas), monitored=True)
    assert faults(RELEASE, made) == []
    assert yaml.safe_dump(made, sort_keys=False) == snapshot


def test_the_file_of_users(snapshot: SnapshotAssertion) -> None:
    assert acl(USERS) == snapshot


def test_nobody_is_let_in_without_a_name() -> None:
    assert acl(()).splitlines()[0] == "user default off resetchannels -@all"


def test_the_server_gets_hashes_and_no_password_but_its_own() -> None:
    template = access(PLACE, USERS)["target"]["template"]
    assert template["mergePolicy"] == "Replace"
    for key, text in template["data"].items():
        for user in USERS:
            assert f'"{user.name}" | toString }}}}' not in text, key
    for line in template["data"]["users.acl"].splitlines()[1:]:
        assert line.count("sha256sum") == 1


def test_every_user_is_read_from_secrets_manager() -> None:
    keys = {one["secretKey"]: one["remoteRef"]["key"] for one in access(PLACE, USERS)["data"]}
    assert keys == {name: f"ai-dev/cache-{name}" for name in (*OWN_USERS, *(user.name for user in USERS))}


def test_nobody_who_watches_the_server_may_read_its_settings_or_its_keys() -> None:
    operator = next(line for line in acl(()).splitlines() if line.startswith("user operator"))
    assert "config" not in operator
    assert "~" not in operator


def test_memory_that_is_full_fails_writes_and_throws_nothing_away() -> None:
    spec = ValkeySpec()
    assert f"maxmemory {max_memory(spec)}" in config(spec)
    assert max_memory(spec) == 751619276
    assert "maxmemory-policy noeviction" in config(spec)


def test_copies_learn_their_password_from_a_file_that_is_not_on_the_volume() -> None:
    assert "include /access/replication.conf" in config(ValkeySpec(replicas=1))
    assert "include" not in config(ValkeySpec())


def test_one_pod_has_no_budget_that_would_hold_its_node() -> None:
    assert values(ValkeySpec(), monitored=False)["podDisruptionBudget"]["enabled"] is False
    assert values(ValkeySpec(replicas=1), monitored=False)["podDisruptionBudget"]["enabled"] is True


def test_what_it_holds_has_somebody_who_brings_it_back() -> None:
    (one,) = stateful(ValkeySpec())
    assert one.name == "ai-data/valkey-data-valkey"


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValidationError, match="replicas"):
        ValkeySpec(replicas=6)
