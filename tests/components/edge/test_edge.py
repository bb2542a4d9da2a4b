from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.edge.edge import Edge, EdgeArgs
from components.edge.render import rules
from components.edge.spec import EdgeSpec, edge_faults
from components.gateway.spec import GatewaySpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="prod",
    cluster_name="ai-prod",
)
ARN = "arn:aws:acm:{region}:111122223333:certificate/0123abcd-0000-0000-0000-000000000000"
SPEC = EdgeSpec(
    enabled=True,
    host="ai.example.com",
    certificate_arn=ARN.format(region="us-east-1"),
    prefix_list_id="pl-4fa04526",
)
GATEWAY = GatewaySpec.model_validate(
    {"host": "origin.ai.example.com", "load_balancer": {"scheme": "internet-facing"}}
)
ORIGINS = ["https://app.example.com", "https://other.example.com"]


def made(capture: Capture) -> Plan:
    def program() -> None:
        Edge(
            "edge",
            EdgeArgs(place=PLACE, spec=SPEC, origin="origin.ai.example.com", allowed_origins=ORIGINS),
        )

    return capture(program)


def blocked(statement: dict[str, Any], headers: dict[str, str]) -> bool:
    """What the firewall makes of a statement, for the statements that we write."""
    (kind, body), *_ = statement.items()
    value = headers.get("origin", "")
    match kind:
        case "and_statement":
            return all(blocked(one, headers) for one in body["statements"])
        case "or_statement":
            return any(blocked(one, headers) for one in body["statements"])
        case "not_statement":
            return not blocked(body["statement"], headers)
        case "size_constraint_statement":
            return len(value) > body["size"]
        case "byte_match_statement":
            return value.lower() == body["search_string"]
        case _:
            raise AssertionError(kind)


def origin_rule(origins: list[str]) -> dict[str, Any]:
    (found,) = [one for one in rules(SPEC, origins) if one["name"] == "other-origins"]
    return found["statement"]


@pytest.mark.parametrize("origins", [ORIGINS, ORIGINS[:1]])
def test_browsers_of_other_pages_are_blocked_and_programs_are_not(origins: list[str]) -> None:
    statement = origin_rule(origins)
    assert blocked(statement, {"origin": "https://evil.example.com"})
    assert not blocked(statement, {"origin": "https://APP.example.com"})
    assert not blocked(statement, {}), "programs say no origin; their token says who they are"


@given(st.from_regex(r"https://[a-z0-9.-]{1,30}", fullmatch=True))
def test_only_the_written_origins_pass(origin: str) -> None:
    assert blocked(origin_rule(ORIGINS), {"origin": origin}) is (origin not in ORIGINS)


def test_without_origins_there_is_no_rule_about_them() -> None:
    assert "other-origins" not in {one["name"] for one in rules(SPEC, [])}


def test_a_prompt_is_no_attack() -> None:
    """Bodies hold markup, paths and addresses, and are longer than 8 KB."""
    (common,) = [one for one in rules(SPEC, []) if one["name"] == "AWSManagedRulesCommonRuleSet"]
    overrides = common["statement"]["managed_rule_group_statement"]["rule_action_overrides"]
    assert {one["name"] for one in overrides} >= {"SizeRestrictions_BODY", "CrossSiteScripting_BODY"}
    assert all(one["action_to_use"] == {"count": {}} for one in overrides)


def test_requests_are_not_kept_by_the_firewall() -> None:
    for one in rules(SPEC, ORIGINS):
        assert one["visibility_config"]["sampled_requests_enabled"] is False


def test_priorities_and_names_are_each_once() -> None:
    found = rules(SPEC, ORIGINS)
    assert [one["priority"] for one in found] == list(range(len(found)))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,128}", one["name"]) for one in found)


def test_the_firewall_is_where_cloudfront_looks(capture: Capture) -> None:
    acl = made(capture).one("aws:wafv2/webAcl:WebAcl").inputs
    assert (acl["region"], acl["scope"]) == ("us-east-1", "CLOUDFRONT")


def test_nothing_is_cached_and_the_origin_keeps_its_own_name(capture: Capture) -> None:
    behaviour = made(capture).one("aws:cloudfront/distribution:Distribution").inputs["defaultCacheBehavior"]
    assert behaviour["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["originRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert behaviour["viewerProtocolPolicy"] == "redirect-to-https"
    assert behaviour["compress"] is False


def test_the_way_to_the_origin_is_tls(capture: Capture) -> None:
    (origin,) = made(capture).one("aws:cloudfront/distribution:Distribution").inputs["origins"]
    assert origin["domainName"] == "origin.ai.example.com"
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"


class TestFaults:
    def faults(
        self, spec: EdgeSpec = SPEC, gateway: GatewaySpec = GATEWAY, partition: str = "aws"
    ) -> list[str]:
        return [str(one) for one in edge_faults(spec, gateway, partition=partition)]

    def test_a_whole_edge_has_none(self) -> None:
        assert self.faults() == []
        assert self.faults(EdgeSpec()) == []

    @pytest.mark.parametrize("name", ["host", "certificate_arn", "prefix_list_id"])
    def test_what_it_needs_is_asked_for_by_name(self, name: str) -> None:
        assert self.faults(SPEC.model_copy(update={name: None})) == [
            f"edge.{name}: is missing, but edge.enabled is true; write it, or switch the edge off"
        ]

    def test_its_certificate_is_in_one_region(self) -> None:
        (fault,) = self.faults(SPEC.model_copy(update={"certificate_arn": ARN.format(region="eu-west-1")}))
        assert "is not in us-east-1, where CloudFront looks for certificates" in fault

    def test_other_partitions_have_none(self) -> None:
        (fault,) = self.faults(partition="aws-cn")
        assert "is true in partition aws-cn, which has no such edge" in fault

    def test_cloudfront_cannot_reach_an_internal_load_balancer(self) -> None:
        (fault,) = self.faults(gateway=GatewaySpec(host="origin.ai.example.com"))
        assert fault.startswith("gateway.load_balancer.scheme: is internal, where CloudFront cannot reach it")

    def test_no_way_leads_past_the_firewall(self) -> None:
        open_too = GatewaySpec.model_validate(
            {
                "host": "origin.ai.example.com",
                "load_balancer": {"scheme": "internet-facing", "source_ranges": ["203.0.113.0/24"]},
            }
        )
        (fault,) = self.faults(gateway=open_too)
        assert "lets 203.0.113.0/24 pass by the edge's firewall" in fault

    def test_the_edge_does_not_ask_itself(self) -> None:
        (fault,) = self.faults(SPEC.model_copy(update={"host": "origin.ai.example.com"}))
        assert "is gateway.host, which CloudFront asks itself: a loop" in fault

    def test_an_edge_without_a_gateway_is_refused(self) -> None:
        off = GATEWAY.model_copy(update={"enabled": False})
        assert (
            "edge.enabled: is true, but there is no gateway; write gateway.host, or switch the edge off"
        ) in self.faults(gateway=off)
