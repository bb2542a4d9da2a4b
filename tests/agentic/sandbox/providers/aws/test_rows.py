"""Proves (moto; the types named in `own.own_store_types()`: our store): every row makes, reads, changes, removes.

A row without an example fails here: add one to `examples.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from agentic.sandbox.providers.aws.table import rows
from agentic.sandbox.providers.changes import changes
from agentic.sandbox.providers.kinds import ResourceError
from tests.agentic.sandbox.providers.aws.examples import EXAMPLES, Example
from tests.agentic.sandbox.providers.aws.scene import Scene

# Left behind with their VPC, as in AWS.
NEVER_GONE = frozenset(["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"])
# Without delete call: AWS has none either; what was set stays until the bucket goes.
NO_DELETION = frozenset(["aws:s3/bucketVersioning:BucketVersioning"])


@dataclass(frozen=True)
class Made:
    """A thing made from its example."""

    type: str
    id: str
    inputs: dict[str, Any]


def _example(token: str) -> Example:
    assert token in EXAMPLES, f"{token} has a row and no example inputs; add them to examples.py"
    return EXAMPLES[token]


def _drift(scene: Scene, made: Made, said: dict[str, Any]) -> list[str]:
    found = scene.see(made.type, made.id, said)
    return [change.text for change in changes(said, found.inputs)]


def _stated(token: str, scene: Scene, base: dict[str, Any]) -> dict[str, Any]:
    then = _example(token).then(scene)
    return {key: value for key, value in {**base, **then}.items() if value is not None}


@pytest.mark.parametrize("token", sorted(rows()))
def test_a_row_makes_a_thing_reads_it_back_changes_it_in_place_and_removes_it_twice(
    scene: Scene, token: str
) -> None:
    kind, named = scene.kind(token), scene.named(token, "example")
    said = dict(_example(token).says(scene))
    inputs = scene.checked(token, "example", said)
    made = Made(token, kind.create(named, inputs), inputs)
    assert _drift(scene, made, inputs) == []
    assert kind.row.outputs.keys() <= {*_flat(scene.see(token, made.id, inputs).outputs)}

    after = scene.checked(token, "example", {**said, **_names(inputs), **_stated(token, scene, said)})
    if after != inputs:
        assert [c.text for c in changes(inputs, after, unordered=True) if kind.replaces(c)] == []
        kind.update(named, made.id, inputs, after)
        assert _drift(scene, made, after) == []

    outputs = scene.see(token, made.id, after).outputs
    kind.delete(made.id, outputs)
    if token not in NEVER_GONE | NO_DELETION:
        assert kind.read(made.id, after) is None
    kind.delete(made.id, outputs)


def _names(inputs: dict[str, Any]) -> dict[str, Any]:
    """A made-up name stays over an update."""
    return {key: inputs[key] for key in inputs.get("__defaults", [])}


def _flat(outputs: dict[str, Any], under: str = "") -> list[str]:
    return [
        name
        for key, value in outputs.items()
        for name in (f"{under}{key}", *(_flat(value, f"{under}{key}.") if isinstance(value, dict) else ()))
    ]


def test_every_example_is_of_a_row() -> None:
    assert set(EXAMPLES) <= set(rows())


@pytest.mark.parametrize("token", sorted(t for t, row in rows().items() if row.settable or row.tags))
def test_a_row_with_something_to_change_in_place_has_an_example_of_a_change(scene: Scene, token: str) -> None:
    row, then = rows()[token], _example(token).then(scene)
    assert not row.settable or row.settable & set(then), "the example changes no setting of the row"
    assert row.tags is None or "tags" in then, "the example changes no tags"


@pytest.mark.parametrize("token", sorted(t for t, row in rows().items() if row.natural or row.search))
def test_what_an_interrupted_creation_left_is_found_without_its_id(scene: Scene, token: str) -> None:
    kind, named = scene.kind(token), scene.named(token, "interrupted")
    inputs = scene.checked(token, "interrupted", _example(token).says(scene))
    if token not in NO_DELETION:
        assert kind.find(named, inputs) == []
    identity = kind.create(named, inputs)
    assert kind.find(named, inputs) == [identity]
    kind.delete(identity, scene.see(token, identity, inputs).outputs)


DOCUMENTS = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}


@pytest.mark.parametrize("token", DOCUMENTS)
def test_a_document_is_no_drift_for_its_key_order_and_drift_for_its_meaning(scene: Scene, token: str) -> None:
    key = DOCUMENTS[token]
    kind, named = scene.kind(token), scene.named(token, "document")
    inputs = scene.checked(token, "document", _example(token).says(scene))
    made = Made(token, kind.create(named, inputs), inputs)
    reordered = json.dumps(_reversed(json.loads(inputs[key])))
    assert reordered != inputs[key]
    assert _drift(scene, made, {**inputs, key: reordered}) == []
    assert _drift(scene, made, {**inputs, key: inputs[key].replace("Allow", "Deny")}) == [key]
    kind.delete(made.id, scene.see(token, made.id, inputs).outputs)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def test_what_somebody_changed_behind_the_program_is_drift(scene: Scene) -> None:
    token = "aws:ec2/vpc:Vpc"
    inputs = scene.checked(token, "touched", {"cidrBlock": "10.201.0.0/16", "tags": {"Name": "a"}})
    made = Made(token, scene.kind(token).create(scene.named(token, "touched"), inputs), inputs)
    ec2 = scene.kind(token)._aws.client("ec2")
    ec2.create_tags(Resources=[made.id], Tags=[{"Key": "Name", "Value": "b"}, {"Key": "new", "Value": "1"}])
    assert _drift(scene, made, inputs) == ["tags.Name", "tags.new", "tagsAll.Name", "tagsAll.new"]


def test_a_thing_removed_behind_the_program_is_gone(scene: Scene) -> None:
    token = "aws:sqs/queue:Queue"
    identity = scene.make(token, "vanishing")
    scene.kind(token)._aws.client("sqs").delete_queue(QueueUrl=identity)
    assert scene.kind(token).read(identity, None) is None


def test_an_input_that_no_part_of_the_row_handles_is_refused_by_name_and_never_dropped(scene: Scene) -> None:
    token = "aws:ec2/eip:Eip"
    _, failures = scene.kind(token).check(scene.named(token, "x"), {}, {"domain": "vpc", "colour": "red"})
    assert failures == [
        ("colour", "the sandbox's row for aws:ec2/eip:Eip does not handle it; add it in aws/table")
    ]


def test_a_made_up_name_is_the_same_on_every_run_and_stays_over_updates(scene: Scene) -> None:
    token = "aws:iam/role:Role"
    first, again = (scene.checked(token, "named", {"assumeRolePolicy": "{}"}) for _ in range(2))
    assert first["name"] == again["name"]
    assert first["name"].startswith("named-")
    kept, _ = scene.kind(token).check(scene.named(token, "renamed"), first, {"assumeRolePolicy": "{}"})
    assert kept["name"] == first["name"]


def test_a_refusal_has_the_code_of_aws_and_names_its_call(scene: Scene) -> None:
    with pytest.raises(ResourceError, match=r"^InvalidVpcID\.NotFound: .*vpc-none.* \(ec2\.describe_vpcs\)$"):
        scene.kind("aws:ec2/vpc:Vpc")._aws.call("ec2", "describe_vpcs", {"VpcIds": ["vpc-none"]})
