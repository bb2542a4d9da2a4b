"""From when: a time ago, as people say it, or a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from agentic.errors import OperatorError

LONGEST = timedelta(days=10 * 366)
"""The longest retention that CloudWatch knows: further back there is nothing."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO = re.compile(r"(?:[0-9]{1,6}[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")


def since(text: str, now: datetime) -> datetime:
    """The moment that `text` means, seen from `now`: 90s, 1h30m, 2d, or 2026-11-23T08:00:00Z."""
    if _AGO.fullmatch(text):
        parts = ((int(count), _UNITS[unit]) for count, unit in _PART.findall(text))
        ago = sum((timedelta(**{unit: count}) for count, unit in parts), timedelta())
        return now - min(ago, LONGEST)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise OperatorError(
            f"--since {text!r} is no time", remedy="write for example 15m, 1h30m, 2d or 2026-11-23T08:00:00Z"
        ) from None
    if moment.tzinfo is None:
        # CloudWatch thinks in UTC, and so do the logs; the machine's own zone would be a guess.
        moment = moment.replace(tzinfo=UTC)
    if moment > now:
        raise OperatorError(
            f"--since {text!r} is still to come",
            remedy="write a time that has passed; without a zone it is UTC",
        )
    return moment


def milliseconds(moment: datetime) -> int:
    """The moment as CloudWatch counts it."""
    return int(moment.timestamp() * 1000)
