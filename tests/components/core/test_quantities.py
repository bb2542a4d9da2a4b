from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.core import quantities
from components.core.quantities import Cpu, Memory


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("2", 2),
        ("500m", Fraction(1, 2)),
        ("0.1", Fraction(1, 10)),
        ("1.5Gi", 3 * 2**29),
        ("1Ti", 2**40),
        ("512Mi", 2**29),
        ("1G", 10**9),
    ],
)
def test_a_quantity_is_its_exact_value(text: str, value: Fraction) -> None:
    assert quantities.parse(text) == value


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "1GB", "-1", "1e3", "1Gi\n", "٣", "½", "0x1", "1.", ".5"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Kubernetes quantity; write for example 500m"):
        quantities.parse(text)


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_sums_are_exact(millicores: list[int]) -> None:
    assert sum(quantities.parse(f"{amount}m") for amount in millicores) == Fraction(sum(millicores), 1000)


@pytest.mark.parametrize(("text", "valid"), [("2", True), ("500m", True), ("1Gi", False), ("2 cores", False)])
def test_cpu_is_cores_or_millicores(text: str, valid: bool) -> None:
    _accepts(Cpu, text, valid, "is not an amount of CPU; write cores")


@pytest.mark.parametrize(
    ("text", "valid"), [("40Gi", True), ("512Mi", True), ("40GB", False), ("40G", False), ("40", False)]
)
def test_memory_has_a_binary_unit(text: str, valid: bool) -> None:
    _accepts(Memory, text, valid, "is not an amount of memory; write a binary unit")


def _accepts(kind: object, text: str, valid: bool, message: str) -> None:
    adapter = TypeAdapter(kind)
    if valid:
        assert adapter.validate_python(text) == text
    else:
        with pytest.raises(ValidationError, match=message):
            adapter.validate_python(text)
