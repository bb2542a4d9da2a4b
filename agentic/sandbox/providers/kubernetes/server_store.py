"""Objects in a real API server, applied server-side and strictly; what no server can stand for stays in the sandbox.

Kept in the sandbox's own store, and labelled so: Helm releases (nobody renders their charts), manifests by
address, kinds that nothing at hand defines, and patches of objects that only a cluster in use has.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from agentic.crds.directory import find
from agentic.crds.errors import CrdError
from agentic.rehearsal import definitions
from agentic.rehearsal.client import Refused, Unreachable
from agentic.rehearsal.objects import NoSuchKind, Objects, section
from agentic.rehearsal.objects import Ref as Address
from agentic.sandbox.providers.data import items_of
from agentic.sandbox.providers.faults import Throttled
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.definitions import BUILT_IN, group_of
from agentic.sandbox.providers.kubernetes.managers import manager_of, managers, marked
from agentic.sandbox.providers.kubernetes.objects import Body, ObjectStore, Ref, Stored
from agentic.sandbox.providers.notices import say_warnings

T = TypeVar("T")
GONE_SECONDS = 120.0
TOO_MANY_REQUESTS = 429
_KEPT = frozenset({"Manifest", "Release"})
_PATCH = "Patch"
_DEFINITIONS, _DEFINITION = "apiextensions.k8s.io/v1", "CustomResourceDefinition"
_POLL_SECONDS = 0.05


class ServerKinds:
    """The kinds of one server; a third-party one is defined there when it is first needed."""

    def __init__(self, objects: Objects, crds: Path | None) -> None:
        """Take definitions from the directory `crds`."""
        self._objects = objects
        self._crds = crds
        self._undefined: set[tuple[str, str]] = set()
        self._turn = threading.Lock()

    def is_served(self, api_version: str, kind: str) -> bool:
        """Whether the server takes objects of this kind, after what can be done about it."""
        key = (api_version, kind)
        if self._objects.kinds.find(*key):
            return True
        with self._turn:
            if key in self._undefined:
                return False
            self._objects.kinds.refresh()
            if not self._objects.kinds.find(*key):
                self._define(api_version, kind)
            found = self._objects.kinds.find(*key) is not None
            # A kind of Kubernetes itself in a version it does not have is for the server to refuse.
            if not found and group_of(api_version) not in BUILT_IN:
                self._undefined.add(key)
            return found or group_of(api_version) in BUILT_IN

    def _define(self, api_version: str, kind: str) -> None:
        if self._crds is None or group_of(api_version) in BUILT_IN:
            return
        definitions.install(self._objects, find([self._crds], {(api_version, kind)}))


class ServerStore:
    """An `ObjectStore` over one API server."""

    def __init__(self, objects: Objects, kinds: ServerKinds, own: ObjectStore) -> None:
        """Keep in `own` what the server cannot hold."""
        self._objects = objects
        self._kinds = kinds
        self._own = own

    def get(self, ref: Ref) -> Stored | None:
        """Give an object as it is on the server, with everything the server added."""
        if self._is_kept(ref):
            return self._own.get(ref)
        live = self._live(ref)
        if live is None:
            return None
        return Stored(ref, ",".join(managers(live)), live, live=True)

    def create(self, ref: Ref, owner: str, body: Body) -> None:
        """Add an object, or take over one that no resource of ours has a part in, as server-side apply does."""
        if self._is_kept(ref):
            self._own.create(ref, owner, body)
            return
        live = self._live(ref)
        if live is not None and not _is_patch(ref) and set(managers(live)) - {manager_of(owner)}:
            raise ResourceError("AlreadyExists", f"{ref} already exists")
        self._apply(ref, owner, body)

    def replace(self, ref: Ref, owner: str, body: Body) -> None:
        """Apply the object again: what its resource no longer says goes away."""
        if self._is_kept(ref):
            self._own.replace(ref, owner, body)
            return
        if self._live(ref) is None:
            raise ResourceError("NotFound", f"{ref} not found")
        self._apply(ref, owner, body)

    def try_out(self, ref: Ref, body: Body) -> None:
        """Let the server judge a change without making it; nothing where there is no such object yet."""
        if not self._is_kept(ref) and self._live(ref) is not None:
            self._ask(lambda: self._objects.apply(body, manager=manager_of(""), dry_run=True, force=True))

    def delete(self, ref: Ref) -> bool:
        """Remove an object and return when it is gone: a namespace ends with all that is in it."""
        kept = self._own.delete(ref)
        if self._is_kept(ref):
            return kept
        live = self._live(ref)
        if live is None:
            return False
        if _is_patch(ref):
            for manager in managers(live):
                self._withdraw(ref, manager, live)
            return True
        self._ask(lambda: self._objects.delete(_address(ref)))
        self._await_gone(ref)
        return True

    def objects(self, kind: str | None = None) -> Iterator[Stored]:
        """List what is kept here, and the program's own definitions; the rest of a server is its own to list."""
        yield from self._own.objects(kind)
        if kind == _DEFINITION:
            for metadata in self._ask(lambda: self._objects.list_metadata(_DEFINITIONS, _DEFINITION)):
                name, owners = str(metadata["name"]), managers({"metadata": metadata})
                if owners:
                    body: Body = {"spec": {"group": name.partition(".")[2]}}
                    yield Stored(Ref(_DEFINITIONS, _DEFINITION, "", name), ",".join(owners), body)

    def _is_kept(self, ref: Ref) -> bool:
        if ref.kind in _KEPT or not self._ask(lambda: self._kinds.is_served(ref.api_version, _plain(ref))):
            return True
        return _is_patch(ref) and (self._own.get(ref) is not None or self._live(ref) is None)

    def _live(self, ref: Ref) -> Body | None:
        return self._ask(lambda: self._objects.get(_address(ref)))

    def _apply(self, ref: Ref, owner: str, body: Body) -> None:
        manager = manager_of(owner)
        answer = self._ask(lambda: self._objects.apply(marked(body, manager), manager=manager))
        say_warnings(str(ref), answer.warnings)

    def _withdraw(self, ref: Ref, manager: str, live: Body) -> None:
        """Give back the fields a patch has set: an apply that says nothing any more."""
        metadata: dict[str, Any] = {"name": ref.name} | (
            {"namespace": ref.namespace} if ref.namespace else {}
        )
        empty = {"apiVersion": ref.api_version, "kind": _plain(ref), "metadata": metadata}
        self._ask(lambda: self._objects.apply(empty, manager=manager))

    def _await_gone(self, ref: Ref) -> None:
        deadline = time.monotonic() + GONE_SECONDS
        while (live := self._live(ref)) is not None:
            if time.monotonic() > deadline:
                raise ResourceError(
                    "Timeout", f"{ref} is not gone after {GONE_SECONDS:.0f} s: {_holds(live)}"
                )
            time.sleep(_POLL_SECONDS)

    def _ask(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except Refused as refusal:
            if refusal.code == TOO_MANY_REQUESTS:
                raise Throttled(refusal.message) from None
            raise ResourceError(refusal.reason or str(refusal.code), refusal.message) from None
        except NoSuchKind as refusal:
            raise ResourceError("NoMatch", str(refusal)) from None
        except Unreachable as failure:
            raise ResourceError("Unreachable", failure.problem) from None
        except CrdError as fault:
            raise ResourceError("InvalidDefinition", fault.problem) from None


def _is_patch(ref: Ref) -> bool:
    return ref.kind.endswith(_PATCH)


def _plain(ref: Ref) -> str:
    return ref.kind.removesuffix(_PATCH)


def _address(ref: Ref) -> Address:
    return Address(ref.api_version, _plain(ref), ref.namespace, ref.name)


def _holds(live: Body) -> str:
    """What keeps an object from going, as it says itself."""
    finalizers = [
        *items_of(section(live, "metadata").get("finalizers")),
        *items_of(section(live, "spec").get("finalizers")),
    ]
    conditions = items_of(section(live, "status").get("conditions"))
    said = [str(one.get("message")) for one in conditions if one.get("status") == "True"]
    return "; ".join([f"finalizers {', '.join(map(str, finalizers)) or 'none'}", *said])
