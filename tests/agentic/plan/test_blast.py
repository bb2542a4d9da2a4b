from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.blast import Blast, blast
from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]


@pytest.mark.parametrize(
    ("type_token", "inputs", "group"),
    [
        ("aws:kms/key:Key", {}, Blast.DATA),
        ("aws:kms/alias:Alias", {}, Blast.OTHER),
        ("aws:s3/bucket:Bucket", {}, Blast.DATA),
        ("aws:s3/bucketPolicy:BucketPolicy", {}, Blast.OTHER),
        ("aws:secretsmanager/secret:Secret", {}, Blast.DATA),
        ("kubernetes:core/v1:Namespace", {}, Blast.DATA),
        ("kubernetes:core/v1:PersistentVolumeClaim", {}, Blast.DATA),
        ("kubernetes:helm.sh/v3:Release", {"chart": "karpenter-crd", "atomic": True}, Blast.DATA),
        ("kubernetes:helm.sh/v3:Release", {"chart": "langfuse", "atomic": False}, Blast.DATA),
        ("kubernetes:helm.sh/v3:Release", {"chart": "karpenter", "atomic": True}, Blast.OTHER),
        ("aws:eks/cluster:Cluster", {}, Blast.CLUSTER),
        ("aws:eks/addon:Addon", {}, Blast.OTHER),
        ("aws:eks/accessEntry:AccessEntry", {}, Blast.CLUSTER),
        ("aws:ec2/vpc:Vpc", {}, Blast.CLUSTER),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", {}, Blast.OTHER),
        ("pulumi:providers:kubernetes", {}, Blast.CLUSTER),
        ("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", {}, Blast.TENANT),
        ("kubernetes:core/v1:Service", {"spec": {"type": "LoadBalancer"}}, Blast.TENANT),
        ("kubernetes:core/v1:Service", {"spec": {"type": "ClusterIP"}}, Blast.OTHER),
        ("aws:iam/role:Role", {}, Blast.OTHER),
    ],
)
def test_a_resource_is_in_the_worst_group_that_fits(
    resource: Make, type_token: str, inputs: dict[str, Any], group: Blast
) -> None:
    assert blast(resource(type_token, "x", **inputs)) is group


def test_whatever_is_below_a_tenant_faces_tenants(resource: Make) -> None:
    quota = resource("kubernetes:core/v1:ResourceQuota", "q", inside="agentic:tenants:Tenant")
    namespace = resource("kubernetes:core/v1:Namespace", "n", inside="agentic:tenants:Tenant")
    assert (blast(quota), blast(namespace)) == (Blast.TENANT, Blast.DATA)


def test_releases_of_the_program_that_hold_crds_count_as_data(stack_plan: Callable[[str], Plan]) -> None:
    groups = {r.name: blast(r) for r in stack_plan("dev").all("kubernetes:helm.sh/v3:Release")}
    assert groups["karpenter-crd"] is Blast.DATA
    assert groups["metrics-server"] is Blast.OTHER
