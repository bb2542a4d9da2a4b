"""What the objects of an agent are called."""

from __future__ import annotations

from components.core.labels import DOMAIN
from components.kagent.spec import agent_labels

AGENT_LABEL = f"{DOMAIN}/agent"
FRAMEWORK_LABEL = f"{DOMAIN}/framework"
PART_OF = "agents"

CACHE_SECRET = "agents-cache"  # noqa: S105 - the name of a Secret
VECTORS_SECRETS = {"search": "milvus-reader", "write": "milvus"}
"""The Secrets by which users of vectors find their database, by what they may do there."""
CACHE_MOUNT = "/var/secrets/cache"

SESSIONS = "agent-sessions"
"""The job that deletes conversations, its account and its script."""

QUEUE_WORKERS = "queue-workers"
"""The account, program and Service of all workers of queues."""

CONTAINER = "kagent"
"""What kagent calls the one container of an agent's pod."""


def account(agent: str) -> str:
    """The ServiceAccount of an agent's pods. Not the agent's own name: kagent would make that one itself."""
    return f"agent-{agent}"


def pod_labels(agent: str) -> dict[str, str]:
    """What the pods of an agent carry besides what kagent selects them by."""
    return {
        "app.kubernetes.io/name": agent,
        "app.kubernetes.io/part-of": PART_OF,
        AGENT_LABEL: agent,
    }


def selector(agent: str) -> dict[str, str]:
    """What selects the pods of one agent."""
    return agent_labels(agent)


def embedding_config(agent: str) -> str:
    """The ModelConfig of what an agent remembers with."""
    return f"{agent}-memory"


def queue_worker(agent: str) -> str:
    """The Deployment that works off an agent's queue; an agent's name leaves it the room."""
    return f"queue-worker-{agent}"
