"""Reads events of a log group: all pages of a window, or whatever comes until somebody has seen enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from agentic.errors import OperatorError
from agentic.ops.logs.record import Record, record
from agentic.ops.logs.selection import Selection
from agentic.ops.logs.since import milliseconds
from agentic.ops.steps import error_code

POLL_SECONDS = 3.0
"""FilterLogEvents allows few calls a second for the whole account and region."""

OVERLAP = timedelta(seconds=30)
"""How late a record may come and still be shown by `--follow`: collectors send in batches."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One log group; `client` is boto3's, for the region of the stack."""

    client: Any
    name: str

    def read(self, chosen: Selection, start: int, end: int) -> Iterator[Record]:
        """Every record of the window that is chosen, in the order that CloudWatch has them."""
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=self.name, filterPattern=chosen.pattern, startTime=start, endTime=end
        )
        try:
            for page in pages:
                for event in page["events"]:
                    found = record(event)
                    if found is not None and chosen.takes(found):
                        yield found
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            raise OperatorError(
                f"there is no log group {self.name}",
                remedy="run `agentic status` to see whether the stack is up; the group is made with its collectors",
            ) from None


def follow(
    group: Group,
    chosen: Selection,
    start: datetime,
    *,
    sleep: Callable[[float], None],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Record]:
    """Each record once, until it is interrupted; windows overlap, so that a late one is not lost."""
    shown: dict[str, int] = {}
    window = start
    while True:
        end = now()
        for found in group.read(chosen, milliseconds(window), milliseconds(end)):
            if found.event_id not in shown:
                shown[found.event_id] = found.timestamp
                yield found
        window = max(window, end - OVERLAP)
        oldest = milliseconds(window)
        shown = {event: moment for event, moment in shown.items() if moment >= oldest}
        sleep(POLL_SECONDS)
