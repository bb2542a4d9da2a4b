"""A manifest component is recorded as one opaque thing: what its address holds is not fetched."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.components import Component
from agentic.sandbox.providers.kinds import Named, Properties, ResourceError
from agentic.sandbox.providers.kubernetes.kind import ObjectKind
from agentic.sandbox.providers.wire import reveal

TOKEN = "kubernetes:sandbox/v1:Manifest"  # noqa: S105 - a type token
COMPONENTS = ("kubernetes:yaml/v2:ConfigFile", "kubernetes:yaml/v2:ConfigGroup")


class ManifestKind(ObjectKind):
    """The `ResourceKind` of the one child that a manifest component gets here."""

    def check(self, named: Named, olds: Any, news: Properties) -> tuple[Properties, list[tuple[str, str]]]:
        """Take the addresses as they are."""
        return {"apiVersion": self._api_version, "kind": self._kind, **news}, []


def construct(request: Any) -> Any:
    """Register the component with one child that stands for all objects of its files."""
    if request.type not in COMPONENTS:
        raise ResourceError("UnknownType", f"the sandbox does not know the component {request.type}")
    component = Component.asked(request)
    inputs = reveal(dict(component.inputs))
    files = [inputs["file"]] if inputs.get("file") else list(inputs.get("files") or [])
    itself = component.register()
    child = component.child(
        itself,
        TOKEN,
        f"{request.name}-manifest",
        {
            "metadata": {"name": request.name},
            "files": files,
            "yaml": inputs.get("yaml"),
            "objs": inputs.get("objs"),
        },
        dependencies={"files": [urn for deps in request.inputDependencies.values() for urn in deps.urns]},
    )
    return component.finish(itself, {"resources": []}, [child.urn])
