"""Remote components in a capture: the children their provider would register, from the expansion tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from agentic.expansion import eks_cluster
from agentic.expansion.shape import Attribute, Child, Derived, Expansion, ExpansionError, Whole
from agentic.plan.shapes import steps
from agentic.plan.wire import RESOURCE, SIGNATURE, Reading, property_path

if TYPE_CHECKING:
    from agentic.plan.monitor import Monitor

EXPANSIONS: Mapping[str, Callable[[str, Mapping[str, Any]], Expansion]] = MappingProxyType(
    {eks_cluster.TYPE: eks_cluster.expand}
)


async def component(monitor: Monitor, request: Any) -> resource_pb2.RegisterResourceResponse:
    """Record a remote component and its children, and answer with the component's outputs."""
    answer = monitor.register(request)
    reading = Reading(request.object)
    siblings = _Siblings(monitor)
    where = f"{request.type} {request.name!r}"
    for path in reading.secrets:
        raise monitor.fail(
            f"{where}, property {property_path(path)}",
            "a secret in a component that is expanded",
            "pass a reference to it; an expansion works on plain values and would show it",
        )
    try:
        expansion = EXPANSIONS[request.type](request.name, siblings.with_attributes(reading))
    except ExpansionError as fault:
        remedy = "set the component as the table in agentic/expansion expects, or extend the table"
        raise monitor.fail(where, fault.faults, remedy) from None
    for child in expansion.children:
        sent = siblings.request(child, answer.urn, request, reading)
        siblings.add(child.name, await monitor.register_child(sent))
    answer.object.Clear()
    for key, value in expansion.outputs.items():
        siblings.write(answer.object.fields[key], value)
    return answer


class _Siblings:
    """Children so far, and how values that speak of them are written."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._answers: dict[str, resource_pb2.RegisterResourceResponse] = {}

    def add(self, name: str, answer: resource_pb2.RegisterResourceResponse) -> None:
        self._answers[name] = answer

    def with_attributes(self, reading: Reading) -> dict[str, Any]:
        """The component's inputs, each resource among them as a mapping of its outputs."""
        values = dict(reading.values)
        for path, urn in reading.resources.items():
            if len(path) == 1:
                values[str(path[0])] = Reading(self._monitor.answer(urn).object).values
        return values

    def request(
        self, child: Child, parent: str, component: Any, reading: Reading
    ) -> resource_pb2.RegisterResourceRequest:
        """The registration of one child, with the dependencies the provider's own SDK would have found."""
        package = child.type.split(":")[0]
        sent = resource_pb2.RegisterResourceRequest(
            type=child.type,
            name=child.name,
            parent=parent,
            custom=True,
            provider=component.providers.get(package, ""),
            ignoreChanges=child.ignore_changes,
        )
        for key, value in child.inputs.items():
            self.write(sent.object.fields[key], value)
            urns = {self._answers[name].urn for name in _speaks_of(value)}
            for source in child.from_inputs.get(key, ()):
                urns.update(component.propertyDependencies[source].urns)
                urns.update(urn for path, urn in reading.resources.items() if path[0] == source)
            if urns:
                sent.propertyDependencies[key].urns.extend(sorted(urns))
        urns = {urn for dependencies in sent.propertyDependencies.values() for urn in dependencies.urns}
        sent.dependencies.extend(sorted(urns))
        return sent

    def write(self, target: Any, value: Any) -> None:
        """Write one value of an expansion as the protocol spells it."""
        if isinstance(value, Whole):
            answer = self._answers[value.child]
            fields = target.struct_value.fields
            fields[SIGNATURE].string_value = RESOURCE
            fields["urn"].string_value = answer.urn
            fields["id"].string_value = answer.id
            return
        plain = struct_pb2.Struct()
        plain.update({"value": self._resolve(value)})
        target.CopyFrom(plain.fields["value"])

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, Attribute):
            return self._attribute(value)
        if isinstance(value, Derived):
            return value.function(**{key: self._resolve(part) for key, part in value.parts.items()})
        return value

    def _attribute(self, wanted: Attribute) -> Any:
        answer = self._answers[wanted.child]
        found: Any = Reading(answer.object).values
        for step in steps(wanted.path):
            found = found[step]
        return found


def _speaks_of(value: Any) -> set[str]:
    if isinstance(value, Attribute | Whole):
        return {value.child}
    if isinstance(value, Derived):
        return {name for part in value.parts.values() for name in _speaks_of(part)}
    return set()
