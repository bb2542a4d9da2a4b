"""Workload identity by a token of the cluster's own issuer (IRSA), where Pod Identity does not reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.core.aws import Place
from components.core.identity import PolicyDocument, attached_policies, document, to_json
from components.core.names import role_arn, role_name

WEB_IDENTITY_AUDIENCE = "sts.amazonaws.com"
"""Whom the tokens of EKS are for, in every partition."""

STS_ENDPOINT_ANNOTATION = "eks.amazonaws.com/sts-regional-endpoints"
ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"


def web_identity_trust(
    provider_arn: str, issuer: str, namespace: str, service_account: str
) -> PolicyDocument:
    """Trust for the tokens that one cluster's issuer signs for one ServiceAccount.

    Both conditions, or any ServiceAccount of the cluster could take the role (EKS user guide, "Assign IAM
    roles to Kubernetes service accounts").
    """
    host = issuer.removeprefix("https://")
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider_arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{host}:aud": WEB_IDENTITY_AUDIENCE,
                    f"{host}:sub": f"system:serviceaccount:{namespace}:{service_account}",
                }
            },
        }
    )


@dataclass(frozen=True, kw_only=True)
class IrsaRoleArgs:
    """Which ServiceAccount gets which permissions by a token of the cluster's own issuer."""

    place: Place
    purpose: str
    """Part of the role's name, for example `milvus`."""
    namespace: str
    service_account: str
    policies: Mapping[str, PolicyDocument]
    """Customer managed policies by short name."""
    issuer: Input[str]
    """The cluster's OIDC issuer: EKS draws its id, so nobody knows it before the cluster exists."""
    provider_arn: Input[str]
    """The identity provider that makes IAM believe this issuer."""


class IrsaRole(ComponentResource):
    """A role that exactly one ServiceAccount of this cluster can take, without the Pod Identity agent."""

    arn: str
    annotations: Mapping[str, str]
    """What the ServiceAccount carries: EKS's webhook turns it into a token and environment variables."""
    ready: tuple[Resource, ...]
    """What a pod needs before it starts: the role, and its policies attached."""

    def __init__(self, name: str, args: IrsaRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:core:IrsaRole", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=role_name(args.place, args.purpose),
            assume_role_policy=Output.all(args.provider_arn, args.issuer).apply(
                lambda known: to_json(
                    web_identity_trust(str(known[0]), str(known[1]), args.namespace, args.service_account)
                )
            ),
            opts=child,
        )
        attached = attached_policies(
            name, args.place, role, purpose=args.purpose, policies=args.policies, opts=child
        )
        self.arn = role_arn(args.place, args.purpose)
        self.annotations = {
            ROLE_ANNOTATION: self.arn,
            # The global endpoint is in another region, and no interface endpoint answers for it.
            STS_ENDPOINT_ANNOTATION: "true",
        }
        self.ready = (role, *attached)
        self.register_outputs({"arn": self.arn})
