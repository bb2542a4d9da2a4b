from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.blast import Blast
from agentic.plan.changes import ABSENT
from agentic.plan.delta import Delta, Operation, ResourceChange
from agentic.plan.diff import diff
from agentic.plan.model import Plan, Resource
from agentic.plan.replacements import Verdict

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

VPC, SUBNET, CLUSTER = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:eks/cluster:Cluster"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def only(delta: Delta) -> ResourceChange:
    assert len(delta.resources) == 1
    return delta.resources[0]


def told(change: ResourceChange) -> list[tuple[str, Any, Any]]:
    return [(item.path, item.old, item.new) for item in change.properties]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    names = draw(st.sets(st.sampled_from("abcdef"), max_size=5))
    kinds = st.sampled_from(
        [VPC, SUBNET, CLUSTER, "aws:redshift/cluster:Cluster", "kubernetes:core/v1:Service"]
    )
    inputs = st.dictionaries(
        st.sampled_from(["cidrBlock", "tags", "name", "spec"]),
        st.integers(0, 2) | st.dictionaries(st.sampled_from("xy"), st.integers(0, 2)),
    )
    resources = [
        Resource(
            urn=f"urn:pulumi:dev::p::{kind}::{name}",
            type=kind,
            name=name,
            inputs=draw(inputs),
            options={"protect": True} if draw(st.booleans()) else {},
            unknowns=draw(st.sampled_from([{}, {"tags": [f"{VPC}::a.id"]}, {"name": [f"{SUBNET}::b.id"]}])),
        )
        for name in sorted(names)
        for kind in draw(st.sets(kinds, min_size=1, max_size=2))
    ]
    return Plan(project="p", stack="dev", resources=tuple(sorted(resources, key=lambda r: r.urn)))


@given(plans())
def test_a_plan_does_not_differ_from_itself(plan: Plan) -> None:
    delta = diff(plan, plan)
    assert delta.is_empty
    assert delta.unchanged == len(plan)


@given(plans(), plans())
def test_the_way_back_creates_what_was_deleted(old: Plan, new: Plan) -> None:
    there, back = diff(old, new), diff(new, old)
    assert there.counts()["create"] == back.counts()["delete"]
    assert there.counts()["delete"] == back.counts()["create"]
    assert there.unchanged + len(there.resources) == back.unchanged + len(back.resources)


@given(plans(), plans())
def test_every_change_is_in_one_group_and_the_order_is_stable(old: Plan, new: Plan) -> None:
    delta = diff(old, new)
    grouped = [change for members in delta.groups().values() for change in members]
    assert grouped == list(delta.resources)
    assert sum(delta.counts().values()) == len(delta.resources)
    assert diff(old, new) == delta


def test_what_is_new_is_created_and_what_is_gone_is_deleted(resource: Make, plan_of: PlanOf) -> None:
    delta = diff(plan_of(resource(VPC, "old")), plan_of(resource(VPC, "new")))
    assert [(change.operation, change.name) for change in delta.resources] == [
        (Operation.DELETE, "old"),
        (Operation.CREATE, "new"),
    ]


def test_a_change_in_place_is_an_update_with_old_and_new(resource: Make, plan_of: PlanOf) -> None:
    change = only(
        diff(
            plan_of(resource(VPC, "v", cidrBlock="10.0.0.0/16", tags={"a": "1"})),
            plan_of(resource(VPC, "v", cidrBlock="10.0.0.0/16", tags={"a": "2", "b": "3"})),
        )
    )
    assert (change.operation, change.replacement) == (Operation.UPDATE, Verdict.NO)
    assert told(change) == [("tags.a", "1", "2"), ("tags.b", ABSENT, "3")]


def test_a_change_that_forces_replacement_names_the_property_and_the_source(
    resource: Make, plan_of: PlanOf
) -> None:
    old = resource(VPC, "v", cidrBlock="10.0.0.0/16", tags={"a": "1"})
    change = only(
        diff(plan_of(old), plan_of(replace(old, inputs={"cidrBlock": "10.1.0.0/16", "tags": {"a": "2"}})))
    )
    assert (change.operation, change.replacement) == (Operation.REPLACE, Verdict.YES)
    assert (change.forcing, change.source) == (("cidrBlock",), "pulumi-aws 7.51.1")


def test_a_type_without_a_row_is_an_update_whose_replacement_is_unknown(
    resource: Make, plan_of: PlanOf
) -> None:
    database = "aws:redshift/cluster:Cluster"
    change = only(diff(plan_of(resource(database, "d", a=1)), plan_of(resource(database, "d", a=2))))
    assert (change.operation, change.replacement) == (Operation.UPDATE, Verdict.UNKNOWN)


def test_the_program_may_ask_for_replacement(resource: Make, plan_of: PlanOf) -> None:
    options = {"replace_on_changes": ["tags.team"]}
    change = only(
        diff(
            plan_of(resource(VPC, "v", tags={"team": "a"}, _options=options)),
            plan_of(resource(VPC, "v", tags={"team": "b"}, _options=options)),
        )
    )
    assert (change.operation, change.forcing) == (Operation.REPLACE, ("tags.team",))


def test_ignored_properties_do_not_differ(resource: Make, plan_of: PlanOf) -> None:
    options = {"ignore_changes": ["tags"]}
    old = resource(VPC, "v", tags={"a": "1"}, _options=options)
    assert diff(plan_of(old), plan_of(replace(old, inputs={"tags": {"b": "2"}}))).is_empty


def test_replacement_is_carried_to_whatever_takes_in_the_new_identity(
    resource: Make, plan_of: PlanOf
) -> None:
    def stack(cidr: str) -> Plan:
        return plan_of(
            resource(VPC, "v", cidrBlock=cidr),
            resource(SUBNET, "s", vpcId=f"@{{{VPC}::v.id}}", _unknowns={"vpcId": [f"{VPC}::v.id"]}),
            resource(
                CLUSTER,
                "c",
                vpcConfig={"subnetIds": [f"@{{{SUBNET}::s.id}}"]},
                _unknowns={"vpcConfig.subnetIds[0]": [f"{SUBNET}::s.id"]},
            ),
            resource(VPC, "bystander", cidrBlock="10.9.0.0/16"),
        )

    delta = diff(stack("10.0.0.0/16"), stack("10.1.0.0/16"))
    found = {change.name: change for change in delta.resources}
    assert {name: change.operation for name, change in found.items()} == {
        "v": Operation.REPLACE,
        "s": Operation.REPLACE,
        "c": Operation.UPDATE,
    }
    assert found["s"].carried == (("vpcId", f"urn:pulumi:dev::agentic-platform::{VPC}::v"),)
    assert found["c"].carried[0][0] == "vpcConfig.subnetIds[0]"
    assert delta.unchanged == 1


def test_a_carried_replacement_is_not_taken_back_by_a_milder_path(resource: Make, plan_of: PlanOf) -> None:
    def stack(cidr: str) -> Plan:
        waits = {"securityGroupIds[0]": [f"{VPC}::v.id"], "vpcId": [f"{VPC}::v.id"], "zz": [f"{VPC}::v.id"]}
        return plan_of(
            resource(VPC, "v", cidrBlock=cidr),
            resource(ENDPOINT, "e", vpcId=f"@{{{VPC}::v.id}}", _unknowns=waits),
        )

    delta = diff(stack("10.0.0.0/16"), stack("10.1.0.0/16"))
    endpoint = next(change for change in delta.resources if change.name == "e")
    assert (endpoint.operation, endpoint.forcing) == (Operation.REPLACE, ("vpcId",))
    assert [path for path, _ in endpoint.carried] == ["securityGroupIds[0]", "vpcId", "zz"]


def test_an_ignored_property_stops_the_carrying(resource: Make, plan_of: PlanOf) -> None:
    def stack(cidr: str) -> Plan:
        return plan_of(
            resource(VPC, "v", cidrBlock=cidr),
            resource(
                SUBNET,
                "s",
                vpcId=f"@{{{VPC}::v.id}}",
                _unknowns={"vpcId": [f"{VPC}::v.id"]},
                _options={"ignore_changes": ["vpcId"]},
            ),
        )

    assert only(diff(stack("10.0.0.0/16"), stack("10.1.0.0/16"))).name == "v"


def test_a_name_with_dots_is_still_found_as_a_source(resource: Make, plan_of: PlanOf) -> None:
    def stack(cidr: str) -> Plan:
        waits = {"vpcId": [f"{VPC}::v.1.id"]}
        return plan_of(
            resource(VPC, "v.1", cidrBlock=cidr),
            resource(SUBNET, "s", vpcId=f"@{{{VPC}::v.1.id}}", _unknowns=waits),
        )

    assert len(diff(stack("10.0.0.0/16"), stack("10.1.0.0/16")).resources) == 2


def test_of_two_resources_of_one_name_the_one_depended_on_is_meant(resource: Make, plan_of: PlanOf) -> None:
    def stack(cidr: str) -> Plan:
        ours = resource(VPC, "v", inside="a:b:Ours", cidrBlock="10.8.0.0/16")
        theirs = resource(VPC, "v", inside="a:b:Theirs", cidrBlock=cidr)
        waits = {"_unknowns": {"vpcId": [f"{VPC}::v.id"]}}
        subnet = resource(SUBNET, "s", vpcId=f"@{{{VPC}::v.id}}", _dependencies=[ours.urn], **waits)
        return plan_of(ours, theirs, subnet)

    assert "Theirs" in only(diff(stack("10.0.0.0/16"), stack("10.1.0.0/16"))).urn


def test_a_rename_with_an_alias_is_neither_delete_nor_create(resource: Make, plan_of: PlanOf) -> None:
    old = resource(VPC, "old", cidrBlock="10.0.0.0/16")
    new = resource(VPC, "new", cidrBlock="10.0.0.0/16", _options={"aliases": [old.urn]})
    child = resource(SUBNET, "s", vpcId=f"@{{{VPC}::old.id}}", _dependencies=[old.urn])
    moved = replace(child, inputs={"vpcId": f"@{{{VPC}::new.id}}"}, dependencies=[new.urn])
    change = only(diff(plan_of(old, child), plan_of(new, moved)))
    assert (change.operation, change.old_urn, change.urn) == (Operation.RENAME, old.urn, new.urn)


def test_a_rename_that_also_changes_something_is_an_update(resource: Make, plan_of: PlanOf) -> None:
    old = resource(VPC, "old", tags={"a": "1"})
    new = resource(VPC, "new", tags={"a": "2"}, _options={"aliases": [old.urn]})
    change = only(diff(plan_of(old), plan_of(new)))
    assert (change.operation, change.old_urn, told(change)) == (
        Operation.UPDATE,
        old.urn,
        [("tags.a", "1", "2")],
    )


def test_an_alias_of_something_that_still_exists_is_no_rename(resource: Make, plan_of: PlanOf) -> None:
    old = resource(VPC, "old")
    new = resource(VPC, "new", _options={"aliases": [old.urn]})
    assert only(diff(plan_of(old), plan_of(old, new))).operation is Operation.CREATE


def test_one_old_resource_becomes_one_new_one(resource: Make, plan_of: PlanOf) -> None:
    old = resource(VPC, "old")
    heirs = [resource(VPC, name, _options={"aliases": [old.urn]}) for name in ("a", "b")]
    operations = [change.operation for change in diff(plan_of(old), plan_of(*heirs)).resources]
    assert operations == [Operation.CREATE, Operation.RENAME]


def test_protection_counts_as_it_was_before(resource: Make, plan_of: PlanOf) -> None:
    guarded = resource(
        VPC, "v", cidrBlock="10.0.0.0/16", _options={"protect": True, "retain_on_delete": True}
    )
    gone = only(diff(plan_of(guarded), plan_of()))
    assert (gone.protected, gone.retained) == (True, True)
    released = only(diff(plan_of(guarded), plan_of(resource(VPC, "v", cidrBlock="10.1.0.0/16"))))
    assert (released.operation, released.protected) == (Operation.REPLACE, True)


def test_an_option_alone_is_told_apart_from_an_update(resource: Make, plan_of: PlanOf) -> None:
    change = only(
        diff(
            plan_of(resource(VPC, "v", _options={"version": "7.51.1"})),
            plan_of(resource(VPC, "v", _options={"version": "7.52.0", "protect": True})),
        )
    )
    assert change.operation is Operation.OPTION
    assert [(item.path, item.old, item.new) for item in change.options] == [("protect", ABSENT, True)]


def test_components_are_left_out_unless_their_children_are_hidden(resource: Make, plan_of: PlanOf) -> None:
    component = resource("agentic:network:Network", "n", _custom=False)
    remote = resource("eks:index:Cluster", "ai", _custom=False, _remote=True, version="1.34")
    inside = resource(CLUSTER, "ai-eksCluster", _parent=remote.urn, _expanded=True)
    opaque = resource("kubernetes:yaml/v2:ConfigFile", "crds", _custom=False, _remote=True, file="v1")
    delta = diff(
        plan_of(remote, inside, opaque),
        plan_of(component, replace(remote, inputs={}), inside, replace(opaque, inputs={"file": "v2"})),
    )
    assert (only(delta).name, only(delta).replacement) == ("crds", Verdict.UNKNOWN)


def test_two_environments_are_compared_resource_by_resource(resource: Make, plan_of: PlanOf) -> None:
    dev = resource(VPC, "v", cidrBlock="10.0.0.0/16")
    prod = replace(dev, urn=dev.urn.replace(":dev::", ":prod::"), inputs={"cidrBlock": "10.64.0.0/16"})
    delta = diff(plan_of(dev), plan_of(prod, stack="prod"))
    assert (delta.old, delta.new) == ("agentic-platform/dev", "agentic-platform/prod")
    assert only(delta).operation is Operation.REPLACE


def test_stack_outputs_are_compared(plan_of: PlanOf) -> None:
    delta = diff(plan_of(outputs={"a": 1}), plan_of(outputs={"a": 2}))
    assert [(change.path, change.old, change.new) for change in delta.outputs] == [("a", 1, 2)]
    assert not delta.is_empty


def test_groups_come_worst_first(resource: Make, plan_of: PlanOf) -> None:
    delta = diff(
        plan_of(),
        plan_of(
            resource("aws:iam/role:Role", "r"),
            resource("aws:kms/key:Key", "k"),
            resource(VPC, "v"),
            resource("kubernetes:core/v1:Service", "s", spec={"type": "LoadBalancer"}),
        ),
    )
    assert list(delta.groups()) == [Blast.DATA, Blast.CLUSTER, Blast.TENANT, Blast.OTHER]
