"""The engine's provider protocol on one side, `Provider` and `LifeCycle` on the other; nothing else knows gRPC.

The SDK's experimental provider server is not used: it drops old inputs from Diff and Update, and it is asynchronous
where every call of ours waits for a socket or a file. The generated servicer is smaller to build on.
"""

# ruff: noqa: N802 - method names are the protocol's

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.metadata import version
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from agentic.sandbox.providers.changes import Change, changes, drop_nulls
from agentic.sandbox.providers.kinds import Named, Properties, Provider
from agentic.sandbox.providers.lifecycle import LifeCycle
from agentic.sandbox.providers.wire import conceal, decode, encode, has_unknown, reveal

Method = TypeVar("Method", bound=Callable[..., Any])


def answers_plainly(method: Method) -> Method:
    """Turn an exception into a one-line error for the user; a traceback only for what we did not foresee."""

    @wraps(method)
    def guarded(self: Servicer, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except self.refusals as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    return guarded  # type: ignore[return-value]


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine for one package."""

    def __init__(self, provider: Provider, life: LifeCycle, refusals: tuple[type[Exception], ...]) -> None:
        """Serve `provider`; exceptions of the `refusals` classes are answers, any other is a fault of ours."""
        self.provider = provider
        self.life = life
        self.refusals = refusals

    def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        """Agree on how values travel."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        """Name the version of the SDK whose types we serve: the engine compares the two."""
        return plugin_pb2.PluginInfo(version=version(f"pulumi-{self.provider.package}"))

    def GetSchema(self, request: Any, context: Any) -> provider_pb2.GetSchemaResponse:
        """Give an empty schema: programs use the published SDKs."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": self.provider.package}))

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        """Stop waiting between attempts; calls in flight finish."""
        self.life.cancel()
        return empty_pb2.Empty()

    @answers_plainly
    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Check the provider's own inputs."""
        failures = self.provider.check_config(reveal(decode(request.news)))
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

    @answers_plainly
    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Tell whether a changed provider moves its resources."""
        before = request.old_inputs if request.old_inputs.fields else request.olds
        olds, news = reveal(decode(before)), reveal(decode(request.news))
        return _diff_response(
            changes(olds, news),
            lambda change: self.provider.config_replaces(change, olds, news),
            delete_first=False,
        )

    @answers_plainly
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        """Take the provider's inputs."""
        self.provider.configure(reveal(decode(request.args)))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    @answers_plainly
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Complete and check a resource's inputs."""
        named = _named(request, seed=request.randomSeed)
        olds, news = decode(request.olds), decode(request.news)
        if olds:
            self.life.in_state(named.urn)
        kind = self.provider.kind(_type_of(named.urn))
        inputs, failures = kind.check(named, reveal(olds), reveal(drop_nulls(news)))
        return provider_pb2.CheckResponse(inputs=encode(conceal(inputs, news)), failures=_failures(failures))

    @answers_plainly
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Compare inputs; the engine has put ignored properties back already, we leave them out all the same."""
        kind = self.provider.kind(_type_of(request.urn))
        self.life.shown(request.urn, request.id)
        olds, news = reveal(decode(request.old_inputs)), reveal(decode(request.news))
        found = [
            change
            for change in changes(olds, news, unordered=kind.unordered)
            if change.path[0] != "__defaults"
            and not any(_ignored(change, path) for path in request.ignoreChanges)
        ]
        return _diff_response(found, kind.replaces, delete_first=kind.same_place(olds, news))

    @answers_plainly
    def Create(self, request: provider_pb2.CreateRequest, context: Any) -> provider_pb2.CreateResponse:
        """Make a resource, or at preview say what is known of it."""
        token, inputs = _type_of(request.urn), decode(request.properties)
        kind = self.provider.kind(token)
        if request.preview:
            outputs = kind.preview(reveal(inputs), None)
            return provider_pb2.CreateResponse(properties=encode(conceal(outputs, inputs)))
        identity, outputs = self.life.create(
            kind, token, _named(request), _known(reveal(inputs), request.urn)
        )
        return provider_pb2.CreateResponse(id=identity, properties=encode(conceal(outputs, inputs)))

    @answers_plainly
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Look at a resource as it is; an empty id says that it is gone."""
        kind = self.provider.kind(_type_of(request.urn))
        like = decode(request.inputs)
        found = self.life.read(kind, request.urn, request.id, reveal(like) or None)
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id,
            inputs=encode(conceal(found.inputs, like)),
            properties=encode(conceal(found.outputs, like)),
        )

    @answers_plainly
    def Update(self, request: provider_pb2.UpdateRequest, context: Any) -> provider_pb2.UpdateResponse:
        """Change a resource in place, or at preview say what will be known of it."""
        kind = self.provider.kind(_type_of(request.urn))
        olds, news = reveal(decode(request.old_inputs)), decode(request.news)
        if request.preview:
            outputs = kind.preview(reveal(news), reveal(decode(request.olds)))
        else:
            known = _known(reveal(news), request.urn)
            outputs = self.life.update(kind, _named(request), request.id, olds, known)
        return provider_pb2.UpdateResponse(properties=encode(conceal(outputs, news)))

    @answers_plainly
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        """Remove a resource; already gone is success."""
        kind = self.provider.kind(_type_of(request.urn))
        self.life.delete(kind, request.urn, request.id, reveal(decode(request.properties)))
        return empty_pb2.Empty()

    @answers_plainly
    def Construct(
        self, request: provider_pb2.ConstructRequest, context: Any
    ) -> provider_pb2.ConstructResponse:
        """Register a remote component's resources."""
        return self.provider.construct(request)


def _type_of(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _named(request: Any, seed: bytes = b"") -> Named:
    return Named(request.urn, request.name or request.urn.split("::", 3)[3], seed)


def _known(inputs: Properties, urn: str) -> Properties:
    if has_unknown(inputs):
        raise ValueError(f"the engine asked to make {urn} with values that are still unknown")
    return inputs


def _ignored(change: Change, path: str) -> bool:
    return change.text == path or change.text.startswith((f"{path}.", f"{path}["))


def _failures(found: Sequence[tuple[str, str]]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in found]


def _diff_response(
    found: Sequence[Change], replaces: Callable[[Change], bool], *, delete_first: bool
) -> provider_pb2.DiffResponse:
    response = provider_pb2.DiffResponse(hasDetailedDiff=True)
    response.changes = provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE
    for change in found:
        top, replacing = str(change.path[0]), replaces(change)
        kind = f"{change.kind.value}_REPLACE" if replacing else change.kind.value
        response.detailedDiff[change.text].CopyFrom(
            provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True)
        )
        if top not in response.diffs:
            response.diffs.append(top)
        if replacing and top not in response.replaces:
            response.replaces.append(top)
    response.deleteBeforeReplace = delete_first and bool(response.replaces)
    return response
