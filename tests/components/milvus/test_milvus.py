from __future__ import annotations

import json
from typing import Any

import kubernetes_validate
import pulumi_aws as aws
import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.web_identity import WebIdentity, WebIdentityArgs
from components.core.aws import Place
from components.milvus.milvus import Milvus, MilvusArgs
from components.milvus.spec import ClusterMilvus, MilvusSpec, StandaloneMilvus

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RELEASE = "kubernetes:helm.sh/v3:Release"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SERVICE = "kubernetes:core/v1:Service"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
ROLE = "aws:iam/role:Role"
CLUSTER = ClusterMilvus(mode="cluster")


def captured(capture: Capture, spec: MilvusSpec = CLUSTER, **said: Any) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("ai-data", metadata={"name": "ai-data"})
        cluster = aws.eks.Cluster("cluster", role_arn="x", vpc_config={"subnet_ids": []})
        believed = WebIdentity(
            "web-identity", WebIdentityArgs(issuer=cluster.identities[0].oidcs[0].issuer.apply(str))
        )
        made = Milvus(
            "milvus",
            MilvusArgs(
                place=PLACE,
                spec=spec,
                namespace=namespace.metadata.name,
                bucket="ai-dev-milvus-111122223333-eu-west-1",
                bucket_key_alias="alias/ai-dev/data",
                issuer=believed.issuer,
                provider_arn=believed.provider_arn,
                after=(namespace, *believed.ready),
                **said,
            ),
        )
        assert made.uri == "http://milvus.ai-data.svc:19530"
        k8s.core.v1.ConfigMap(
            "client",
            metadata={"name": "client", "namespace": "ai-data"},
            opts=ResourceOptions(depends_on=list(made.ready)),
        )

    return capture(program)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return captured(capture, monitored=True, protect=True)


def test_the_account_carries_the_roles_name_before_the_role_exists(plan: Plan) -> None:
    account = plan.one(ACCOUNT).inputs
    assert account["metadata"]["name"] == "milvus"
    assert account["metadata"]["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ai-dev-milvus",
        "eks.amazonaws.com/sts-regional-endpoints": "true",
    }
    assert account["automountServiceAccountToken"] is False
    assert plan.one(ROLE).inputs["name"] == "ai-dev-milvus"


def test_only_milvus_own_account_can_take_the_role(plan: Plan) -> None:
    (statement,) = json.loads(plan.one(ROLE).inputs["assumeRolePolicy"])["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert [
        value for key, value in statement["Condition"]["StringEquals"].items() if key.endswith(":sub")
    ] == ["system:serviceaccount:ai-data:milvus"]


def test_pods_start_when_they_are_somebody_and_may_read_the_bucket(plan: Plan) -> None:
    release = plan.one(RELEASE)
    needed = [plan.one(ACCOUNT).urn, plan.one(ROLE).urn]
    needed += [one.urn for one in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    needed += [plan.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").urn]
    assert len(needed) == 4
    assert plan.deleted_before(release.urn, needed)
    assert plan.deleted_before(plan.one("kubernetes:core/v1:ConfigMap").urn, release.urn)


def test_the_release_is_named_and_says_nothing_that_only_the_cloud_knows(plan: Plan) -> None:
    release = plan.one(RELEASE)
    assert (release.inputs["name"], release.inputs["version"]) == ("milvus", "5.0.19")
    assert release.inputs.get("atomic", False) is False
    assert release.unknowns == {}


def test_a_drain_takes_one_pod_of_a_kind_at_a_time(plan: Plan) -> None:
    budgets = {one.inputs["metadata"]["name"]: one.inputs["spec"] for one in plan.all(BUDGET)}
    assert len(budgets) == 5
    for name, spec in budgets.items():
        assert spec["maxUnavailable"] == 1, name
        assert spec["selector"]["matchLabels"]["component"] == name.removeprefix("milvus-")
        assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_a_standalone_milvus_has_no_budget_that_would_hold_its_node(capture: Capture) -> None:
    assert captured(capture, StandaloneMilvus(mode="standalone")).all(BUDGET) == []


def test_what_a_stack_protects_is_not_removed_by_mistake(plan: Plan, capture: Capture) -> None:
    assert plan.one(RELEASE).options["protect"] is True
    assert not captured(capture).one(RELEASE).options.get("protect")


def test_the_metrics_of_etcd_have_a_service_of_their_own_where_prometheus_looks(plan: Plan) -> None:
    service = plan.one(SERVICE).inputs
    assert service["spec"]["ports"] == [{"name": "metrics", "port": 2381, "targetPort": 2381}]
    assert service["spec"]["selector"] == {
        "app.kubernetes.io/name": "etcd",
        "app.kubernetes.io/instance": "milvus",
    }
    monitor = plan.one(MONITOR).inputs
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["spec"]["endpoints"] == [{"port": "metrics", "interval": "30s"}]


def test_no_monitor_is_made_before_its_kind_exists(capture: Capture) -> None:
    assert captured(capture).all(MONITOR) == []
    assert captured(capture).all(SERVICE) == []


def test_its_own_objects_are_what_a_server_takes(plan: Plan) -> None:
    for kind in (ACCOUNT, BUDGET, SERVICE):
        for one in plan.all(kind):
            kubernetes_validate.validate(one.inputs, "1.35.0", strict=True)
