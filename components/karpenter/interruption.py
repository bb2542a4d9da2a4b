"""The interruption queue: EC2's warnings reach Karpenter before the instance is gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pulumi_aws as aws
from pulumi import ComponentResource, Resource, ResourceOptions

from components.core.aws import Place
from components.core.identity import PolicyDocument, document, to_json
from components.core.names import queue_arn, queue_name, rule_name

QUEUE_PURPOSE = "karpenter"
RETENTION_SECONDS = 300
"""A warning that is five minutes old is about an instance that has gone."""

EVENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "scheduled-change": ("aws.health", "AWS Health Event"),
        "spot-interruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
        "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
        "state-change": ("aws.ec2", "EC2 Instance State-change Notification"),
        "reservation-interruption": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
    }
)
"""Source and detail type of every event Karpenter v1.14 handles."""


def interruption_rule_name(place: Place, event: str) -> str:
    """The EventBridge rule of one event."""
    return rule_name(place, f"karpenter-{event}")


def event_pattern(event: str) -> str:
    """What the rule of one event matches."""
    source, detail_type = EVENTS[event]
    return json.dumps({"detail-type": [detail_type], "source": [source]}, sort_keys=True)


def queue_policy(place: Place) -> PolicyDocument:
    """Only our five rules may send, and nobody may speak to the queue in plain text.

    Karpenter's template admits EventBridge and SQS as such; the rules' ARNs are known here, so another
    account's rule cannot be pointed at this queue to have nodes drained.
    """
    queue = queue_arn(place, QUEUE_PURPOSE)
    return document(
        {
            "Sid": "AllowInterruptionRules",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {
                "ArnEquals": {
                    "aws:SourceArn": [
                        place.arn("events", f"rule/{interruption_rule_name(place, event)}")
                        for event in EVENTS
                    ]
                }
            },
        },
        {
            "Sid": "DenyPlainText",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


@dataclass(frozen=True, kw_only=True)
class InterruptionQueueArgs:
    """Where the queue is."""

    place: Place


class InterruptionQueue(ComponentResource):
    """An encrypted queue that only EC2's and Health's warnings enter."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: InterruptionQueueArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:karpenter:InterruptionQueue", name, None, opts)
        child = ResourceOptions(parent=self)
        queue = aws.sqs.Queue(
            name,
            name=queue_name(args.place, QUEUE_PURPOSE),
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=child,
        )
        policy = aws.sqs.QueuePolicy(
            name, queue_url=queue.url, policy=to_json(queue_policy(args.place)), opts=child
        )
        targets: list[Resource] = []
        for event in EVENTS:
            rule = aws.cloudwatch.EventRule(
                f"{name}-{event}",
                name=interruption_rule_name(args.place, event),
                event_pattern=event_pattern(event),
                opts=child,
            )
            targets.append(
                aws.cloudwatch.EventTarget(f"{name}-{event}", rule=rule.name, arn=queue.arn, opts=child)
            )
        self.ready = (queue, policy, *targets)
        self.register_outputs({})
