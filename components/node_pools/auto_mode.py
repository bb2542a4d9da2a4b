"""What EKS Auto Mode needs in IAM before it may start nodes of our node classes, which have tags."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.identity import PolicyDocument, document, to_json


def tagging(place: Place) -> PolicyDocument:
    """Lets Auto Mode put our cost tags on nodes: the managed policies admit only tags of its own.

    For the cluster's role (EKS user guide, "Custom AWS tags for EKS Auto resources", statement `Compute`).
    """
    return document(
        {
            "Sid": "TagAutoModeNodes",
            "Effect": "Allow",
            "Action": ["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate"],
            # Fleets and templates have no ARN before they exist; the tags below name the cluster and a pool.
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:RequestTag/eks:eks-cluster-name": place.cluster_name},
                "StringLike": {
                    "aws:RequestTag/eks:kubernetes-node-class-name": "*",
                    "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
                },
            },
        }
    )


@dataclass(frozen=True, kw_only=True)
class AutoNodeTaggingArgs:
    """Whose role gets the right to tag."""

    place: Place
    cluster_role_name: Input[str]


class AutoNodeTagging(ComponentResource):
    """Cost tags on Auto Mode's nodes; without it EC2 refuses every node of a class that has tags."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: AutoNodeTaggingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:node_pools:AutoNodeTagging", name, None, opts)
        policy = aws.iam.RolePolicy(
            name,
            name="tag-auto-mode-nodes",
            role=args.cluster_role_name,
            policy=to_json(tagging(args.place)),
            opts=ResourceOptions(parent=self),
        )
        self.ready = (policy,)
        self.register_outputs({})
