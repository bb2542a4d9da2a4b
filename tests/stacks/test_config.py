from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from agentic.plan.capture import Capture
from components.node_pools.instances import INSTANCE_TYPES
from stacks.config import PlatformConfig, load, parse
from stacks.errors import ConfigError
from stacks.profiles import PROFILES

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    lambda name: not name.startswith(("kube-", "eks-", "aws-", "amazon-", "ai-", "istio-"))
)
GPU_TYPES = ["g5.48xlarge", "g6.12xlarge", "p5.48xlarge"]


@st.composite
def platforms(draw: st.DrawFn) -> dict[str, Any]:
    """A config that keeps every rule, in as many ways as there are."""
    prefix = draw(st.integers(16, 20))
    zones = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=3, unique=True))
    pools = {
        name: {
            "instance_types": [machine],
            "limit_gpus": INSTANCE_TYPES[machine].gpus * draw(st.integers(2, 8)),
        }
        for name, machine in draw(st.dictionaries(NAMES, st.sampled_from(GPU_TYPES), max_size=3)).items()
        if name not in ("cpu", "bootstrap", "of-no-pool", "a10g", "a100", "h100", "l40s")
    }
    tenants = {
        name: {"owner": "team", "cost_center": "1", "gpus": dict.fromkeys(pools, 1)}
        for name in draw(st.sets(NAMES, max_size=4))
    }
    return {
        "environment": draw(st.sampled_from(["dev", "qa", "prod"])),
        "profile": draw(st.sampled_from(sorted(PROFILES))),
        "aws": {
            "account_id": draw(st.from_regex(r"[0-9]{12}", fullmatch=True)),
            "region": "eu-west-1",
            "zones": [f"eu-west-1{zone}" for zone in zones],
        },
        "ownership": {"owner": "platform-team", "cost_center": "r-and-d"},
        "network": {"cidr": f"10.{draw(st.integers(0, 255))}.0.0/{prefix}"},
        "cluster": {
            "name": draw(st.from_regex(r"[a-z][a-z0-9-]{0,30}[a-z0-9]", fullmatch=True)),
            "access": {"deployer_arn": "arn:aws:iam::111122223333:role/deployer"},
        },
        "gpu_pools": pools,
        "tenants": tenants,
    }


@given(raw=platforms())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_config_that_keeps_the_rules_is_read_and_says_what_was_written(raw: dict[str, Any]) -> None:
    config = parse(raw, "x")
    assert config.network.cidr == raw["network"]["cidr"]
    assert config.aws.zones == raw["aws"]["zones"]
    assert set(config.tenants) == set(raw["tenants"])
    assert {name: pool.limit_gpus for name, pool in config.gpu_pools.items()} == {
        name: pool["limit_gpus"] for name, pool in raw["gpu_pools"].items()
    }


@given(raw=platforms())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_config_written_out_in_full_is_the_same_config(raw: dict[str, Any]) -> None:
    config = parse(raw, "x")
    assert parse(json.loads(config.model_dump_json(exclude_unset=True)), "x") == config


def test_reading_a_config_does_not_change_what_was_read(platform: dict[str, Any]) -> None:
    before = copy.deepcopy(platform)
    parse(platform, "x")
    assert platform == before


def test_a_config_and_everything_in_it_is_frozen(platform: dict[str, Any]) -> None:
    config = parse(platform, "x")
    for part, name in (
        (config, "environment"),
        (config.cluster, "name"),
        (config.tenants["tenant-a"], "owner"),
    ):
        with pytest.raises(ValidationError, match="Instance is frozen"):
            setattr(part, name, "other")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation)
    for inner in get_args(annotation):
        yield from _models(inner)


def test_every_field_of_every_section_says_what_it_is_for() -> None:
    fields = {
        f"{model.__name__}.{name}": field.description
        for model in _models(PlatformConfig)
        for name, field in model.model_fields.items()
        if name != "mode"
    }
    assert len(fields) > 80
    assert [name for name, description in fields.items() if not description] == []


def test_the_place_is_known_in_full_before_anything_is_made(platform: dict[str, Any]) -> None:
    place = parse(platform, "x").place
    assert place.cluster_arn == "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"
    assert place.tags == {
        "Environment": "dev",
        "Owner": "platform-team",
        "CostCenter": "r-and-d",
        "ManagedBy": "agentic-platform",
        "agentic.dev/cluster": "ai-dev",
    }


def test_the_source_is_named_first(platform: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"^Pulumi\.prod\.yaml: 1 fault\n  x: no such key"):
        parse({**platform, "x": 1}, "Pulumi.prod.yaml")


def test_a_fault_in_one_tenant_does_not_hide_that_of_another(platform: dict[str, Any]) -> None:
    platform["tenants"] |= {
        "kube-system": {"owner": "b", "cost_center": "1"},
        "tenant-c": {"owner": "c"},
        "tenant-d": {"owner": "d", "cost_center": "1", "secrets": ["anthropic"]},
    }
    with pytest.raises(ConfigError) as refusal:
        parse(platform, "x")
    assert [fault.split(":")[0] for fault in refusal.value.faults] == [
        "tenants.kube-system",
        "tenants.tenant-c.cost_center",
        "tenants.tenant-d.secrets[0]",
    ]


def test_who_refers_to_something_at_fault_is_not_at_fault(platform: dict[str, Any]) -> None:
    platform["gpu_pools"]["l4"]["limit_gpus"] = 0
    platform["secrets"]["openai"]["arn"] = "wrong"
    with pytest.raises(ConfigError) as refusal:
        parse(platform, "x")
    assert [fault.split(":")[0] for fault in refusal.value.faults] == [
        "gpu_pools.l4.limit_gpus",
        "secrets.openai.arn",
    ]


def test_a_namespace_at_fault_is_not_judged_by_its_defaults(platform: dict[str, Any]) -> None:
    platform["gpu_pools"]["h100"] = {"instance_types": ["p5.48xlarge"], "limit_gpus": 8}
    platform["tenants"]["tenant-a"]["gpus"] = {"h100": 8}
    platform["namespaces"] = {"ai-inference": {"gpus": {"h100": 0}}}
    with pytest.raises(ConfigError) as refusal:
        parse(platform, "x")
    assert [fault.split(":")[0] for fault in refusal.value.faults] == ["namespaces.ai-inference.gpus.h100"]


ODD: list[Any] = [
    None, [], {}, "x", "", 1, -1, 1.5, True, 10**400, float("nan"), float("inf"), [[]], [None], [{}], ["x"],
    {"": ""}, {1: 2}, {None: None}, {1.5: {}}, {True: {}}, {(1, 2): {}}, {"A b": {}}, {"a": {}}, {"a": None},
    {"mode": "auto"}, {"mode": []}, {"mode": "existing"}, {"a": 1, 1: {}, "1": {}}, "\ud800", {"\ud800": {}},
    {"é": {}}, {"a\nb": {}}, b"x", "a\x00", {"secure": "x"}, "1" * 5000,
]  # fmt: skip


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in entries:
        yield from _paths(entry, (*path, key))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = new
    return changed


def _parts(fault: str) -> tuple[str, ...]:
    match = re.fullmatch(r"(.+?)(?:: | is not )(.+?); (.+)", fault)
    assert match, f"no path, rule and remedy in {fault!r}"
    return match.groups()


@given(data=st.data())
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_odd_input_anywhere_gives_readable_faults_and_never_a_traceback(
    platform: dict[str, Any], data: st.DataObject
) -> None:
    full = {name: {} for name in PlatformConfig.model_fields} | platform
    full["compute"] = {"mode": "karpenter", "bootstrap": {}, "cpu_pool": {}, "karpenter": {}}
    full["namespaces"] = {"ai-agents": {"quota": {"cpu": 1}}}
    raw = full
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(_paths(raw))))
        raw = _with(raw, path, copy.deepcopy(data.draw(st.sampled_from(ODD))))
    try:
        parse(raw, "x")
    except ConfigError as refusal:
        str(refusal).encode()  # what cannot be printed is no message
        for fault in refusal.faults:
            assert fault.isprintable()
            assert "pydantic" not in fault
            assert "Input should" not in fault
            assert all(_parts(fault))


def _loaded(capture: Capture, text: str | None) -> None:
    capture(load, stack="prod", config={} if text is None else {"agentic-platform:platform": text})


def test_the_engines_config_is_the_same_object(capture: Capture, platform: dict[str, Any]) -> None:
    found: list[PlatformConfig] = []
    capture(lambda: found.append(load()), config={"agentic-platform:platform": json.dumps(platform)})
    assert found == [parse(platform, "x")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "has no `agentic-platform:platform`; copy it from Pulumi.dev.yaml"),
        ("sk-live-0123", "the platform object is text; indent its keys below it"),
        ('{"environment"', "the platform object is text; indent its keys below it"),
        ("[]", "the platform object is not a mapping; see docs/reference/config.md"),
    ],
)
def test_what_the_engine_hands_over_is_checked_and_never_repeated(
    capture: Capture, text: str | None, fault: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        _loaded(capture, text)
    assert str(refusal.value) == f"Pulumi.prod.yaml: 1 fault\n  {fault}"


def test_the_engine_prints_a_config_error_without_a_traceback() -> None:
    assert issubclass(ConfigError, pulumi.RunError)


def test_nothing_in_the_config_asks_a_clock_an_environment_or_a_cloud(
    platform: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a config is data")

    parse(platform, "x")  # pydantic reads the environment when it builds a model, once
    for target in ("os.getenv", "socket.socket.connect", "subprocess.Popen", "time.time"):
        monkeypatch.setattr(target, refuse)
    parse(platform, "x")
