"""One test for each statement that widens access, and for what the published policy may not lose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.core.aws import Place
from components.core.identity import to_json
from components.load_balancer_controller.policy import policies

OURS = {"aws:ResourceTag/elbv2.k8s.aws/cluster": "ai-dev"}
NEW = {"aws:RequestTag/elbv2.k8s.aws/cluster": "ai-dev"}
TAG_UNTOUCHED = {"aws:RequestTag/elbv2.k8s.aws/cluster": "true"}
BALANCERS = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:"
GROUPS = "arn:aws:ec2:eu-west-1:111122223333:security-group/*"
UNSCOPED = {"ReadNetworkAndLoadBalancers", "ReadCertificatesAndPools", "AttachFirewallsAndShield"}


def statements(place: Place) -> list[dict[str, Any]]:
    return [one for document in policies(place).values() for one in document["Statement"]]


def statement(place: Place, sid: str) -> dict[str, Any]:
    (found,) = [one for one in statements(place) if one["Sid"] == sid]
    return found


def verbs(one: dict[str, Any]) -> set[str]:
    return {action.partition(":")[2] for action in one["Action"]}


def test_only_reads_and_web_firewalls_reach_beyond_this_account_and_region(place: Place) -> None:
    assert {one["Sid"] for one in statements(place) if one["Resource"] == "*"} == UNSCOPED


def test_reading_the_network_changes_nothing(place: Place) -> None:
    assert all(
        verb.startswith(("Describe", "Get"))
        for verb in verbs(statement(place, "ReadNetworkAndLoadBalancers"))
    )


def test_reading_certificates_and_pools_changes_nothing(place: Place) -> None:
    one = statement(place, "ReadCertificatesAndPools")
    assert all(verb.startswith(("Describe", "Get", "List")) for verb in verbs(one))


def test_firewalls_are_attached_and_detached_but_never_written(place: Place) -> None:
    one = statement(place, "AttachFirewallsAndShield")
    assert {action.partition(":")[0] for action in one["Action"]} == {"shield", "waf-regional", "wafv2"}
    assert not [
        verb for verb in verbs(one) if verb.startswith(("Update", "Put", "DeleteWebACL", "CreateWebACL"))
    ]


def test_the_only_role_it_creates_is_elastic_load_balancings_own(place: Place) -> None:
    one = statement(place, "CreateLoadBalancingServiceRole")
    assert one["Action"] == ["iam:CreateServiceLinkedRole"]
    assert one["Resource"] == (
        "arn:aws:iam::111122223333:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"
    )
    assert one["Condition"] == {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}}


def test_it_may_open_the_nodes_group_which_carries_no_tag_of_its(place: Place) -> None:
    one = statement(place, "OpenNodesToLoadBalancers")
    assert verbs(one) == {"AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"}
    assert one["Resource"] == GROUPS


def test_it_creates_groups_here_even_in_a_vpc_shared_by_another_account(place: Place) -> None:
    one = statement(place, "CreateGroups")
    assert one["Action"] == ["ec2:CreateSecurityGroup"]
    assert one["Resource"] == [GROUPS, "arn:aws:ec2:eu-west-1:*:vpc/*"]


def test_it_tags_a_group_while_creating_it_and_with_this_clusters_name(place: Place) -> None:
    one = statement(place, "TagNewGroups")
    assert one["Condition"] == {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup", **NEW}}


def test_it_retags_its_own_groups_and_cannot_give_them_to_another_cluster(place: Place) -> None:
    one = statement(place, "RetagOwnGroups")
    assert one["Condition"] == {"StringEquals": OURS, "Null": TAG_UNTOUCHED}


def test_it_deletes_only_groups_of_this_cluster(place: Place) -> None:
    one = statement(place, "DeleteOwnGroups")
    assert (one["Action"], one["Resource"]) == (["ec2:DeleteSecurityGroup"], GROUPS)
    assert one["Condition"] == {"StringEquals": OURS}


def test_it_creates_balancers_only_with_this_clusters_tag(place: Place) -> None:
    one = statement(place, "CreateBalancersForThisCluster")
    assert verbs(one) == {"CreateLoadBalancer", "CreateTargetGroup"}
    assert one["Condition"] == {"StringEquals": NEW}


def test_it_tags_balancers_while_creating_them(place: Place) -> None:
    one = statement(place, "TagNewBalancers")
    assert one["Condition"] == {
        "StringEquals": {
            "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
            **NEW,
        }
    }


def test_it_retags_its_own_balancers_and_cannot_give_them_to_another_cluster(place: Place) -> None:
    one = statement(place, "RetagOwnBalancers")
    assert one["Condition"] == {"StringEquals": OURS, "Null": TAG_UNTOUCHED}


def test_it_tags_listeners_and_rules_and_nothing_else_without_a_condition(place: Place) -> None:
    one = statement(place, "TagListenersAndRules")
    assert all(
        resource.removeprefix(BALANCERS).startswith(("listener/", "listener-rule/"))
        for resource in one["Resource"]
    )


def test_it_changes_and_deletes_only_balancers_of_this_cluster(place: Place) -> None:
    one = statement(place, "ChangeOwnBalancers")
    assert {"DeleteLoadBalancer", "DeleteTargetGroup", "SetSecurityGroups"} <= verbs(one)
    assert one["Condition"] == {"StringEquals": OURS}


def test_listeners_need_no_tag_but_stay_in_this_account_and_region(place: Place) -> None:
    one = statement(place, "ListenersAndRules")
    assert one["Resource"] == f"{BALANCERS}*"
    assert all("Listener" in verb or "Rule" in verb or verb == "SetWebAcl" for verb in verbs(one))


def test_it_registers_targets_with_any_group_here(place: Place) -> None:
    one = statement(place, "RegisterTargets")
    assert verbs(one) == {"RegisterTargets", "DeregisterTargets"}
    assert one["Resource"] == f"{BALANCERS}targetgroup/*/*"


def test_nothing_is_deleted_without_this_clusters_tag_except_listeners_and_rules(place: Place) -> None:
    for one in statements(place):
        deletes = {action for action in one["Action"] if ":Delete" in action}
        if one.get("Condition", {}).get("StringEquals", {}).items() >= OURS.items():
            continue
        assert deletes <= {
            "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing:DeleteRule",
            "shield:DeleteProtection",
        }, one["Sid"]


def test_every_permission_of_the_published_policy_is_granted(place: Place) -> None:
    """80 distinct actions in v3.5's iam_policy.json; a missing one shows only when the feature is used."""
    granted = [action for one in statements(place) for action in one["Action"]]
    assert len(set(granted)) == 80


def test_policies_are_the_reviewed_ones(place: Place, snapshot: SnapshotAssertion) -> None:
    assert policies(place) == snapshot


def test_no_action_is_a_pattern(place: Place) -> None:
    assert not [action for one in statements(place) for action in one["Action"] if "*" in action]


@pytest.mark.parametrize("name", ["ai-dev", "a" * 32])
def test_every_document_fits_the_limit_of_a_managed_policy(place: Place, name: str) -> None:
    for short_name, document in policies(replace(place, cluster_name=name)).items():
        assert len(to_json(document)) < 6144 * 0.9, short_name


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_arns_are_of_the_partition(place: Place, partition: str) -> None:
    for one in statements(replace(place, partition=partition)):
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        assert all(resource == "*" or resource.startswith(f"arn:{partition}:") for resource in resources)
