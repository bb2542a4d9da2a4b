"""The series of the workers of queues (`worker/main.py`); agents export none of their own."""

from __future__ import annotations

from components.agents.names import QUEUE_WORKERS
from components.charts.metrics import MetricSource

PART = "agent_queues"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=PART,
        job=QUEUE_WORKERS,
        names=frozenset(
            {
                "up",
                "agent_queue_tasks_total",
                "agent_queue_waiting_tasks",
                "agent_queue_later_tasks",
                "agent_queue_dead_tasks",
            }
        ),
    ),
)
