"""What the objects of the smoke test are called."""

from __future__ import annotations

SMOKE = "smoke"
"""CronJob, account, script and the Service by which its pods find each other, in each tenant."""
LABELS = {"app.kubernetes.io/name": "smoke", "app.kubernetes.io/part-of": "smoke"}
PORT = 8080
"""Of its own listener: one that agents use, so that no rule is about the smoke test."""

TARGETS_FILE = "expected.json"
TARGETS_VARIABLE = "TARGETS"
"""What the test is told when it is run: the addresses of the pods there are just then."""
CONTAINER = "probe"
PODS_PER_TENANT = 2
"""One answers the other: an answer from the own namespace proves that a listener is there to be denied."""

OWN, OTHER = "own namespace", "other tenant"
