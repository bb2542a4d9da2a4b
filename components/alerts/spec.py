"""What may be said about alerts: limits, where runbooks are, and which alerts are not wanted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from components.core.spec import Spec

RunbookBase = Annotated[
    str, StringConstraints(pattern=r"^https://[^\s?#\"']+/$", min_length=10, max_length=200)
]
AlertName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]+$", max_length=60)]

RUNBOOKS = "https://github.com/agentic-platform/agentic-platform/blob/main/docs/runbooks/"
"""The pages of this repository; a fork or a mirror says its own."""


class AlertsSpec(Spec):
    """Limits that differ between platforms; what is watched follows from what is installed."""

    enabled: bool = Field(
        default=True,
        description="Install the platform's alerts and recording rules; the chart's own alerts stay either way.",
    )
    runbook_base_url: RunbookBase = Field(
        default=RUNBOOKS,
        description="Where runbooks are read: each alert links to this address, its name and `.md`. Ends in a slash.",
    )
    agent_latency_seconds: float = Field(
        default=10,
        gt=0,
        le=300,
        description="AgentHighLatency: what 99 of 100 requests to an agent stay under. 300 is the last bucket.",
    )
    agent_error_ratio: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="AgentHighErrorRate: the part of requests to an agent that may fail.",
    )
    agent_waiting_tasks: int = Field(
        default=100,
        ge=1,
        le=1_000_000,
        description="AgentTasksWait: tasks in an agent's queue that may wait for half an hour without becoming fewer.",
    )
    model_error_ratio: float = Field(
        default=0.1, gt=0, lt=1, description="ModelCallsFailing: the part of calls of a model that may fail."
    )
    minimum_requests: int = Field(
        default=20,
        ge=1,
        le=100_000,
        description=(
            "Requests in five minutes below which latency and error alerts stay silent: of three requests one "
            "failure is a third, and it says nothing."
        ),
    )
    model_queue_length: int = Field(
        default=10,
        ge=1,
        le=10_000,
        description="ModelQueueGrowing: requests that wait at the servers of a model.",
    )
    quota_ratio: float = Field(
        default=0.9, gt=0, lt=1, description="TenantQuotaNearlyFull: the used part of any quota of a tenant."
    )
    spend_usd_per_hour: float = Field(
        default=5,
        gt=0,
        le=100_000,
        description="TenantSpendSurge: below this rate a tenant's token cost may rise as fast as it likes.",
    )
    off: frozenset[AlertName] = Field(
        default=frozenset(), description="Alerts of the platform that are not wanted in this stack, by name."
    )
