"""A resource monitor that records every registration and answers with what only the cloud would know."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import resource_pb2

from agentic.plan import construct, shapes
from agentic.plan.errors import PlanError
from agentic.plan.faults import faults
from agentic.plan.model import Plan, Resource
from agentic.plan.options import options
from agentic.plan.references import reference
from agentic.plan.transforms import Transforms
from agentic.plan.urns import ROOT_TYPE, alias_urns, make_urn
from agentic.plan.wire import Reading, mark_secret, property_path

FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
)
"""What this monitor understands; with output values left out, inputs arrive as plain values."""


class Monitor:
    """Stands where the engine's monitor would; the names of its methods are the protocol's."""

    def __init__(self, project: str, stack: str) -> None:
        self.resources: dict[str, Resource] = {}
        self.outputs: Reading | None = None
        self.fault: PlanError | None = None
        self.transforms = Transforms(self)
        self._project = project
        self._stack = stack
        self._root = ""
        self._answers: dict[str, resource_pb2.RegisterResourceResponse] = {}
        self._providers: dict[str, str] = {"": ""}

    def GetDeploymentInfo(self, _request: Any) -> resource_pb2.DeploymentInfo:  # noqa: N802
        """Say what this monitor understands."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def SignalAndWaitForShutdown(self, _request: Any) -> empty_pb2.Empty:  # noqa: N802
        """Nothing to wait for."""
        return empty_pb2.Empty()

    def RegisterStackTransform(self, callback: Any) -> empty_pb2.Empty:  # noqa: N802
        """Apply a transform to every registration from now on."""
        self.transforms.register_for_stack(callback)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> resource_pb2.ResourceInvokeResponse:  # noqa: N802
        """Hand out a resource that is already in the plan; refuse every question to a cloud."""
        if request.tok != "pulumi:pulumi:getResource":
            raise self._refused(f"the program invokes {request.tok}")
        urn = request.args["urn"]
        answer = self._answers[urn]
        found = struct_pb2.Struct()
        found.fields["urn"].string_value = urn
        found.fields["id"].string_value = answer.id
        found.fields["state"].struct_value.CopyFrom(answer.object)
        answer_fields: Any = {"return": found}  # a keyword of the language, and the field's name
        return resource_pb2.ResourceInvokeResponse(**answer_fields)

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse: a method of a remote component runs in its provider."""
        raise self._refused(f"the program calls {request.tok}")

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Refuse: reading asks a cloud."""
        raise self._refused(f"the program reads {request.type} {request.name!r}")

    def RegisterResourceOutputs(self, request: Any) -> empty_pb2.Empty:  # noqa: N802
        """Keep what the stack exports; components' outputs are the program's own business."""
        if request.urn == self._root:
            self.outputs = Reading(request.outputs)
            self._refuse_faults("stack output", self.outputs)
        return empty_pb2.Empty()

    def RegisterResource(  # noqa: N802
        self, request: Any
    ) -> resource_pb2.RegisterResourceResponse | Coroutine[Any, Any, resource_pb2.RegisterResourceResponse]:
        """Record one registration. With transforms, or a component to expand, the answer is a coroutine."""
        tokens = self.transforms.concerning(request)
        if tokens or (request.remote and request.type in construct.EXPANSIONS):
            return self._transformed(tokens, request)
        return self.register(request)

    async def _transformed(self, tokens: list[str], request: Any) -> resource_pb2.RegisterResourceResponse:
        await self.transforms.apply(tokens, request)
        if request.remote and request.type in construct.EXPANSIONS:
            return await construct.component(self, request)
        return self.register(request)

    async def register_child(self, request: Any) -> resource_pb2.RegisterResourceResponse:
        """Record a child that a remote component would register, transforms of its ancestors applied."""
        await self.transforms.apply(self.transforms.concerning(request), request)
        return self.register(request, expanded=True)

    def register(self, request: Any, *, expanded: bool = False) -> resource_pb2.RegisterResourceResponse:
        """Record one registration and answer it."""
        token, name = request.type, request.name
        urn = make_urn(self._stack, self._project, request.parent, token, name)
        self.transforms.remember(urn, request)
        if token == ROOT_TYPE:
            self._root = urn
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if request.remote and token not in construct.EXPANSIONS and token not in shapes.OPAQUE_COMPONENTS:
            raise self.fail(
                f"{token} {name!r}",
                "a remote component that no table expands",
                "write its expansion in agentic/expansion, or list it in OPAQUE_COMPONENTS with the reason",
            )
        reading = Reading(request.object)
        for key in request.additionalSecretOutputs:
            reading.hide(key)
        self._record(urn, request, reading, expanded)
        answer = resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if request.custom:
            fields = answer.object.fields
            shapes.add_references(fields, token, name)
            for key in request.additionalSecretOutputs:
                mark_secret(fields, key)
            answer.id = shapes.known_id(token, reading.values) or reference(token, name, "id")
            if token.startswith("pulumi:providers:"):
                self._providers[f"{urn}::{answer.id}"] = urn
        self._answers[urn] = answer
        return answer

    def answer(self, urn: str) -> resource_pb2.RegisterResourceResponse:
        """What the program was told about a resource."""
        return self._answers[urn]

    def plan(self) -> Plan:
        """Everything recorded so far, sorted."""
        return Plan(
            project=self._project,
            stack=self._stack,
            resources=tuple(self.resources[urn] for urn in sorted(self.resources)),
            outputs=self.outputs.values if self.outputs else {},
        )

    def _record(self, urn: str, request: Any, reading: Reading, expanded: bool) -> None:
        if urn in self.resources:
            raise self.fail(
                urn, "two resources have this URN", "give one of them another logical name or parent"
            )
        self._refuse_faults(f"{request.type} {request.name!r}, property", reading, request)
        parent = "" if request.parent == self._root else request.parent
        found = options(request)
        inherited = self.resources[parent].options.get("aliases", ()) if parent else ()
        if request.aliases or inherited:
            found["aliases"] = alias_urns(
                urn, request.type, request.name, request.parent, request.aliases, inherited
            )
        if request.providers:
            found["providers"] = {
                package: self._providers[ref] for package, ref in sorted(request.providers.items())
            }
        self.resources[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=parent,
            provider=self._providers[request.provider],
            custom=request.custom,
            remote=request.remote,
            inputs=reading.values,
            dependencies=sorted(request.dependencies),
            property_dependencies={
                key: sorted(value.urns)
                for key, value in sorted(request.propertyDependencies.items())
                if value.urns
            },
            options=found,
            secrets=[property_path(path) for path in reading.secrets],
            unknowns={property_path(path): found for path, found in reading.unknowns.items()},
            expanded=expanded,
        )

    def _refuse_faults(self, where: str, reading: Reading, request: Any = None) -> None:
        for path, rule, remedy in faults(where, reading, request):
            raise self.fail(path, rule, remedy)

    def _refused(self, what: str) -> PlanError:
        return self.fail(
            what,
            "a plan has no cloud to ask",
            "state the value in the stack configuration, or derive it from a resource's outputs",
        )

    def fail(self, path: str, rule: str, remedy: str) -> PlanError:
        """A fault to raise; the first one is kept, because the SDK may wrap it on its way out."""
        fault = PlanError(path, rule, remedy)
        self.fault = self.fault or fault
        return fault
