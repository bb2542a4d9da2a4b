"""Workload identity: one role per ServiceAccount, never inherited from a node.

By EKS Pod Identity; `web_identity` has the other way, for SDKs that cannot take its credentials.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.names import policy_name, role_arn, role_name

PolicyDocument = dict[str, Any]
"""An IAM policy document as plain data: {"Version": ..., "Statement": [...]}."""


def document(*statements: Mapping[str, Any]) -> PolicyDocument:
    """A policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def to_json(policy: PolicyDocument) -> str:
    """The document as IAM stores it: sorted keys, so that equal documents are equal text."""
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))


def service_trust(service: str, *, actions: Sequence[str] = ("sts:AssumeRole",)) -> PolicyDocument:
    """A trust policy for one AWS service principal."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions)})


def pod_identity_trust(place: Place) -> PolicyDocument:
    """Trust for EKS Pod Identity, only for associations of this cluster.

    `sts:TagSession` is required: the agent passes cluster, namespace and ServiceAccount as session tags
    (EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity").
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account_id},
                "ArnEquals": {"aws:SourceArn": place.cluster_arn},
            },
        }
    )


@dataclass(frozen=True)
class AttachedRole:
    """A role and what gives it its permissions: whoever takes the role waits for both."""

    role: aws.iam.Role
    attached: tuple[Resource, ...]


def attached_role(
    name: str,
    place: Place,
    *,
    purpose: str,
    trust: PolicyDocument,
    managed_policies: Sequence[str],
    opts: ResourceOptions,
) -> AttachedRole:
    """A role named for its purpose, with AWS managed policies by name (and path, where they have one)."""
    role = aws.iam.Role(name, name=role_name(place, purpose), assume_role_policy=to_json(trust), opts=opts)
    return AttachedRole(
        role,
        tuple(
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rpartition('/')[2].lower()}",
                role=role.name,
                policy_arn=place.managed_policy_arn(policy),
                opts=opts,
            )
            for policy in managed_policies
        ),
    )


def attached_policies(
    name: str,
    place: Place,
    role: aws.iam.Role,
    *,
    purpose: str,
    policies: Mapping[str, PolicyDocument],
    opts: ResourceOptions,
) -> tuple[Resource, ...]:
    """Customer managed policies of one role, by short name."""
    attached: list[Resource] = []
    for key, policy_document in policies.items():
        policy = aws.iam.Policy(
            f"{name}-{key}",
            name=policy_name(place, f"{purpose}-{key}"),
            policy=to_json(policy_document),
            opts=opts,
        )
        attached.append(
            aws.iam.RolePolicyAttachment(f"{name}-{key}", role=role.name, policy_arn=policy.arn, opts=opts)
        )
    return tuple(attached)


@dataclass(frozen=True, kw_only=True)
class PodIdentityRoleArgs:
    """Which ServiceAccount gets which permissions."""

    place: Place
    purpose: str
    """Part of the role's name, for example `karpenter-controller`."""
    namespace: Input[str]
    service_account: str
    policies: Mapping[str, PolicyDocument]
    """Customer managed policies by short name; several, because one document has a size limit (6,144)."""
    managed_policies: tuple[str, ...] = ()
    """Names of AWS managed policies, with their path where they have one (`service-role/...`)."""
    cluster_name: Input[str]
    """The cluster as an output, so that the association follows the cluster and goes before it."""


class PodIdentityRole(ComponentResource):
    """A role that exactly one ServiceAccount of this cluster can take."""

    arn: str
    ready: tuple[Resource, ...]
    """What a pod needs before it starts: policies attached and the association made."""

    def __init__(self, name: str, args: PodIdentityRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:core:PodIdentityRole", name, None, opts)
        child = ResourceOptions(parent=self)
        made = attached_role(
            name,
            args.place,
            purpose=args.purpose,
            trust=pod_identity_trust(args.place),
            managed_policies=args.managed_policies,
            opts=child,
        )
        role = made.role
        attached = (
            *made.attached,
            *attached_policies(
                name, args.place, role, purpose=args.purpose, policies=args.policies, opts=child
            ),
        )
        association = aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=child,
        )
        self.arn = role_arn(args.place, args.purpose)
        self.ready = (*attached, association)
        self.register_outputs({"arn": self.arn})
