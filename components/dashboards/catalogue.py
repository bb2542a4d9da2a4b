"""Every dashboard the platform has, and those of one stack."""

from __future__ import annotations

from collections.abc import Collection

from components.dashboards.agents import AGENT_OVERVIEW
from components.dashboards.costs import COST_TRACKING
from components.dashboards.models import LLM_PERFORMANCE
from components.dashboards.panels import Dashboard
from components.dashboards.relay import RELAY
from components.dashboards.resources import RESOURCE_USAGE

DASHBOARDS: tuple[Dashboard, ...] = (AGENT_OVERVIEW, LLM_PERFORMANCE, RELAY, RESOURCE_USAGE, COST_TRACKING)


def in_stack(parts: Collection[str]) -> tuple[Dashboard, ...]:
    """The dashboards of a stack with these parts: a panel that nobody answers would look like all is quiet."""
    kept = (dashboard.within(parts) for dashboard in DASHBOARDS)
    return tuple(dashboard for dashboard in kept if dashboard.rows)
