from __future__ import annotations

from fractions import Fraction

import pytest

from agentic.plan.quantity_text import amount
from components.core.quantities import parse


@pytest.mark.parametrize(
    ("value", "resource", "text"),
    [
        (Fraction(3, 2), "requests.cpu", "1500m"),
        (Fraction(2), "limits.cpu", "2"),
        (Fraction(1, 3000), "requests.cpu", "1m"),
        (Fraction(2**30), "limits.memory", "1Gi"),
        (Fraction(1408 * 2**20), "requests.memory", "1408Mi"),
        (Fraction(20 * 2**30 + 1), "requests.memory", "21Gi"),
        (Fraction(0), "requests.memory", "0"),
        (Fraction(4), "requests.nvidia.com/gpu", "4"),
        (Fraction(-1, 2), "requests.cpu", "-500m"),
        (Fraction(10 * 2**30), "requests.storage", "10Gi"),
    ],
)
def test_an_amount_is_written_as_a_quota_has_it(value: Fraction, resource: str, text: str) -> None:
    assert amount(value, resource) == text
    if value >= 0:
        assert parse(text) >= value
