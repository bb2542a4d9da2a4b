from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.identity import (
    PodIdentityRole,
    PodIdentityRoleArgs,
    document,
    pod_identity_trust,
    service_trust,
    to_json,
)

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
READ = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::models/*"})


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    def program() -> None:
        cluster = aws.eks.Cluster("cluster", role_arn="x", vpc_config={"subnet_ids": []})
        role = PodIdentityRole(
            "reader",
            PodIdentityRoleArgs(
                place=PLACE,
                purpose="reader",
                namespace="ai-data",
                service_account="reader",
                policies={"read": READ},
                managed_policies=("service-role/AmazonEBSCSIDriverPolicy",),
                cluster_name=cluster.name,
            ),
        )
        aws.sqs.Queue("pod", opts=pulumi.ResourceOptions(depends_on=list(role.ready)))
        pulumi.export("arn", role.arn)

    return capture(program)


def _policy(text: str) -> Any:
    return json.loads(text)


def test_only_pods_of_this_cluster_can_take_the_role(plan: Plan) -> None:
    role = plan.one("aws:iam/role:Role")
    (statement,) = _policy(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "111122223333"},
            "ArnEquals": {"aws:SourceArn": "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"},
        },
    }


def test_exactly_one_service_account_is_associated(plan: Plan) -> None:
    association = plan.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["namespace"] == "ai-data"
    assert association.inputs["serviceAccount"] == "reader"
    assert association.inputs["roleArn"] == "@{aws:iam/role:Role::reader.arn}"
    assert plan.deleted_before(association.urn, plan.one("aws:eks/cluster:Cluster").urn)


def test_the_role_has_the_named_policies_and_no_others(plan: Plan) -> None:
    attached = {
        resource.inputs["policyArn"]
        for resource in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert attached == {
        "@{aws:iam/policy:Policy::reader-read.arn}",
        "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    }
    assert _policy(plan.one("aws:iam/policy:Policy").inputs["policy"]) == READ


def test_a_pod_that_waits_for_it_has_both_its_identity_and_its_permissions(plan: Plan) -> None:
    pod = plan.one("aws:sqs/queue:Queue").urn
    needed = [
        resource.urn
        for kind in (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        )
        for resource in plan.all(kind)
    ]
    assert len(needed) == 3
    assert plan.deleted_before(pod, needed)


def test_its_arn_is_known_before_it_exists(plan: Plan) -> None:
    assert plan.outputs["arn"] == "arn:aws:iam::111122223333:role/ai-dev-reader"
    assert plan.one("aws:iam/role:Role").inputs["name"] == "ai-dev-reader"


def test_a_service_is_trusted_by_name_alone() -> None:
    assert service_trust("eks.amazonaws.com") == document(
        {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
    )


def test_equal_documents_are_equal_text() -> None:
    assert to_json({"b": 1, "a": [2]}) == to_json({"a": [2], "b": 1}) == '{"a":[2],"b":1}'


def test_the_trust_names_the_cluster_of_its_own_place() -> None:
    other = Place(**{**vars(PLACE), "cluster_name": "other"})
    assert pod_identity_trust(other) != pod_identity_trust(PLACE)
