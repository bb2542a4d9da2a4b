"""Conversations that end: kagent keeps each for ever, and an agent says after how long a silence it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.agents.names import PART_OF, SESSIONS
from components.agents.spec import ByoAgentSpec, DeclarativeAgentSpec
from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.restricted import container_context, pod_context

SCHEDULE = "*/5 * * * *"
"""The shortest time to live there can be is one run."""

FILE = "expire.sql"
MOUNT = "/script"
RUN = f'exec psql "$DATABASE_URL" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file {MOUNT}/{FILE}'
UID = 999
"""`postgres` in the official image."""

RESOURCES = ContainerResources(cpu="20m", memory="32Mi", cpu_limit="200m", memory_limit="128Mi")
LABELS = {"app.kubernetes.io/name": SESSIONS, "app.kubernetes.io/part-of": PART_OF}

_MINE = "({thread}, user_id) IN (SELECT id, user_id FROM gone)"
_NOBODYS = "session_id IN (SELECT id FROM gone) AND session_id NOT IN (SELECT id FROM session)"

_OF_SESSIONS = (
    *(
        (table, _MINE.format(thread=thread))
        for table, thread in (
            ("event", "session_id"),
            ("lg_checkpoint_write", "thread_id"),
            ("lg_checkpoint", "thread_id"),
            ("crewai_flow_state", "thread_id"),
            # What CrewAI calls long-term memory is kept by conversation here (kagent-crewai, _executor.py).
            ("crewai_agent_memory", "thread_id"),
            ("session", "id"),
        )
    ),
    # These know the session's id and not whose it is, and two people may have one of the same id.
    ("push_notification", f"task_id IN (SELECT id FROM task WHERE {_NOBODYS})"),  # noqa: S608 - constants
    ("task", _NOBODYS),
)
"""Tables of kagent 0.9.12 (go/core/pkg/migrations/core) that hold a conversation, and which of their rows go."""


def agent_id(namespace: str, name: str) -> str:
    """What kagent calls an agent in its database (`ConvertToPythonIdentifier`)."""
    return f"{namespace}/{name}".replace("-", "_").replace("/", "__NS__")


def script(agents: Mapping[str, DeclarativeAgentSpec | ByoAgentSpec]) -> str:
    """SQL that deletes, of these agents alone, every conversation that was silent for too long.

    Each event moves `session.updated_at`. Names are DNS labels and times are numbers: nothing is quoted wrong.
    """
    lives = ",\n    ".join(
        f"('{agent_id(spec.namespace, name)}', {spec.memory.ttl_seconds})" for name, spec in agents.items()
    )
    return "\n".join(
        (
            "BEGIN;",
            "CREATE TEMPORARY TABLE gone ON COMMIT DROP AS",
            "  SELECT session.id, session.user_id FROM session JOIN (VALUES",
            f"    {lives}",
            "  ) AS life (agent_id, seconds) ON session.agent_id = life.agent_id",
            "  WHERE COALESCE(session.updated_at, session.created_at) < now() - life.seconds * interval '1 second';",
            *(f"DELETE FROM {table} WHERE {which};" for table, which in _OF_SESSIONS),  # noqa: S608 - constants
            "COMMIT;",
            "",
        )
    )


def cron_job(database: str) -> dict[str, Any]:
    """The spec of the CronJob; `database` is kagent's own Secret."""
    url = {"secretKeyRef": {"name": database, "key": "url"}}
    return {
        "schedule": SCHEDULE,
        # A run that takes longer than the pause is left to end.
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 240,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {
            "spec": {
                "backoffLimit": 1,
                "activeDeadlineSeconds": 240,
                "template": {
                    "metadata": {"labels": dict(LABELS)},
                    "spec": {
                        "restartPolicy": "Never",
                        "serviceAccountName": SESSIONS,
                        "automountServiceAccountToken": False,
                        "enableServiceLinks": False,
                        "securityContext": pod_context(UID),
                        "containers": [
                            {
                                "name": "psql",
                                "image": images.POSTGRES_CLIENT.reference,
                                "command": ["sh", "-c"],
                                "args": [RUN],
                                "env": [{"name": "DATABASE_URL", "valueFrom": url}],
                                "resources": RESOURCES.values(),
                                "securityContext": container_context(),
                                "volumeMounts": [{"name": "script", "mountPath": MOUNT, "readOnly": True}],
                            }
                        ],
                        "volumes": [{"name": "script", "configMap": {"name": SESSIONS}}],
                    },
                },
            }
        },
    }
