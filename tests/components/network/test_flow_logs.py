from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from agentic.plan.model import Plan
from components.core.aws import Place
from components.network import flow_logs


@pytest.fixture(scope="module")
def plan(planned: Callable[..., Plan]) -> Plan:
    return planned(flow_logs_retention_days=14)


def test_every_flow_is_recorded_accepted_or_not(plan: Plan) -> None:
    log = plan.one("aws:ec2/flowLog:FlowLog")
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["vpcId"] == "@{aws:ec2/vpc:Vpc::platform.id}"


def test_records_are_kept_for_the_stated_number_of_days(plan: Plan) -> None:
    group = plan.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == "/aws/vpc/ai-dev/flow-logs"
    assert group.inputs["retentionInDays"] == 14


def test_the_role_may_write_before_the_first_record_arrives(plan: Plan) -> None:
    log, grant = plan.one("aws:ec2/flowLog:FlowLog"), plan.one("aws:iam/rolePolicy:RolePolicy")
    assert plan.deleted_before(log.urn, grant.urn)


def test_only_flow_logs_of_this_account_can_take_the_role(place: Place) -> None:
    (statement,) = flow_logs.trust(place)["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:111122223333:vpc-flow-log/*"},
    }


def test_the_role_writes_to_its_own_group_and_to_no_other(plan: Plan, place: Place) -> None:
    (statement,) = flow_logs.policy(place)["Statement"]
    group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vpc/ai-dev/flow-logs"
    assert statement["Resource"] == [group, f"{group}:*"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    assert json.loads(plan.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"] == [statement]
