"""What may be said about dashboards."""

from __future__ import annotations

from pydantic import Field

from components.core.spec import Spec


class DashboardsSpec(Spec):
    """Five dashboards; what is on them follows from what is installed."""

    enabled: bool = Field(default=True, description="Give Grafana the platform's dashboards.")
    refresh_seconds: int = Field(
        default=60,
        ge=15,
        le=3600,
        description="How often an open dashboard asks again; each panel is a query for each person who looks.",
    )
