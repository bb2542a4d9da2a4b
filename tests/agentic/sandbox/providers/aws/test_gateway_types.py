"""What the gateway's parts say to AWS, taken to the rows: handled, made, seen again without drift, removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.sandbox.providers.aws.table import rows
from agentic.sandbox.providers.changes import changes
from components.core.aws import Place
from components.edge.edge import Edge, EdgeArgs
from components.edge.spec import EdgeSpec
from components.identity_provider.cognito import Cognito, CognitoArgs
from components.identity_provider.spec import CognitoSpec
from tests.agentic.sandbox.providers.aws.scene import ACCOUNT, REGION, Scene

PLACE = Place(
    account_id=ACCOUNT,
    partition="aws",
    region=REGION,
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
EDGE = EdgeSpec(
    enabled=True,
    host="ai.example.com",
    certificate_arn=f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0123abcd-0000-0000-0000-000000000000",
    prefix_list_id="pl-3b927c52",
)


def _cognito() -> None:
    Cognito(
        "identity",
        CognitoArgs(
            place=PLACE, spec=CognitoSpec(), tenants={"tenant-a": ()}, login_host="login.example.com"
        ),
    )


def _edge() -> None:
    Edge(
        "edge",
        EdgeArgs(
            place=PLACE,
            spec=EDGE,
            origin="origin.example.com",
            allowed_origins=["https://app.example.com", "https://other.example.com"],
        ),
    )


@pytest.mark.parametrize("program", [_cognito, _edge])
def test_a_part_of_the_gateway_is_made_and_seen_again_without_drift(
    capture: Capture, scene: Scene, program: Callable[[], None]
) -> None:
    plan = capture(program)
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    asked = [one for one in plan.resources if one.custom and one.type.startswith("aws:")]
    # Pools and access lists before what refers to them.
    for one in sorted(asked, key=lambda one: len(plan.graph()[one.urn])):
        assert one.type in rows()
        known = {
            f"@{{{plan.by_urn(urn).type}::{plan.by_urn(urn).name}.id}}": ids[0] for urn, ids in made.items()
        }
        inputs = scene.checked(one.type, one.name, _with(one.inputs, known))
        kind = scene.kind(one.type)
        identity = kind.create(scene.named(one.type, one.name), inputs)
        made[one.urn] = (identity, inputs)
        found = scene.see(one.type, identity, inputs)
        assert [change.text for change in changes(inputs, found.inputs)] == [], one.name
    for urn, (identity, inputs) in reversed(made.items()):
        token = plan.by_urn(urn).type
        scene.kind(token).delete(identity, scene.see(token, identity, inputs).outputs)


def _with(inputs: Any, known: dict[str, str]) -> dict[str, Any]:
    """The inputs with ids in place of references; an ARN that is not known stays as text."""
    text = json.dumps(inputs)
    for reference, identity in known.items():
        text = text.replace(reference, identity)
    return json.loads(text)
