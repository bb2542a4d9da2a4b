from __future__ import annotations

from pulumi.runtime.proto import alias_pb2

from agentic.plan.urns import alias_urns, make_urn, name_of, qualified_type

STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
OUTER = "urn:pulumi:dev::p::agentic:network:Network::platform"
INNER = "urn:pulumi:dev::p::agentic:network:Network$agentic:network:Subnets::platform-subnets"


def spec(**values: object) -> alias_pb2.Alias:
    return alias_pb2.Alias(spec=alias_pb2.Alias.Spec(**values))  # pyright: ignore[reportArgumentType]


def aliases(
    specs: list[alias_pb2.Alias], *, parent: str = OUTER, name: str = "platform-a", **more: list[str]
) -> list[str]:
    urn = make_urn("dev", "p", parent, "t:m:T", name)
    return alias_urns(urn, "t:m:T", name, parent, specs, more.get("parent_aliases", []))


def test_the_stack_itself_adds_nothing_to_the_chain() -> None:
    assert make_urn("dev", "p", STACK, "t:m:T", "a") == "urn:pulumi:dev::p::t:m:T::a"
    assert make_urn("dev", "p", "", "t:m:T", "a") == "urn:pulumi:dev::p::t:m:T::a"


def test_every_parent_type_is_in_the_chain_and_no_parent_name() -> None:
    urn = make_urn("dev", "p", INNER, "t:m:T", "a::b")
    assert qualified_type(urn) == "agentic:network:Network$agentic:network:Subnets$t:m:T"
    assert name_of(urn) == "a::b"


def test_an_alias_by_name_keeps_type_and_parent() -> None:
    assert aliases([spec(name="old")]) == ["urn:pulumi:dev::p::agentic:network:Network$t:m:T::old"]


def test_an_alias_without_parent_stood_alone() -> None:
    assert aliases([spec(noParent=True)]) == ["urn:pulumi:dev::p::t:m:T::platform-a"]


def test_an_alias_under_another_parent() -> None:
    assert aliases([spec(parentUrn=INNER, type="t:m:Old")]) == [
        "urn:pulumi:dev::p::agentic:network:Network$agentic:network:Subnets$t:m:Old::platform-a"
    ]


def test_an_alias_that_is_a_urn_is_taken_as_it_is() -> None:
    assert aliases([alias_pb2.Alias(urn="urn:pulumi:x::y::z:z:Z::q")]) == ["urn:pulumi:x::y::z:z:Z::q"]


def test_a_childs_name_follows_its_parents_former_name() -> None:
    before = "urn:pulumi:dev::p::agentic:network:Old::net"
    assert aliases([], parent_aliases=[before]) == ["urn:pulumi:dev::p::agentic:network:Old$t:m:T::net-a"]


def test_own_and_inherited_aliases_multiply() -> None:
    before = "urn:pulumi:dev::p::agentic:network:Old::net"
    assert aliases([spec(name="old")], parent_aliases=[before]) == [
        "urn:pulumi:dev::p::agentic:network:Network$t:m:T::old",
        "urn:pulumi:dev::p::agentic:network:Old$t:m:T::net-a",
        "urn:pulumi:dev::p::agentic:network:Old$t:m:T::old",
    ]


def test_an_alias_that_names_its_parent_does_not_multiply() -> None:
    before = "urn:pulumi:dev::p::agentic:network:Old::net"
    assert aliases([spec(name="old", parentUrn=INNER)], parent_aliases=[before]) == [
        "urn:pulumi:dev::p::agentic:network:Network$agentic:network:Subnets$t:m:T::old",
        "urn:pulumi:dev::p::agentic:network:Old$t:m:T::net-a",
    ]


def test_the_urn_itself_is_no_alias() -> None:
    assert aliases([spec(name="platform-a")]) == []
