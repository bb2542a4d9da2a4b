from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan import files
from agentic.plan.errors import PlanError
from agentic.plan.model import Plan, Resource

TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
RESOURCES = st.builds(
    Resource,
    urn=TEXTS,
    type=TEXTS,
    name=TEXTS,
    parent=TEXTS,
    provider=TEXTS,
    custom=st.booleans(),
    remote=st.booleans(),
    inputs=st.dictionaries(TEXTS, VALUES, max_size=3),
    dependencies=st.lists(TEXTS, max_size=2),
    property_dependencies=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=2),
    options=st.dictionaries(TEXTS, VALUES, max_size=2),
    secrets=st.lists(TEXTS, max_size=2),
    unknowns=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=2),
    expanded=st.booleans(),
)
PLANS = st.builds(
    lambda found, outputs: Plan(
        project="p",
        stack="s",
        resources=tuple(sorted(found, key=lambda resource: resource.urn)),
        outputs=outputs,
    ),
    st.lists(RESOURCES, max_size=4, unique_by=lambda resource: resource.urn),
    st.dictionaries(TEXTS, VALUES, max_size=2),
)


@pytest.fixture
def one(resource: Callable[..., Resource], plan_of: Callable[..., Plan]) -> Plan:
    return plan_of(resource("aws:ec2/vpc:Vpc", "v", cidrBlock="10.0.0.0/16"), outputs={"id": "x"})


def document(plan: Plan, **changes: Any) -> str:
    return json.dumps({**json.loads(files.to_json(plan)), **changes})


@given(PLANS)
def test_a_plan_read_back_is_the_plan_that_was_written(plan: Plan) -> None:
    text = files.to_json(plan)
    again = files.from_json(text, "plan.json")
    assert again == plan
    assert files.to_json(again) == text


def test_one_resource_stands_on_one_line_without_defaults(one: Plan) -> None:
    urn = "urn:pulumi:dev::agentic-platform::aws:ec2/vpc:Vpc::v"
    assert files.to_json(one).splitlines() == [
        "{",
        '"format":"agentic-platform/plan",',
        '"version":1,',
        '"project":"agentic-platform",',
        '"stack":"dev",',
        '"outputs":{"id":"x"},',
        '"resources":[',
        f'{{"inputs":{{"cidrBlock":"10.0.0.0/16"}},"name":"v","type":"aws:ec2/vpc:Vpc","urn":"{urn}"}}',
        "]",
        "}",
    ]


def test_the_order_of_a_file_does_not_matter(
    resource: Callable[..., Resource], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(resource("a:b:C", "one"), resource("a:b:C", "two"))
    turned = json.loads(files.to_json(plan))
    turned["resources"].reverse()
    assert files.from_json(json.dumps(turned), "p") == plan


def test_every_way_to_cut_a_file_short_is_refused(one: Plan) -> None:
    text = files.to_json(one).rstrip()
    for length in range(len(text)):
        with pytest.raises(
            PlanError, match=r"plan.json.*: it is cut short or is no JSON\n  remedy: capture it again"
        ):
            files.from_json(text[:length], "plan.json")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "terraform"}, "plan.json: it is no plan: `format` is not 'agentic-platform/plan'"),
        ({"version": 2}, "plan.json: it is of version 2, and this command reads version 1"),
        ({"version": "1"}, "plan.json: it is of version '1', and this command reads version 1"),
        ({"version": True}, "plan.json: it is of version True, and this command reads version 1"),
        ({"project": 3}, "plan.json: project: it is not text"),
        ({"stack": None}, "plan.json: stack: it is not text"),
        ({"outputs": []}, "plan.json: outputs: it is not an object"),
        ({"resources": {}}, "plan.json: resources: it is not a list"),
        ({"resources": [3]}, "plan.json: resources[0]: it is not an object"),
        ({"resources": [{"urn": "u", "type": "t"}]}, "plan.json: resources[0].name: it is missing"),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n", "custom": 1}]},
            "plan.json: resources[0].custom: it is not true or false",
        ),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n", "colour": "red"}]},
            "plan.json: resources[0].colour: no such field",
        ),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n", "dependencies": ["a", 2]}]},
            "plan.json: resources[0].dependencies[1]: it is not text",
        ),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n", "unknowns": {"id": "a"}}]},
            "plan.json: resources[0].unknowns.id: it is not a list",
        ),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n", "options": {"protect": "yes"}}]},
            "plan.json: resources[0].options.protect: it is not true or false",
        ),
        (
            {"resources": [{"urn": "u", "type": "t", "name": "n"}] * 2},
            "plan.json: resources[1]: a second u",
        ),
    ],
)
def test_a_file_that_is_not_what_was_written_is_refused(
    one: Plan, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(PlanError) as fault:
        files.from_json(document(one, **changes), "plan.json")
    assert str(fault.value) == f"{said}\n  remedy: capture it again: agentic plan <env> --out plan.json"


def test_a_list_is_no_plan() -> None:
    with pytest.raises(PlanError, match=r"plan.json: it is not an object"):
        files.from_json("[]", "plan.json")


def test_saving_replaces_the_whole_file_and_leaves_nothing_beside_it(one: Plan, tmp_path: Path) -> None:
    path = tmp_path / "new" / "plan.json"
    files.save(one, path)
    files.save(one, path)
    assert files.load(path) == one
    assert [file.name for file in path.parent.iterdir()] == ["plan.json"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_failing_write_keeps_the_old_file(
    one: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PlanError, match="it cannot be written: No space left on device"):
        files.save(one, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]


def test_a_directory_that_cannot_be_made_is_said(one: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlanError, match="it cannot be written: "):
        files.save(one, tmp_path / "file" / "plan.json")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="it cannot be read: No such file or directory"):
        files.load(tmp_path / "plan.json")


def test_a_file_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b"\xff\xfe")
    with pytest.raises(PlanError, match="it is not UTF-8"):
        files.load(tmp_path / "plan.json")
