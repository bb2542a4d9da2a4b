from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.model import Plan, Resource


@pytest.fixture(scope="session")
def resource() -> Callable[..., Resource]:
    """`resource("aws:ec2/vpc:Vpc", "network", cidrBlock="...")`: one resource, its inputs by keyword."""

    def make(type_token: str, name: str, /, *, inside: str = "", **inputs: Any) -> Resource:
        extra = {key: inputs.pop(f"_{key}") for key in _FIELDS if f"_{key}" in inputs}
        chain = f"{inside}$" if inside else ""
        extra.setdefault("urn", f"urn:pulumi:dev::agentic-platform::{chain}{type_token}::{name}")
        return Resource(type=type_token, name=name, inputs=inputs, **extra)

    return make


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., Plan]:
    """`plan_of(resource, resource)`: a plan of these."""

    def make(*resources: Resource, outputs: dict[str, Any] | None = None, stack: str = "dev") -> Plan:
        return Plan(
            project="agentic-platform",
            stack=stack,
            resources=tuple(sorted(resources, key=lambda found: found.urn)),
            outputs=outputs or {},
        )

    return make


_FIELDS = (
    "urn",
    "parent",
    "provider",
    "custom",
    "remote",
    "dependencies",
    "property_dependencies",
    "options",
    "secrets",
    "unknowns",
    "expanded",
)
