"""Proves (moto): whatever a row can leave behind, the inventory of the sandbox lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentic.sandbox.inventory import take
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.aws.own import own_store_types
from agentic.sandbox.providers.aws.table import rows
from tests.agentic.sandbox.providers.aws.examples import EXAMPLES
from tests.agentic.sandbox.providers.aws.scene import REGION, Scene

# Settings of another thing, or a link between two: they have no listing of their own and go with it.
PARTS = frozenset(
    [
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:cognito/userGroup:UserGroup",
        "aws:cognito/userPoolClient:UserPoolClient",
        "aws:cognito/userPoolDomain:UserPoolDomain",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:ec2/tag:Tag",
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ]
)
# Where the inventory shows not the whole id.
SHOWN: dict[str, Callable[[str], str]] = {
    "aws:eks/nodeGroup:NodeGroup": lambda identity: identity.replace(":", "/"),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": lambda arn: arn.rpartition("/")[2],
    "aws:secretsmanager/secret:Secret": lambda arn: arn.rpartition(":")[2].rpartition("-")[0],
}
# What our own store keeps, the inventory reads there, kind by kind and whatever they are.
LISTED = sorted(set(rows()) - PARTS - set(own_store_types()))


@pytest.fixture(scope="module")
def listed(scene: Scene, moto: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """What was made, by type, and the lines of an inventory that was taken meanwhile."""
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    for token in LISTED:
        inputs = scene.checked(token, "listed", EXAMPLES[token].says(scene))
        made[token] = scene.kind(token).create(scene.named(token, "listed"), inputs), inputs
    lines = take(Layout(tmp_path_factory.mktemp("listed"), "test"), moto, REGION).lines()
    for token, (identity, inputs) in reversed(made.items()):
        scene.kind(token).delete(identity, scene.see(token, identity, inputs).outputs)
    return {token: identity for token, (identity, _) in made.items()}, "\n".join(lines)


@pytest.mark.parametrize("token", LISTED)
def test_a_thing_that_a_row_makes_is_listed(listed: tuple[dict[str, str], str], token: str) -> None:
    made, lines = listed
    shown = SHOWN.get(token, lambda identity: identity)(made[token])
    assert shown in lines, f"{token} {shown} is made and not in the inventory: add it to inventory.LISTINGS"


def test_no_listing_is_refused(listed: tuple[dict[str, str], str]) -> None:
    assert "cannot be listed" not in listed[1]


def test_a_key_that_aws_makes_for_itself_is_not_listed(scene: Scene, moto: str, tmp_path: Path) -> None:
    layout = Layout(tmp_path, "test")
    before = take(layout, moto, REGION).things.get("key", ())
    # A database whose password AWS keeps: the secret is under `alias/aws/secretsmanager`, made with the first of them.
    token = "aws:rds/instance:Instance"
    inputs = scene.checked(token, "keyed", {**EXAMPLES[token].says(scene), "identifier": "keyed"})
    identity = scene.kind(token).create(scene.named(token, "keyed"), inputs)
    found = take(layout, moto, REGION)
    scene.kind(token).delete(identity, scene.see(token, identity, inputs).outputs)
    assert found.things["secret"] != ()
    assert found.things.get("key", ()) == before


def test_every_part_has_a_row() -> None:
    assert set(rows()) >= PARTS
