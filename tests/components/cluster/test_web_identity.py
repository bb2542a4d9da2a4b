from __future__ import annotations

import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.web_identity import WebIdentity, WebIdentityArgs

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    def program() -> None:
        cluster = aws.eks.Cluster("cluster", role_arn="x", vpc_config={"subnet_ids": []})
        identity = WebIdentity(
            "web-identity",
            WebIdentityArgs(issuer=cluster.identities[0].oidcs[0].issuer.apply(str)),
        )
        aws.iam.Policy(
            "named",
            policy=identity.provider_arn,
            opts=ResourceOptions(depends_on=list(identity.ready)),
        )

    return capture(program)


def test_the_account_believes_the_clusters_own_issuer_for_tokens_meant_for_sts(plan: Plan) -> None:
    assert plan.one(PROVIDER).inputs == {
        "url": "@{aws:eks/cluster:Cluster::cluster.identities[0].oidcs[0].issuer}",
        "clientIdLists": ["sts.amazonaws.com"],
    }


def test_it_goes_before_the_cluster_and_after_what_stands_on_it(plan: Plan) -> None:
    provider = plan.one(PROVIDER)
    assert plan.deleted_before(provider.urn, plan.one("aws:eks/cluster:Cluster").urn)
    assert plan.deleted_before(plan.one("aws:iam/policy:Policy").urn, provider.urn)


def test_its_arn_is_a_reference_that_a_trust_policy_can_hold(plan: Plan) -> None:
    assert plan.one("aws:iam/policy:Policy").inputs["policy"] == f"@{{{PROVIDER}::web-identity.arn}}"
