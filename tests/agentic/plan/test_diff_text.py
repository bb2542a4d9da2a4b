from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from agentic.plan import diff_text
from agentic.plan.delta import Delta
from agentic.plan.diff import diff
from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

VPC, SUBNET, DATABASE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:rds/instance:Instance"


@pytest.fixture
def delta(resource: Make, plan_of: PlanOf) -> Delta:
    vpc = resource(VPC, "network", cidrBlock="10.0.0.0/16", _options={"protect": True})
    waits = {"_unknowns": {"vpcId": [f"{VPC}::network.id"]}}
    subnet = resource(SUBNET, "a", vpcId=f"@{{{VPC}::network.id}}", **waits)
    database = resource(DATABASE, "db", identifier="old", password="[secret]")
    key = resource("aws:kms/key:Key", "old-key", _options={"retain_on_delete": True})
    role = resource("aws:iam/role:Role", "r", tags={"a": "1"})
    return diff(
        plan_of(vpc, subnet, database, key, role, outputs={"vpc": "a"}),
        plan_of(
            replace(vpc, inputs={"cidrBlock": "10.1.0.0/16"}),
            subnet,
            replace(database, inputs={"identifier": "new", "password": "[secret]"}),
            replace(role, inputs={"tags": {}}),
            resource("aws:iam/role:Role", "new"),
            outputs={"vpc": "b"},
        ),
    )


def test_the_text_tells_operations_paths_and_values_by_group(delta: Delta) -> None:
    assert diff_text.as_text(delta) == (
        "agentic-platform/dev -> agentic-platform/dev\n"
        "1 to create, 2 to update, 2 to replace, 1 to delete, 0 unchanged\n"
        "\n"
        "data-bearing (2)\n"
        "  -  delete aws:kms/key:Key old-key\n"
        "       retained: it leaves the state and stays in the cloud\n"
        "  ~  update (replacement unknown) aws:rds/instance:Instance db\n"
        '       identifier: "old" -> "new"\n'
        "\n"
        "cluster identity (2)\n"
        "  +- replace aws:ec2/subnet:Subnet a\n"
        "       vpcId: follows the replacement of network  (replaces)\n"
        "  +- replace aws:ec2/vpc:Vpc network\n"
        "       protected: the engine refuses this until protection is taken off in an update of its own\n"
        '       cidrBlock: "10.0.0.0/16" -> "10.1.0.0/16"  (replaces: pulumi-aws 7.51.1)\n'
        "\n"
        "other (2)\n"
        "  ~  update aws:iam/role:Role r\n"
        '       tags.a: "1" -> (absent)\n'
        "  +  create aws:iam/role:Role new\n"
        "\n"
        "stack outputs\n"
        '  ~  vpc: "a" -> "b"\n'
    )


def test_nothing_to_do_is_one_line(plan_of: PlanOf, resource: Make) -> None:
    plan = plan_of(resource(VPC, "v"))
    assert diff_text.as_text(diff(plan, plan)).splitlines()[1] == "no change, 1 unchanged"


def test_markdown_is_a_table_of_groups_in_fences(delta: Delta) -> None:
    text = diff_text.as_markdown(delta)
    assert text.startswith(
        "### Plan of `agentic-platform/dev`\n\n1 to create, 2 to update, 2 to replace, 1 to delete"
    )
    assert "<summary><b>data-bearing</b> (2)</summary>" in text
    assert "- delete aws:kms/key:Key old-key\n" in text
    assert "! replace aws:ec2/vpc:Vpc network\n" in text
    assert "+ create aws:iam/role:Role new\n" in text
    assert text.count("```") % 2 == 0


def test_a_value_cannot_break_out_of_its_fence(resource: Make, plan_of: PlanOf) -> None:
    evil = "```\n</details>\n@everyone <img src=x onerror=alert(1)>"
    name = "x\n```\n# owned"
    text = diff_text.as_markdown(
        diff(
            plan_of(resource(VPC, name, tags={"a": "1"}), outputs={"a": 1}),
            plan_of(resource(VPC, name, tags={"a": evil}), outputs={"a": evil}),
        )
    )
    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert fences == ["```diff", "```", "```diff", "```"]
    inside = text.split("```diff")[1].split("\n```")[0]
    assert "<img" in inside


def test_a_long_markdown_is_cut_and_says_by_how_much(resource: Make, plan_of: PlanOf) -> None:
    many = [resource(VPC, f"v{number:04d}", tags={"a": "x" * 100}) for number in range(3000)]
    roles = [resource("aws:iam/role:Role", f"r{number}") for number in range(5)]
    text = diff_text.as_markdown(diff(plan_of(), plan_of(*many, *roles)))
    assert len(text) < 65_536
    assert text.count("```") % 2 == 0
    assert text.count("<details") == text.count("</details>")
    assert "line(s) and 1 more group(s) not shown: `agentic diff` has all._" in text


def test_a_long_value_is_cut_in_text_and_whole_in_json(resource: Make, plan_of: PlanOf) -> None:
    delta = diff(plan_of(resource(VPC, "v", a="x")), plan_of(resource(VPC, "v", a="y" * 500)))
    assert "... (502 characters)" in diff_text.as_text(delta)
    assert "y" * 500 in diff_text.as_json(delta)


def test_json_holds_every_change_as_data(delta: Delta) -> None:
    document = json.loads(diff_text.as_json(delta))
    assert (document["format"], document["version"]) == ("agentic-platform/delta", 1)
    assert document["counts"] == {
        "create": 1,
        "delete": 1,
        "option": 0,
        "rename": 0,
        "replace": 2,
        "unchanged": 0,
        "update": 2,
    }
    subnet, vpc = document["groups"]["cluster identity"]
    assert vpc["properties"] == [{"path": "cidrBlock", "old": "10.0.0.0/16", "new": "10.1.0.0/16"}]
    assert (vpc["operation"], vpc["replacement"], vpc["forcing"]) == ("replace", "yes", ["cidrBlock"])
    assert subnet["carried"][0]["path"] == "vpcId"
    role = document["groups"]["other"][0]
    assert role["properties"] == [{"path": "tags.a", "old": "1"}]
    assert document["outputs"] == [{"path": "vpc", "old": "a", "new": "b"}]


@pytest.mark.parametrize("form", sorted(diff_text.RENDERERS))
def test_every_form_is_byte_stable_and_ends_its_last_line(form: str, delta: Delta) -> None:
    text = diff_text.RENDERERS[form](delta)
    assert text == diff_text.RENDERERS[form](delta)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_rename_says_where_it_was(resource: Make, plan_of: PlanOf) -> None:
    old = resource(VPC, "old")
    new = resource(VPC, "new", _options={"aliases": [old.urn]})
    assert diff_text.as_text(diff(plan_of(old), plan_of(new))).splitlines()[1:] == [
        "1 renamed in the state, 0 unchanged",
        "",
        "cluster identity (1)",
        f"  =  rename {VPC} new",
        f"       was {old.urn}",
    ]
