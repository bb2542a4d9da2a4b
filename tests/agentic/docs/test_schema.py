"""The schema is never stricter than the program, and strict where an editor can help."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from agentic.docs.schema import alternatives, stack_file_schema
from stacks.config import parse
from stacks.profiles import PROFILES
from stacks.stack_file import PLATFORM_KEY

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = stack_file_schema()
DEV: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())


def faults(document: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    document = copy.deepcopy(DEV)
    change(document["config"][PLATFORM_KEY])
    return document


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_the_least_a_stack_can_say_passes_schema_and_program_alike(profile: str) -> None:
    least = {key: DEV["config"][PLATFORM_KEY][key] for key in ("environment", "aws", "ownership", "cluster")}
    least["profile"] = profile
    parse(least, "Pulumi.dev.yaml")
    assert faults({"config": {PLATFORM_KEY: least}}) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda p: p.update(tenant={}), "tenant"),
        (lambda p: p["aws"].update(account_id=111122223333), "is not of type 'string'"),
        (lambda p: p["aws"].pop("region"), "'region' is a required property"),
        (lambda p: p.pop("cluster"), "'cluster' is a required property"),
        (lambda p: p["tenants"].update({"Tenant_A": p["tenants"]["tenant-a"]}), "Tenant_A"),
        (lambda p: p["gpu_pools"]["l4"].pop("limit_gpus"), "'limit_gpus' is a required property"),
        (lambda p: p.update(profile="huge"), "'huge' is not one of"),
    ],
)
def test_an_editor_sees(change: Callable[[dict[str, Any]], Any], word: str) -> None:
    assert any(word in fault for fault in faults(changed(change)))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(data={"milvus": {"etcd": {"storage_gib": 40}}}),
        lambda p: p["vectors"].update(dedicated={"tenant-a": {}, "tenant-b": {"mode": "cluster"}}),
    ],
)
def test_an_editor_takes_a_section_that_leaves_its_mode_to_the_profile(
    change: Callable[[dict[str, Any]], Any],
) -> None:
    assert faults(changed(change)) == []


def test_what_the_engine_writes_into_a_stack_file_is_no_fault() -> None:
    assert faults({"secretsprovider": "awskms://x", "encryptedkey": "y", **DEV}) == []
    assert faults({"tenants": {}, **DEV}) != []


def test_every_field_has_a_meaning() -> None:
    definitions = SCHEMA["$defs"]
    mute = [
        f"{name}.{key}"
        for name, definition in definitions.items()
        for key, field in definition.get("properties", {}).items()
        if key != "mode"
        and "description" not in field
        and not any("description" in shape for shape in alternatives(field, definitions))
    ]
    assert mute == [], "a Field without a description leaves its reader guessing unit, limit and reason"
