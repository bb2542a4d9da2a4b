from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.wire import RESOURCE, SECRET, SIGNATURE, UNKNOWN, Reading, mark_secret, property_path

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="@"), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


def struct(**values: Any) -> struct_pb2.Struct:
    result = struct_pb2.Struct()
    result.update(values)
    return result


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        (("metadata", "labels", "a.b/c"), 'metadata.labels["a.b/c"]'),
        (("data", 'he said "x"'), 'data["he said \\"x\\""]'),
        ((), ""),
    ],
)
def test_a_path_is_spelt_as_the_engine_spells_it(parts: tuple[str | int, ...], text: str) -> None:
    assert property_path(parts) == text


@given(st.dictionaries(TEXTS, TREES))
def test_plain_values_come_back_as_they_went_in(values: dict[str, Any]) -> None:
    source = struct_pb2.Struct()
    source.update(values)
    reading = Reading(source)
    assert reading.values == values
    assert [reading.secrets, reading.unknowns, reading.untyped, reading.mangled] == [[], {}, [], {}]


def test_whole_numbers_are_integers_and_others_are_not() -> None:
    values = Reading(struct(port=443, share=0.5)).values
    assert values == {"port": 443, "share": 0.5}
    assert isinstance(values["port"], int)


def test_a_secret_leaves_only_a_marker_and_its_path() -> None:
    reading = Reading(struct(spec={"password": secret("hunter2"), "user": "me"}))
    assert reading.values == {"spec": {"password": "[secret]", "user": "me"}}
    assert reading.secrets == [("spec", "password")]


def test_references_and_secrets_inside_a_secret_are_not_listed() -> None:
    inner = {"a": "@{aws:x/y:Y::z.arn}", "b": secret("deep")}
    reading = Reading(struct(config=secret(inner)))
    assert reading.secrets == [("config",)]
    assert reading.unknowns == {}


def test_an_untyped_unknown_is_found_even_inside_a_secret() -> None:
    assert Reading(struct(config=secret([UNKNOWN]))).untyped == [("config", 0)]


def test_references_are_listed_by_path() -> None:
    reading = Reading(struct(subnetIds=["@{aws:ec2/subnet:Subnet::a.id}", "subnet-1"]))
    assert reading.unknowns == {("subnetIds", 0): ["aws:ec2/subnet:Subnet::a.id"]}


def test_a_mangled_reference_is_kept_apart() -> None:
    assert Reading(struct(name="@{aws:ec2/v")).mangled == {("name",): "@{aws:ec2/v"}


def test_a_resource_is_read_as_its_urn() -> None:
    reading = Reading(struct(role={SIGNATURE: RESOURCE, "urn": "urn:x", "id": "@{aws:x/y:Y::z.id}"}))
    assert reading.values == {"role": {"@resource": "urn:x"}}
    assert reading.resources == {("role",): "urn:x"}
    assert reading.unknowns == {}


def test_hiding_a_value_hides_every_leaf_and_keeps_the_keys() -> None:
    reading = Reading(struct(stringData={"user": "me", "password": "hunter2"}, type="Opaque"))
    reading.hide("stringData")
    reading.hide("data")
    assert reading.values == {"stringData": {"user": "[secret]", "password": "[secret]"}, "type": "Opaque"}
    assert sorted(reading.secrets) == [("stringData", "password"), ("stringData", "user")]


def test_marking_a_secret_wraps_the_value_once() -> None:
    source = struct(token="abc")
    mark_secret(source.fields, "token")
    mark_secret(source.fields, "token")
    mark_secret(source.fields, "absent")
    assert dict(source["token"]) == {SIGNATURE: SECRET, "value": "abc"}
    assert list(source.fields) == ["token"]
