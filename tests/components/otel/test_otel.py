from __future__ import annotations

import json

import pulumi_kubernetes as k8s
import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.otel.gateway import Sinks
from components.otel.otel import Otel, OtelArgs
from components.otel.spec import OtelSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RELEASE = "kubernetes:helm.sh/v3:Release"
GROUP = "aws:cloudwatch/logGroup:LogGroup"


def captured(capture: Capture, *, langfuse: bool = True, secret: str | None = "otel-langfuse") -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("observability", metadata={"name": "observability"})
        made = Otel(
            "otel",
            OtelArgs(
                place=PLACE,
                spec=OtelSpec(log_retention_days=14),
                cluster_name="ai-dev",
                namespace=namespace.metadata.name,
                agent_namespace="node-monitoring",
                sinks=Sinks(langfuse="http://langfuse/otel" if langfuse else None, prometheus=("a:9090",)),
                langfuse_secret=secret,
                after=(namespace,),
                retain=True,
            ),
        )
        assert made.endpoint == "http://otel-collector.observability.svc:4317"
        assert made.log_group == "/agentic/ai-dev/pods"

    return capture(program)


def test_logs_are_kept_as_long_as_the_stack_says_and_outlive_it(capture: Capture) -> None:
    group = captured(capture).one(GROUP)
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/agentic/ai-dev/pods", 14)
    assert group.options["retain_on_delete"] is True


def test_the_gateway_writes_to_one_group_and_reads_nothing(capture: Capture) -> None:
    policy = json.loads(captured(capture).one("aws:iam/policy:Policy").inputs["policy"])
    logs, traces = policy["Statement"]
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:/agentic/ai-dev/pods"
    assert logs["Resource"] == [group, f"{group}:*"]
    assert not [action for action in logs["Action"] if "Get" in action or "Delete" in action]
    assert traces["Action"] == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def test_only_the_gateway_has_a_role(capture: Capture) -> None:
    association = captured(capture).one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("observability", "otel-collector")


def test_agents_start_after_the_gateway_and_go_before_it(capture: Capture) -> None:
    plan = captured(capture)
    gateway, agents = plan.one(RELEASE, "otel-gateway"), plan.one(RELEASE, "otel-agent")
    assert plan.deleted_before(agents.urn, gateway.urn)
    assert plan.deleted_before(gateway.urn, plan.one(GROUP).urn)
    assert agents.inputs["namespace"] == "node-monitoring"


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    for release in captured(capture).all(RELEASE):
        assert release.unknowns == {}, release.name


def test_an_address_without_its_secret_is_refused(capture: Capture) -> None:
    with pytest.raises(ValueError, match="give Langfuse's address and the name of its Secret, or neither"):
        captured(capture, secret=None)


def test_retention_is_one_that_cloudwatch_takes() -> None:
    with pytest.raises(ValidationError, match="Input should be 1, 3, 5, 7"):
        OtelSpec.model_validate({"log_retention_days": 31})
