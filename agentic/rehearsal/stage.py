"""One server, what a plan brings before it, and everything the server has said so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from agentic.crds.directory import Definition
from agentic.plan.model import Resource
from agentic.rehearsal import definitions, pods
from agentic.rehearsal.client import Answer, Refused
from agentic.rehearsal.objects import NoSuchKind, Objects, Ref, section
from agentic.rehearsal.pods import Trial
from agentic.rehearsal.result import Rejection, Unjudged
from agentic.rehearsal.settling import Settling
from agentic.rehearsal.stand_ins import concrete
from agentic.sandbox.providers.kubernetes.definitions import group_of
from components.charts.pods import PodClass

_DEFINITION = "CustomResourceDefinition"


class Stage:
    """The server, and everything it has said so far."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._settling = Settling(objects)
        self._built_in = objects.kinds.groups()
        self._owners: dict[tuple[str, ...], str] = {}
        self.accepted: list[str] = []
        self.rejected: list[Rejection] = []
        self.without_schema: dict[str, list[str]] = {}
        self.opaque: list[Unjudged] = []
        self.warnings: list[str] = []
        self.pods = 0
        self._released: set[str] = set()
        self._passing: list[tuple[Trial, str]] = []

    def prepare(self, at_hand: Iterable[Definition], manifests: Collection[dict[str, Any]]) -> int:
        """Install what the plan's own kinds need; returns how many definitions that were."""
        brought = {_defined(manifest) for manifest in manifests if manifest["kind"] == _DEFINITION}
        kinds = {(group_of(ref.api_version), ref.kind) for ref in map(Ref.of, manifests)}
        wanted = {(group, kind) for group, kind in kinds if group not in self._built_in} - brought
        found = [one for one in at_hand if (one.group, one.kind) in wanted]
        definitions.install(self._objects, found)
        return len(found)

    def object(self, resource: Resource) -> None:
        """Make one object of the plan, and the pods it would have."""
        manifest = manifest_of(resource)
        ref = Ref.of(manifest)
        if self._is_unserved(ref, resource.urn) or self._is_declared_twice(ref, resource):
            return
        if resource.type.endswith("Patch") and self._objects.get(ref) is None:
            why = "it changes an object that only a cluster in use has"
            self.opaque.append(Unjudged(what=f"patch of {ref}", urn=resource.urn, why=why))
            return
        self._settling.before(ref)
        try:
            answer = self._objects.apply(manifest)
        except Refused as refusal:
            self._reject(str(ref), resource.urn, refusal.message)
        else:
            self._accept(str(ref), answer)
            self._settling.add(ref)
            if ref.kind == _DEFINITION:
                definitions.await_served(self._objects, [_defined(manifest)])
        trial = pods.of_workload(manifest)
        if trial:
            self._try(trial, resource.urn)

    def release(self, resource: Resource, declared: Iterable[PodClass]) -> None:
        """A chart's objects are not in a plan; the pods it is declared to bring are tried."""
        name = str(resource.inputs.get("name", resource.name))
        self.opaque.append(
            Unjudged(what=f"Release {name}", urn=resource.urn, why="its objects are in its chart")
        )
        self._released.add(name)
        for one in declared:
            if one.release == name:
                self._try(pods.of_class(one), resource.urn)

    def finish(self, declared: Iterable[PodClass]) -> None:
        """Try what only comes on top of the rest, and pods of releases that the plan does not show."""
        for one in declared:
            if one.release not in self._released:
                self._try(
                    pods.of_class(one), f"declared for release {one.release}, which the plan does not have"
                )
        for trial, urn in self._passing:
            self._settling.before_pods(Ref.of(trial.passing[0]).namespace)
            try:
                for manifest in trial.passing:
                    self._objects.create(manifest, dry_run=True)
                    self.pods += 1
            except Refused as refusal:
                self._reject(f"pods of {trial.title} on top of all others", urn, refusal.message)

    def _try(self, trial: Trial, urn: str) -> None:
        made = 0
        if trial.pods:
            self._settling.before_pods(Ref.of(trial.pods[0]).namespace)
        try:
            for manifest in trial.first:
                if self._objects.get(Ref.of(manifest)) is None:
                    self._objects.create(manifest)
            for manifest in trial.pods:
                self._warn(f"pods of {trial.title}", self._objects.create(manifest))
                made += 1
        except Refused as refusal:
            which = f"pod {made + 1} of {len(trial.pods)}" if trial.pods else "what is needed for pods"
            self._reject(f"{which} of {trial.title}", urn, refusal.message)
        else:
            # Where not even the pods that stay can be made, one more says nothing new.
            self._passing += [(trial, urn)] if trial.passing else []
        self.pods += made

    def _is_unserved(self, ref: Ref, urn: str) -> bool:
        kinds = self._objects.kinds
        if kinds.find(ref.api_version, ref.kind):
            return False
        group = group_of(ref.api_version)
        served = kinds.versions(group, ref.kind)
        if served:
            words = f"the server does not serve {ref.kind} as {ref.api_version}, only as {', '.join(served)}"
            self._reject(str(ref), urn, words)
        elif group in self._built_in:
            self._reject(str(ref), urn, str(NoSuchKind(ref.api_version, ref.kind)))
        else:
            self.without_schema.setdefault(f"{ref.api_version} {ref.kind}", []).append(str(ref))
        return True

    def _is_declared_twice(self, ref: Ref, resource: Resource) -> bool:
        if resource.type.endswith("Patch"):
            return False
        key = (group_of(ref.api_version), ref.kind, ref.namespace, ref.name)
        owner = self._owners.setdefault(key, resource.urn)
        if owner != resource.urn:
            self._reject(str(ref), resource.urn, f"the plan declares it twice; the other one is {owner}")
        return owner != resource.urn

    def _accept(self, what: str, answer: Answer) -> None:
        self.accepted.append(what)
        self._warn(what, answer)

    def _warn(self, what: str, answer: Answer) -> None:
        self.warnings += [f"{what}: {warning}" for warning in answer.warnings]

    def _reject(self, what: str, urn: str, words: str) -> None:
        self.rejected.append(Rejection(what=what, urn=urn, words=words))


def _defined(manifest: dict[str, Any]) -> tuple[str, str]:
    """The group and kind that a definition in the plan defines."""
    return str(section(manifest, "spec").get("group")), str(section(manifest, "spec", "names").get("kind"))


def manifest_of(resource: Resource) -> dict[str, Any]:
    """What the provider would send; where it would invent a name, the logical one stands in."""
    manifest = concrete(resource.inputs)
    metadata: dict[str, Any] = {**resource.section("metadata")}
    if not metadata.get("name"):
        manifest["metadata"] = {**manifest.get("metadata", {}), "name": resource.name.lower()}
    return manifest
