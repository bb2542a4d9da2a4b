"""What keeps a pod from running, in the words of whoever knows: the scheduler, the kubelet, the container."""

from __future__ import annotations

from collections.abc import Iterator

from agentic.ops.status.cluster import Object, condition, entries, part, said_by

STARTING = frozenset({"ContainerCreating", "PodInitializing"})
"""On the way; a trouble only where it takes long."""

LONGEST = 220


def troubles(pod: Object) -> Iterator[str]:
    """Each trouble once, shortest first cause first."""
    unscheduled = condition(pod, "PodScheduled")
    if unscheduled.get("status") == "False":
        yield _cut(said_by(unscheduled))
        return
    for status in (
        *entries(pod, "status", "initContainerStatuses"),
        *entries(pod, "status", "containerStatuses"),
    ):
        name = status.get("name", "container")
        waiting = part(status, "state", "waiting")
        reason = str(waiting.get("reason", ""))
        if reason and reason not in STARTING:
            yield _cut(f"{name}: {said_by(waiting)}{_last_words(status)}")
        elif not reason and part(status, "state", "terminated").get("exitCode"):
            yield _cut(f"{name}: {_ended(part(status, 'state', 'terminated'))}")


def _last_words(status: Object) -> str:
    ended = part(status, "lastState", "terminated")
    restarts = status.get("restartCount")
    counted = f", {restarts} restarts" if restarts else ""
    return f"; last time: {_ended(ended)}{counted}" if ended else ""


def _ended(terminated: Object) -> str:
    return f"{terminated.get('reason', 'ended')}, exit code {terminated.get('exitCode')}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}..."
