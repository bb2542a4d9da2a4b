"""A remote component registers itself and its children with the engine that asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, cast

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from agentic.sandbox.providers.data import is_map
from agentic.sandbox.providers.wire import UNKNOWN, Reference, decode, encode


@dataclass(frozen=True)
class Registered:
    """A resource as the engine knows it after registration; while it is a preview, parts are unknown."""

    urn: str
    id: Any
    outputs: Mapping[str, Any]

    @property
    def reference(self) -> Reference:
        """The resource as a value."""
        return Reference(self.urn, self.id)


@dataclass(frozen=True)
class Component:
    """What a program asked for, and the way back to its engine."""

    request: provider_pb2.ConstructRequest
    inputs: Mapping[str, Any]
    _monitor: Any  # generated stubs carry no types
    _referenced: dict[str, Registered] = field(default_factory=dict[str, Registered])

    @classmethod
    def asked(cls, request: provider_pb2.ConstructRequest) -> Component:
        """Connect to the engine of a request."""
        channel = grpc.insecure_channel(request.monitorEndpoint)
        return cls(request, decode(request.inputs), resource_pb2_grpc.ResourceMonitorStub(channel))

    def register(self) -> Registered:
        """Register the component itself, with the options the program gave it."""
        asked = self.request
        sent = resource_pb2.RegisterResourceRequest(
            type=asked.type,
            name=asked.name,
            parent=asked.parent,
            custom=False,
            object=asked.inputs,
            providers=dict(asked.providers),
            dependencies=asked.dependencies,
            aliases=cast("list[Any]", asked.aliases),
            ignoreChanges=asked.ignoreChanges,
            deletedWith=asked.deletedWith,
        )
        for name in ("protect", "retainOnDelete"):
            if asked.HasField(name):
                setattr(sent, name, getattr(asked, name))
        for key, dependencies in asked.inputDependencies.items():
            sent.propertyDependencies[key].urns.extend(dependencies.urns)
        return self._send(sent)

    def child(
        self,
        parent: Registered,
        type_: str,
        name: str,
        inputs: Mapping[str, Any],
        *,
        dependencies: Mapping[str, Iterable[str]],
        ignore_changes: Iterable[str] = (),
    ) -> Registered:
        """Register a child under `parent`, with the component's provider for its package."""
        package = type_.removeprefix("pulumi:providers:").partition(":")[0]
        sent = resource_pb2.RegisterResourceRequest(
            type=type_,
            name=name,
            parent=parent.urn,
            custom=True,
            object=encode(inputs),
            provider="" if type_.startswith("pulumi:providers:") else self.request.providers.get(package, ""),
            version=version(f"pulumi-{package}"),
            ignoreChanges=ignore_changes,
            acceptSecrets=True,
            acceptResources=True,
            supportsPartialValues=True,
        )
        for key, urns in dependencies.items():
            sent.propertyDependencies[key].urns.extend(sorted(urns))
        sent.dependencies.extend(sorted({urn for urns in dependencies.values() for urn in urns}))
        return self._send(sent)

    def finish(
        self, itself: Registered, outputs: Mapping[str, Any], urns: Iterable[str]
    ) -> provider_pb2.ConstructResponse:
        """Register the outputs and answer; each output depends on the children `urns`."""
        state = encode(outputs)
        self._monitor.RegisterResourceOutputs(
            resource_pb2.RegisterResourceOutputsRequest(urn=itself.urn, outputs=state)
        )
        response = provider_pb2.ConstructResponse(urn=itself.urn, state=state)
        for key in outputs:
            response.stateDependencies[key].urns.extend(sorted(urns))
        return response

    def referenced(self, value: Any) -> Mapping[str, Any]:
        """Give the outputs of a resource that came as a value."""
        if not isinstance(value, Reference):
            return value if is_map(value) else {}
        args = encode({"urn": value.urn})
        sent = resource_pb2.ResourceInvokeRequest(
            tok="pulumi:pulumi:getResource", args=args, acceptResources=True
        )
        answer: Any = self._monitor.Invoke(sent)
        returned: struct_pb2.Struct = getattr(answer, "return")
        return decode(returned).get("state", {})

    def _send(self, sent: resource_pb2.RegisterResourceRequest) -> Registered:
        answer: Any = self._monitor.RegisterResource(sent)
        return Registered(answer.urn, answer.id or UNKNOWN, decode(answer.object))
