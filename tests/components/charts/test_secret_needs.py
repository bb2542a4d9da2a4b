from __future__ import annotations

from components.charts.secret_needs import Generated, SecretNeed
from components.langfuse.secrets import secrets_needed


def test_the_keys_of_a_secret_are_those_of_every_source() -> None:
    need = SecretNeed(
        name="one",
        namespace="here",
        generated={"a": Generated(length=8)},
        literal={"b": "x"},
        supplied=("c",),
        derived={"d": ("one/a",)},
    )
    assert need.keys == {"a", "b", "c", "d"}


def test_what_a_value_is_derived_from_exists() -> None:
    keys = {f"{need.name}/{key}" for need in secrets_needed() for key in need.keys}
    for need in secrets_needed():
        for parts in need.derived.values():
            assert set(parts) <= keys, need.name
