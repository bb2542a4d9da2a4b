"""What the engine waits for between two objects, and a rehearsal therefore has to wait for as well.

A quota that was not counted yet refuses every pod ("status unknown for quota"), and a namespace has no
default service account in its first moments: on a cluster both pass before anybody notices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from agentic.rehearsal.errors import ServerFailed
from agentic.rehearsal.objects import Objects, Ref, section

SETTLE_SECONDS = 30.0
# The server looks for new admission policies once a second (apiserver 1.35, policyRefreshInterval).
POLICY_SECONDS = 2.0
_POLL_SECONDS = 0.02
_QUOTA = ("v1", "ResourceQuota")
_POLICIES = frozenset({"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"})


class Settling:
    """Keeps account of what is still being counted on one server."""

    def __init__(self, objects: Objects) -> None:
        """Nothing is waited for yet."""
        self._objects = objects
        self._uncounted: dict[str, list[Ref]] = {}
        self._with_account: set[str] = set()
        self._policies_hold_at = 0.0

    def add(self, ref: Ref) -> None:
        """Take note of a new object; quotas and policies are the ones that need it."""
        if (ref.api_version, ref.kind) == _QUOTA:
            self._uncounted.setdefault(ref.namespace, []).append(ref)
        if ref.kind in _POLICIES:
            self._policies_hold_at = time.monotonic() + POLICY_SECONDS

    def before(self, ref: Ref) -> None:
        """Return when the policies made so far would judge this object."""
        if ref.kind not in _POLICIES:
            time.sleep(max(0.0, self._policies_hold_at - time.monotonic()))

    def before_pods(self, namespace: str) -> None:
        """Return when pods in a namespace are judged as they would be on a cluster that has been up a while."""
        for quota in self._uncounted.pop(namespace, ()):
            self._wait(f"{quota} is counted", lambda quota=quota: self._is_counted(quota))
        if (
            namespace in self._with_account
            or self._objects.get(Ref("v1", "Namespace", "", namespace)) is None
        ):
            return
        account = Ref("v1", "ServiceAccount", namespace, "default")
        self._wait(f"{account} exists", lambda: self._objects.get(account) is not None)
        self._with_account.add(namespace)

    def _is_counted(self, quota: Ref) -> bool:
        found: Any = self._objects.get(quota)
        return found is None or section(found, "status", "hard") == section(found, "spec", "hard")

    def _wait(self, what: str, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SETTLE_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"the controller manager did not come to where {what} within {SETTLE_SECONDS:.0f} s",
                    remedy="run this again when the machine is less busy",
                )
            time.sleep(_POLL_SECONDS)
