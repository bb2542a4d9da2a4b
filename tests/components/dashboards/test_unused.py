"""What is scraped and stored and looked at by nobody: allowed, and seen."""

from __future__ import annotations

import re
from collections import defaultdict

from syrupy.assertion import SnapshotAssertion

from components.dashboards.catalogue import DASHBOARDS
from tests.components.alerts.conftest import CATALOGUE, SOURCES
from tests.components.alerts.promql import used
from tests.components.dashboards.test_catalogue import PANELS, asked


def unused() -> dict[str, list[str]]:
    """By component, the declared series that no rule, panel or choice asks for; `up` is Prometheus' own."""
    looked_at = used(CATALOGUE) | {name for panel in PANELS for name in asked(panel)} | {"up"}
    looked_at |= {variable.series for dashboard in DASHBOARDS for variable in dashboard.variables}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for source in SOURCES:
        found[source.component] |= {name for name in source.names if not _whole(name) & looked_at}
    return {component: sorted(names) for component, names in sorted(found.items()) if names}


def _whole(name: str) -> set[str]:
    """All series of one histogram or summary: who uses its buckets uses it."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return {name, base, f"{base}_bucket", f"{base}_sum", f"{base}_count"}


def test_series_that_nobody_asks_for_are_the_known_ones(snapshot: SnapshotAssertion) -> None:
    """A longer list is a decision: use the series, leave it out of the declaration, or `make golden`."""
    assert snapshot == unused()
