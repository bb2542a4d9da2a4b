"""The floor: the registrations of a plan made again through the SDK, under a monitor that only answers.

Everything is as a user of the SDK gets it: its own event loop and thread pool, the collector running.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi import _types  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime import rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_in_stack

from agentic.plan.model import Plan, Resource
from agentic.plan.monitor import FEATURES
from agentic.plan.order import creation_order
from agentic.plan.runtime import process_defaults_kept
from agentic.plan.urns import make_urn
from agentic.plan.wire import RESOURCE_KEY

Maker = Callable[[Resource, dict[str, Any], pulumi.ResourceOptions], pulumi.Resource]


class AnsweringMonitor:
    """Answers every registration with a URN, an id and its own inputs, and keeps nothing."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def GetDeploymentInfo(self, _request: Any) -> resource_pb2.DeploymentInfo:  # noqa: N802
        """Say what the capture's monitor says."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def RegisterResource(self, request: Any) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        """Echo; a remote component answers with outputs of its own, which are none of its inputs."""
        urn = make_urn(self._plan.stack, self._plan.project, request.parent, request.type, request.name)
        answer = None if request.remote else request.object
        return resource_pb2.RegisterResourceResponse(urn=urn, id=request.name, object=answer)

    def RegisterResourceOutputs(self, _request: Any) -> empty_pb2.Empty:  # noqa: N802
        """Nothing to keep."""
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, _request: Any) -> empty_pb2.Empty:  # noqa: N802
        """Nothing to wait for."""
        return empty_pb2.Empty()


def generated(resource: Resource, inputs: dict[str, Any], opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Register through the class the SDK generates for the type."""
    if resource.type.startswith("pulumi:providers:"):
        return pulumi.ProviderResource(resource.type.rpartition(":")[2], resource.name, inputs, opts)
    if not (resource.custom or resource.remote):
        return pulumi.ComponentResource(resource.type, resource.name, None, opts)
    made_by = _class_of(resource.type)
    if made_by is None:
        if not set(inputs) <= set(_CUSTOM_RESOURCE):  # the generated class has room for these only
            return bare(resource, inputs, opts)
        custom: Any = import_module("pulumi_kubernetes.apiextensions").CustomResource
        named = {python: inputs[key] for key, python in _CUSTOM_RESOURCE.items() if key in inputs}
        return custom(resource.name, **named, opts=opts)
    names: dict[str, str] = _types.resource_pulumi_to_py_names(made_by)
    named = {names.get(key) or _SNAKE.sub("_", key).lower(): value for key, value in inputs.items()}
    return made_by(resource.name, **named, opts=opts)


def bare(resource: Resource, inputs: dict[str, Any], opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Register through the SDK's base classes, without a generated class."""
    if resource.type.startswith("pulumi:providers:"):
        return pulumi.ProviderResource(resource.type.rpartition(":")[2], resource.name, inputs, opts)
    if not resource.custom:
        return pulumi.ComponentResource(resource.type, resource.name, inputs, opts, resource.remote)
    return pulumi.CustomResource(resource.type, resource.name, inputs, opts)


def replay(plan: Plan, make: Maker) -> None:
    """Make every registration of the plan once, in dependency order."""
    order = [plan.by_urn(urn) for urn in creation_order(plan)]

    def program() -> None:
        made: dict[str, Any] = {}
        for resource in order:
            made[resource.urn] = make(resource, _inputs(resource, made), _options(resource, made))

    with process_defaults_kept():
        contextvars.copy_context().run(_run, plan, program)


def _run(plan: Plan, program: Callable[[], None]) -> None:
    settings.reset_options(project=plan.project, stack=plan.stack, preview=True, organization="organization")
    ambient: Any = settings.SETTINGS  # the SDK types its context properties as their descriptors
    ambient.monitor = AnsweringMonitor(plan)
    asyncio.run(run_in_stack(program))


_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CUSTOM_RESOURCE = {"apiVersion": "api_version", "kind": "kind", "metadata": "metadata", "spec": "spec"}


def _class_of(type_token: str) -> Any:
    """The generated class of a type, out of the registry its package fills when it is imported."""
    package, module = type_token.split(":")[:2]
    import_module(f"pulumi_{package}")
    for found in rpc._RESOURCE_MODULES.get(f"{package}:{module}", ()):  # pyright: ignore[reportPrivateUsage]
        info: dict[str, Any] = vars(found)["mod_info"]
        if type_token in info["classes"]:
            return getattr(import_module(info["fqn"]), info["classes"][type_token])
    return None


def _inputs(resource: Resource, made: dict[str, Any]) -> dict[str, Any]:
    return {
        key: made[value[RESOURCE_KEY]] if isinstance(value, dict) and RESOURCE_KEY in value else value
        for key, value in resource.inputs.items()
    }


def _options(resource: Resource, made: dict[str, Any]) -> pulumi.ResourceOptions:
    providers: dict[str, str] = resource.options.get("providers") or {}
    # The SDK records the one among the many as well, and takes it from there; given twice it is a conflict.
    own = "" if resource.provider in providers.values() else resource.provider
    return pulumi.ResourceOptions(
        parent=made.get(resource.parent),
        provider=made.get(own),
        providers=[made[urn] for urn in providers.values()] or None,
        depends_on=[made[urn] for urn in resource.dependencies],
        ignore_changes=resource.options.get("ignore_changes"),
        protect=resource.options.get("protect"),
        retain_on_delete=resource.options.get("retain_on_delete"),
    )
