"""A real API server where its programs are built, and plans of a few objects to take to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentic.crds.directory import FETCHED, Definition, find
from agentic.crds.provide import provide
from agentic.plan.model import Plan, Resource
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.client import Refused
from agentic.rehearsal.objects import Ref
from agentic.rehearsal.tools import Tools
from tests.absence import absent, is_required

ROOT = Path(__file__).parents[3]


Manifest = dict[str, Any]
PlanOf = Callable[..., Plan]


@pytest.fixture(scope="session")
def server(programs: Tools) -> Iterator[ApiServer]:
    """One server for all tests of a worker: each uses namespaces of its own."""
    with ApiServer(programs) as running:
        yield running


@pytest.fixture(scope="session")
def node_classes() -> list[Definition]:
    """Karpenter's own definition of its EC2NodeClass, fetched where that has to be; skips where it is absent."""
    wanted = {("karpenter.k8s.aws/v1", "EC2NodeClass")}
    found = provide(ROOT, None, wanted, print) if is_required() else find([ROOT / FETCHED], wanted)
    if not found:
        absent("no definitions: they are fetched by `make rehearse`")
    return found


@pytest.fixture
def plan_of() -> PlanOf:
    """`plan_of(manifest, ...)`: a plan of these objects, created in this order."""
    return _plan_of


@pytest.fixture
def refusal() -> Callable[[Callable[[], object]], str]:
    """`refusal(lambda: ...)`: the server's words."""

    def words(call: Callable[[], object]) -> str:
        with pytest.raises(Refused) as refused:
            call()
        return refused.value.message

    return words


def _plan_of(*objects: Manifest, types: dict[int, str] | None = None, stack: str = "test") -> Plan:
    resources: list[Resource] = []
    for index, manifest in enumerate(objects):
        ref = Ref.of(manifest)
        token = (types or {}).get(index) or f"kubernetes:{ref.api_version}:{ref.kind}"
        name = f"{index}-{ref.name or 'release'}"
        resources.append(
            Resource(
                urn=f"urn:pulumi:{stack}::agentic-platform::{token}::{name}",
                type=token,
                name=name,
                inputs=json.loads(json.dumps(manifest)),
                dependencies=[resources[-1].urn] if resources else [],
            )
        )
    return Plan(
        project="agentic-platform", stack=stack, resources=tuple(sorted(resources, key=lambda r: r.urn))
    )
