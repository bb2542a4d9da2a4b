from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.identity import document
from components.core.web_identity import IrsaRole, IrsaRoleArgs, web_identity_trust

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
READ = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::models/*"})
ISSUER = "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"


@pytest.fixture(scope="module")
def web_identity(capture: Capture) -> Plan:
    def program() -> None:
        cluster = aws.eks.Cluster("cluster", role_arn="x", vpc_config={"subnet_ids": []})
        issuer = cluster.identities[0].oidcs[0].issuer.apply(str)
        believed = aws.iam.OpenIdConnectProvider(
            "believed", url=issuer, client_id_lists=["sts.amazonaws.com"]
        )
        role = IrsaRole(
            "reader",
            IrsaRoleArgs(
                place=PLACE,
                purpose="reader",
                namespace="ai-data",
                service_account="milvus",
                policies={"read": READ},
                issuer=issuer,
                provider_arn=believed.arn,
            ),
        )
        aws.sqs.Queue("pod", opts=pulumi.ResourceOptions(depends_on=list(role.ready)))
        pulumi.export("annotations", dict(role.annotations))

    return capture(program)


def test_a_token_opens_the_role_for_one_service_account_and_one_audience() -> None:
    arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC"
    (statement,) = web_identity_trust(arn, ISSUER, "ai-data", "milvus")["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                "oidc.eks.us-east-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
                "oidc.eks.us-east-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:ai-data:milvus",
            }
        },
    }


def test_the_plan_shows_whom_a_web_identity_role_trusts_before_the_issuer_is_known(
    web_identity: Plan,
) -> None:
    statements: Any = json.loads(web_identity.one("aws:iam/role:Role").inputs["assumeRolePolicy"])[
        "Statement"
    ]
    (statement,) = statements
    assert statement["Principal"] == {
        "Federated": "@{aws:iam/openIdConnectProvider:OpenIdConnectProvider::believed.arn}"
    }
    issuer = "@{aws:eks/cluster:Cluster::cluster.identities[0].oidcs[0].issuer}"
    assert statement["Condition"]["StringEquals"] == {
        f"{issuer}:aud": "sts.amazonaws.com",
        f"{issuer}:sub": "system:serviceaccount:ai-data:milvus",
    }


def test_a_service_account_names_the_role_and_the_regions_own_sts(web_identity: Plan) -> None:
    assert web_identity.outputs["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ai-dev-reader",
        "eks.amazonaws.com/sts-regional-endpoints": "true",
    }


def test_a_pod_that_waits_for_a_web_identity_role_has_its_provider_and_permissions(
    web_identity: Plan,
) -> None:
    pod = web_identity.one("aws:sqs/queue:Queue").urn
    needed = [
        web_identity.one(kind).urn
        for kind in (
            "aws:iam/role:Role",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        )
    ]
    assert web_identity.deleted_before(pod, needed)
    assert not web_identity.all("aws:eks/podIdentityAssociation:PodIdentityAssociation")
