from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agentic.errors import OperatorError
from agentic.ops.logs.since import LONGEST, milliseconds, since

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
        ("999999w", LONGEST),
    ],
)
def test_a_time_ago(text: str, ago: timedelta) -> None:
    assert since(text, NOW) == NOW - ago


@pytest.mark.parametrize(
    "text", ["2026-11-23T08:00:00Z", "2026-11-23T08:00:00", "2026-11-23T10:00:00+02:00", "2026-11-23 08:00"]
)
def test_a_moment_is_in_utc_unless_it_says_otherwise(text: str) -> None:
    assert since(text, NOW) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "1", "h", "1y", "-1h", "yesterday", "1h 30m", "9999999h"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(OperatorError) as refused:
        since(text, NOW)
    assert f"--since {text!r} is no time" in str(refused.value)
    assert "15m, 1h30m, 2d or 2026-11-23T08:00:00Z" in str(refused.value)


def test_the_future_is_refused() -> None:
    with pytest.raises(OperatorError, match="is still to come"):
        since("2026-11-24", NOW)


def test_cloudwatch_counts_in_milliseconds() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)) == 1500
