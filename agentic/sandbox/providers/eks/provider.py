"""The eks provider: one remote component, its children taken from the expansion that captured plans use too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.runtime.proto import provider_pb2

from agentic.expansion import eks_cluster
from agentic.expansion.shape import Attribute, Child, Derived, ExpansionError, Whole
from agentic.plan.shapes import steps
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.components import Component, Registered
from agentic.sandbox.providers.data import is_list, is_map
from agentic.sandbox.providers.kinds import Properties, ResourceError, ResourceKind
from agentic.sandbox.providers.wire import UNKNOWN, Reference, has_unknown


class EksProvider:
    """Answers for `eks:*`."""

    package = "eks"

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        """Accept anything: the provider has nothing to configure."""
        return []

    def config_replaces(self, change: Change, olds: Properties, news: Properties) -> bool:
        """Nothing hangs on the provider's inputs."""
        return False

    def configure(self, inputs: Properties) -> None:
        """Take nothing."""

    def kind(self, token: str) -> ResourceKind:
        """Refuse every custom resource of the package."""
        raise ResourceError("UnknownType", f"the sandbox does not know {token}; it knows {eks_cluster.TYPE}")

    def construct(self, request: provider_pb2.ConstructRequest) -> provider_pb2.ConstructResponse:
        """Register the component and its children."""
        if request.type != eks_cluster.TYPE:
            raise ResourceError(
                "UnknownType", f"the sandbox does not know {request.type}; it knows {eks_cluster.TYPE}"
            )
        component = Component.asked(request)
        inputs = {key: _seen(component, value) for key, value in component.inputs.items()}
        try:
            expansion = eks_cluster.expand(request.name, inputs)
        except ExpansionError as error:
            raise ResourceError("NotInExpansion", str(error)) from error
        itself = component.register()
        made: dict[str, Registered] = {}
        for child in expansion.children:
            values = {key: _resolved(value, made) for key, value in child.inputs.items()}
            made[child.name] = component.child(
                itself,
                child.type,
                child.name,
                values,
                dependencies=_dependencies(child, component, made),
                ignore_changes=child.ignore_changes,
            )
        outputs = {key: _resolved(value, made) for key, value in expansion.outputs.items()}
        return component.finish(itself, outputs, [child.urn for child in made.values()])


def _seen(component: Component, value: Any) -> Any:
    """A resource among the inputs stands for its outputs."""
    return component.referenced(value) if isinstance(value, Reference) else value


def _dependencies(child: Child, component: Component, made: Mapping[str, Registered]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, value in child.inputs.items():
        urns = {made[name].urn for name in _speaks_of(value)}
        for source in child.from_inputs.get(key, ()):
            urns |= set(component.request.inputDependencies[source].urns)
        if urns:
            found[key] = urns
    return found


def _speaks_of(value: Any) -> set[str]:
    if isinstance(value, Attribute | Whole):
        return {value.child}
    if isinstance(value, Derived):
        return {name for part in value.parts.values() for name in _speaks_of(part)}
    return set()


def _resolved(value: Any, made: Mapping[str, Registered]) -> Any:
    """Give a value that speaks of children; unknown if any part of it is."""
    if isinstance(value, Whole):
        return made[value.child].reference
    if isinstance(value, Attribute):
        found: Any = made[value.child].outputs
        for step in steps(value.path):
            if found is UNKNOWN:
                break
            found = _step(found, step)
        return found
    if isinstance(value, Derived):
        parts = {key: _resolved(part, made) for key, part in value.parts.items()}
        return UNKNOWN if has_unknown(parts) else value.function(**parts)
    return value


def _step(found: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return found[step] if is_list(found) and step < len(found) else UNKNOWN
    return found.get(step, UNKNOWN) if is_map(found) else UNKNOWN
