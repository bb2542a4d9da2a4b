from __future__ import annotations

import json

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.karpenter.interruption import (
    EVENTS,
    InterruptionQueue,
    InterruptionQueueArgs,
    event_pattern,
    interruption_rule_name,
    queue_policy,
)

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def plan_of(capture: Capture) -> Plan:
    return capture(lambda: InterruptionQueue("interruption", InterruptionQueueArgs(place=PLACE)))


def test_every_event_that_karpenter_handles_reaches_it(capture: Capture) -> None:
    plan = plan_of(capture)
    patterns = [json.loads(rule.inputs["eventPattern"]) for rule in plan.all(RULE)]
    assert sorted((one["source"][0], one["detail-type"][0]) for one in patterns) == [
        ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
        ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
        ("aws.ec2", "EC2 Instance State-change Notification"),
        ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
        ("aws.health", "AWS Health Event"),
    ]
    assert len(plan.all(TARGET)) == len(EVENTS)


def test_the_queue_is_encrypted_and_forgets_after_five_minutes(capture: Capture) -> None:
    queue = plan_of(capture).one("aws:sqs/queue:Queue").inputs
    assert queue["sqsManagedSseEnabled"] is True
    assert queue["messageRetentionSeconds"] == 300
    assert queue["name"] == "ai-dev-karpenter"


def test_only_our_rules_may_send() -> None:
    allow, _ = queue_policy(PLACE)["Statement"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Action"] == "sqs:SendMessage"
    assert allow["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        f"arn:aws:events:us-east-1:111122223333:rule/{interruption_rule_name(PLACE, event)}"
        for event in EVENTS
    ]


def test_the_rules_that_may_send_are_those_that_are_made(capture: Capture) -> None:
    made = {rule.inputs["name"] for rule in plan_of(capture).all(RULE)}
    assert made == {interruption_rule_name(PLACE, event) for event in EVENTS}


def test_nobody_speaks_to_the_queue_in_plain_text() -> None:
    _, deny = queue_policy(PLACE)["Statement"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_policy_is_about_this_queue_only() -> None:
    resources = {one["Resource"] for one in queue_policy(PLACE)["Statement"]}
    assert resources == {"arn:aws:sqs:us-east-1:111122223333:ai-dev-karpenter"}


def test_rule_names_fit_for_the_longest_cluster_name() -> None:
    place = Place(**{**vars(PLACE), "cluster_name": "c" * 32})
    names = {interruption_rule_name(place, event) for event in EVENTS}
    assert len(names) == len(EVENTS)
    assert max(map(len, names)) <= 64


def test_equal_events_have_equal_text() -> None:
    assert (
        event_pattern("rebalance")
        == '{"detail-type": ["EC2 Instance Rebalance Recommendation"], "source": ["aws.ec2"]}'
    )
