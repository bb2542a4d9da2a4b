from __future__ import annotations

from itertools import pairwise

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.langfuse.langfuse import Langfuse, LangfuseArgs
from components.langfuse.operator import ClickHouseOperator, ClickHouseOperatorArgs
from components.langfuse.spec import LangfuseSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RELEASE = "kubernetes:helm.sh/v3:Release"
SERVERS = "kubernetes:clickhouse.com/v1alpha1:ClickHouseCluster"
KEEPER = "kubernetes:clickhouse.com/v1alpha1:KeeperCluster"
POD_MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
SERVICE_MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"


def captured(capture: Capture, *, monitored: bool = True, kept: bool = False) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("observability", metadata={"name": "observability"})
        operator = ClickHouseOperator(
            "clickhouse-operator",
            ClickHouseOperatorArgs(namespace="clickhouse-operator", after=(namespace,), monitored=monitored),
        )
        Langfuse(
            "langfuse",
            LangfuseArgs(
                place=PLACE,
                spec=LangfuseSpec(),
                cluster_name="ai-dev",
                namespace=namespace.metadata.name,
                bucket="ai-dev-langfuse",
                after=(namespace,),
                operator=operator.ready,
                monitored=monitored,
                protect=kept,
                retain=kept,
            ),
        )

    return capture(program)


def test_operator_then_quorum_then_servers_then_langfuse_and_back_in_reverse(capture: Capture) -> None:
    plan = captured(capture)
    order = [
        plan.one(RELEASE, "langfuse").urn,
        plan.one(SERVERS).urn,
        plan.one(KEEPER).urn,
        plan.one(RELEASE, "clickhouse-operator").urn,
    ]
    for first, second in pairwise(order):
        assert plan.deleted_before(first, second), (first, second)


def test_pods_start_after_their_identity(capture: Capture) -> None:
    plan = captured(capture)
    association = plan.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == (
        "observability",
        "langfuse",
    )
    assert plan.deleted_before(plan.one(RELEASE, "langfuse").urn, association.urn)


def test_traces_are_kept_where_the_stack_says_so(capture: Capture) -> None:
    for kept in (True, False):
        plan = captured(capture, kept=kept)
        for kind in (SERVERS, KEEPER):
            options = plan.one(kind).options
            assert bool(options.get("protect")) is kept, kind
            assert bool(options.get("retain_on_delete")) is kept, kind


def test_monitors_are_made_only_where_their_kind_exists(capture: Capture) -> None:
    on, off = captured(capture), captured(capture, monitored=False)
    assert {one.inputs["metadata"]["name"] for one in on.all(POD_MONITOR)} == {
        "langfuse-clickhouse",
        "langfuse-keeper",
    }
    assert len(on.all(SERVICE_MONITOR)) == 1
    assert off.all(POD_MONITOR) == off.all(SERVICE_MONITOR) == []


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    for release in captured(capture).all(RELEASE):
        assert release.unknowns == {}, release.name
