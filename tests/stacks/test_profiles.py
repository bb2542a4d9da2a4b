from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.config import PlatformConfig, parse
from stacks.profiles import MAPS_OF_NAMED_THINGS, PROFILES, STAND_IN, with_profile

KEYS = st.sampled_from(
    ["mode", "network", "cluster", "compute", "cpu_pool", "limit_cpu", "services", "gpu_pools", "l4", "x"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
WRITTEN = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=4)), max_size=6
)
NAMES = st.sampled_from(sorted(PROFILES))


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@given(profile=NAMES, written=WRITTEN)
@settings(max_examples=60, deadline=None)
def test_what_is_written_always_wins(profile: str, written: dict[str, Any]) -> None:
    merged = with_profile({**written, "profile": profile})
    for path, value in _leaves(written):
        if value != {}:
            assert _at(merged, path) == value


@given(profile=NAMES, written=WRITTEN)
@settings(max_examples=60, deadline=None)
def test_what_is_not_written_comes_from_the_table(profile: str, written: dict[str, Any]) -> None:
    merged = with_profile({**written, "profile": profile})
    for path, value in _leaves(PROFILES[profile]):  # type: ignore[index]
        if path[0] not in written:
            assert _at(merged, path) == value


@given(profile=NAMES, written=WRITTEN)
@settings(max_examples=30, deadline=None)
def test_merging_leaves_what_was_written_alone(profile: str, written: dict[str, Any]) -> None:
    raw = {**written, "profile": profile}
    before = copy.deepcopy(raw)
    with_profile(raw)
    assert raw == before


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_changing_a_merged_object_changes_no_table(profile: str) -> None:
    before = copy.deepcopy(dict(PROFILES))
    merged = with_profile({"profile": profile})
    for section in merged.values():
        if isinstance(section, dict):
            section.clear()
    assert dict(PROFILES) == before


@pytest.mark.parametrize("section", sorted(MAPS_OF_NAMED_THINGS))
def test_a_map_of_names_is_replaced_as_a_whole(section: str) -> None:
    merged = with_profile({"profile": "scale", section: {"own": {}}})
    assert merged[section] == {"own": {}}


def test_a_network_that_exists_takes_nothing_from_one_that_is_made() -> None:
    written = {"mode": "existing", "vpc_id": "vpc-0123456789abcdef0"}
    assert with_profile({"profile": "scale", "network": written})["network"] == written


@pytest.mark.parametrize(
    ("shared", "said", "own"),
    [
        ({"mode": "standalone", "local_disk_gib": 9}, {}, {"mode": "standalone", "local_disk_gib": 9}),
        (
            {"mode": "standalone", "etcd": {"storage_gib": 40}},
            {"local_disk_gib": 9},
            {"mode": "standalone", "etcd": {"storage_gib": 40}, "local_disk_gib": 9},
        ),
        ({"mode": "standalone", "local_disk_gib": 9}, {"mode": "cluster"}, {"mode": "cluster"}),
        ({"mode": "standalone", "enabled": False}, {}, {"mode": "standalone"}),
        ({"mode": "standalone"}, None, None),
    ],
)
def test_a_tenants_own_milvus_says_what_differs_from_data_milvus(shared: Any, said: Any, own: Any) -> None:
    raw = {"profile": "mvp", "data": {"milvus": shared}, "vectors": {"dedicated": {"a": said}}}
    before = copy.deepcopy(raw)
    assert with_profile(raw)["vectors"] == {"dedicated": {"a": own}}
    assert raw == before


def test_a_tenants_own_milvus_is_as_the_profile_has_it_where_nobody_says_more() -> None:
    for name, table in PROFILES.items():
        merged = with_profile({"profile": name, "vectors": {"dedicated": {"a": {}}}})
        assert merged["vectors"]["dedicated"]["a"] == table["data"]["milvus"]


@pytest.mark.parametrize("profile", ["large", None, "", 1, [], {}, ["mvp"], True])
def test_an_unknown_profile_is_refused_later_and_stands_on_a_table_until_then(profile: object) -> None:
    merged = with_profile({"profile": profile})
    assert merged == {**PROFILES[STAND_IN], "profile": profile}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_needs_no_more_than_a_place_an_owner_and_a_name(
    platform: dict[str, Any], profile: str
) -> None:
    written = {key: platform[key] for key in ("environment", "aws", "ownership", "cluster")}
    config = parse({**written, "profile": profile}, "x")
    assert isinstance(config, PlatformConfig)
    assert config.profile == profile


def test_profiles_grow() -> None:
    limits = [PROFILES[name]["compute"]["cpu_pool"]["limit_cpu"] for name in PROFILES]
    retention = [PROFILES[name]["network"]["flow_logs_retention_days"] for name in PROFILES]
    assert list(PROFILES) == ["mvp", "startup", "scale", "enterprise"]
    assert limits == sorted(set(limits))
    assert retention == sorted(set(retention))


def test_only_the_largest_profile_protects_and_only_the_smaller_ones_lose_data(
    platform: dict[str, Any],
) -> None:
    del platform["gpu_pools"], platform["tenants"], platform["compute"]
    protection = {name: parse({**platform, "profile": name}, "x").protection for name in PROFILES}
    assert {name: (said.protect, said.retain_data) for name, said in protection.items()} == {
        "mvp": (False, False),
        "startup": (False, False),
        "scale": (False, True),
        "enterprise": (True, True),
    }
