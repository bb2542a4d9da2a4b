"""The record of who talked to whom in the VPC, kept for a stated number of days."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.core.aws import Place
from components.core.identity import PolicyDocument, document, to_json
from components.core.names import flow_log_group, role_name


def trust(place: Place) -> PolicyDocument:
    """Trust for VPC flow logs of this account only (confused deputy, VPC user guide)."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account_id},
                "ArnLike": {"aws:SourceArn": place.arn("ec2", "vpc-flow-log/*")},
            },
        }
    )


def policy(place: Place) -> PolicyDocument:
    """Write to the one log group; we make the group, so nothing else of CloudWatch Logs is allowed."""
    group = place.arn("logs", f"log-group:{flow_log_group(place)}")
    return document(
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:*"],
        }
    )


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """Whose traffic is recorded, and for how long."""

    place: Place
    vpc_id: Input[str]
    retention_days: int


class FlowLogs(ComponentResource):
    """Every accepted and rejected flow of the VPC in CloudWatch Logs."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:network:FlowLogs", name, None, opts)
        child = ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            name, name=flow_log_group(args.place), retention_in_days=args.retention_days, opts=child
        )
        role = aws.iam.Role(
            name,
            name=role_name(args.place, "flow-logs"),
            assume_role_policy=to_json(trust(args.place)),
            opts=child,
        )
        grant = aws.iam.RolePolicy(
            name, name="write", role=role.name, policy=to_json(policy(args.place)), opts=child
        )
        aws.ec2.FlowLog(
            name,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            tags={"Name": f"{args.place.cluster_name}-flow-logs"},
            # The role can write before records arrive; otherwise the log starts with an access error.
            opts=ResourceOptions(parent=self, depends_on=[grant]),
        )
        self.register_outputs({})
