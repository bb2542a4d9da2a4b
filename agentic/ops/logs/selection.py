"""Whose records, and which of them: said to CloudWatch, and made sure of here once more."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from agentic.errors import OperatorError
from agentic.ops.logs.record import Record
from components.otel.names import PLATFORM_TENANT, TENANT_ATTRIBUTE, UNKNOWN_TENANT


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is shown."""

    tenant: str
    grep: re.Pattern[str] | None = None
    agent: str | None = None

    @property
    def pattern(self) -> str:
        """The filter for CloudWatch: the tenant, so that other tenants' records are not even sent."""
        return f'{{ $.attributes.{TENANT_ATTRIBUTE} = "{_escaped(self.tenant)}" }}'

    def takes(self, record: Record) -> bool:
        """Whether a record is shown; the tenant is compared again, so that no filter can widen it."""
        return (
            record.tenant == self.tenant
            and (self.agent is None or record.workload == self.agent)
            and (self.grep is None or self.grep.search(record.body) is not None)
        )


def selection(
    tenant: str, tenants: Collection[str], *, grep: str | None = None, agent: str | None = None
) -> Selection:
    """A selection of one of the stack's tenants; a typing error shows nobody else's records."""
    known = [*sorted(tenants), PLATFORM_TENANT, UNKNOWN_TENANT]
    if tenant not in known:
        raise OperatorError(
            f"--tenant {tenant!r} is no tenant of this stack",
            remedy=f"choose one of: {', '.join(known)} ({PLATFORM_TENANT} is the platform's own namespaces, "
            f"{UNKNOWN_TENANT} what could not be traced to a pod)",
        )
    try:
        expression = re.compile(grep) if grep else None
    except re.error as error:
        raise OperatorError(
            f"--grep {grep!r} is no regular expression: {error}",
            remedy="put a backslash before ( ) [ ] { } . * + ? ^ $ | to search for the character itself",
        ) from None
    return Selection(tenant=tenant, grep=expression, agent=agent)


def _escaped(text: str) -> str:
    """Text that cannot end the quotes it stands in."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
