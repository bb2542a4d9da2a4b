from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.references import reference, references_in

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
ATTRIBUTES = st.sampled_from(
    ["id", "arn", "vpcConfig.clusterSecurityGroupId", "identities[0].oidcs[0].issuer"]
)
PLAIN = st.text(st.characters(exclude_characters="@{}"), max_size=12)


def test_a_reference_names_type_resource_and_attribute() -> None:
    assert reference("aws:ec2/vpc:Vpc", "network", "id") == "@{aws:ec2/vpc:Vpc::network.id}"


@given(st.lists(st.tuples(PLAIN, NAMES, ATTRIBUTES), max_size=5), PLAIN)
def test_every_reference_in_a_text_is_found_in_order(parts: list[tuple[str, str, str]], end: str) -> None:
    text = (
        "".join(before + reference("aws:x/y:Y", name, attribute) for before, name, attribute in parts) + end
    )
    expected = [f"aws:x/y:Y::{name}.{attribute}" for _, name, attribute in parts]
    assert references_in(text) == list(dict.fromkeys(expected))


@pytest.mark.parametrize(
    "text",
    ["${aws:PrincipalTag/team}", "arn:aws:s3:::b/${aws:username}/*", "{{ .Values.name }}", "a@b.example", ""],
)
def test_policy_variables_and_templates_are_no_references(text: str) -> None:
    assert references_in(text) == []


@pytest.mark.parametrize("cut", [(0, -1), (0, 12), (0, 26)])
def test_a_reference_that_was_cut_is_a_fault(cut: tuple[int, int]) -> None:
    whole = reference("aws:ec2/vpc:Vpc", "network", "id")
    with pytest.raises(ValueError, match=r"@\{"):
        references_in(whole[cut[0] : cut[1]])


def test_a_reference_in_another_case_is_still_found() -> None:
    assert references_in("@{aws:ec2/vpc:Vpc::network.id}".upper()) == ["AWS:EC2/VPC:VPC::NETWORK.ID"]
