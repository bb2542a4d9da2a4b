from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from tests.components.agents import scene

AGENT = "kubernetes:kagent.dev/v1alpha2:Agent"
MODEL = "kubernetes:kagent.dev/v1alpha2:ModelConfig"
SERVER = "kubernetes:kagent.dev/v1alpha2:RemoteMCPServer"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
CRON_JOB = "kubernetes:batch/v1:CronJob"
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMES = ("customer-support-agent", "data-analysis-agent", "research-agent", "support-desk")


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(lambda: scene.everything(tools={**scene.TOOLS, **scene.MORE}))


def waits_for(plan: Plan, one: Resource, other: Resource) -> bool:
    return other.urn in one.dependencies


def named(plan: Plan, kind: str, name: str) -> Any:
    (found,) = [one for one in plan.all(kind) if one.inputs["metadata"]["name"] == name]
    return found


def test_every_agent_and_workflow_becomes_one_agent(plan: Plan) -> None:
    assert sorted(one.inputs["metadata"]["name"] for one in plan.all(AGENT)) == list(NAMES)
    assert {one.inputs["metadata"]["namespace"] for one in plan.all(AGENT)} == {"ai-agents"}


def test_every_kind_takes_what_it_is_given(plan: Plan, reference_crds: Path, tmp_path: Path) -> None:
    """The real definitions, without a field they do not know."""
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    objects = [one for one in plan.resources if one.custom and "kind" in one.inputs]
    assert len(objects) > 60
    for one in objects:
        if one.type != RELEASE:
            assert schemas.known(one.inputs["apiVersion"], one.inputs["kind"]), one.inputs["kind"]
            assert schemas.faults(dict(one.inputs)) == [], one.name


def test_the_definitions_would_find_a_misspelt_field(
    plan: Plan, reference_crds: Path, tmp_path: Path
) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    agent = dict(plan.all(AGENT)[0].inputs)
    agent["spec"] = {**agent["spec"], "systemPrompt": "as once drawn"}
    assert schemas.faults(agent) != []


@pytest.mark.parametrize("name", NAMES)
def test_each_agent_has_exactly_one_autoscaler_and_no_number_of_its_own(plan: Plan, name: str) -> None:
    scalers = [
        one
        for kind in (SCALED, HPA)
        for one in plan.all(kind)
        if one.inputs["spec"]["scaleTargetRef"]
        == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    ]
    assert len(scalers) == 1
    spec = named(plan, AGENT, name).inputs["spec"]
    assert "replicas" not in (spec.get("declarative") or spec["byo"])["deployment"]


def test_the_autoscaler_comes_when_kagent_has_made_what_it_scales(plan: Plan) -> None:
    """KEDA refuses a ScaledObject on CPU or memory of a Deployment that it cannot find."""
    for kind in (SCALED, HPA):
        for scaler in plan.all(kind):
            if scaler.inputs["metadata"]["name"] not in NAMES:
                continue  # of the workers of a queue, whose Deployment is ours
            agent = named(plan, AGENT, scaler.inputs["metadata"]["name"])
            assert waits_for(plan, scaler, agent)
            assert agent.inputs["metadata"]["annotations"] == {"pulumi.com/waitFor": "condition=Accepted"}


def test_an_agent_comes_after_its_model_its_tools_and_the_agents_it_asks(plan: Plan) -> None:
    agent = named(plan, AGENT, "customer-support-agent")
    assert waits_for(plan, agent, named(plan, MODEL, "customer-support-agent"))
    for tool in ("search-knowledge-base", "create-ticket", "refund"):
        assert waits_for(plan, agent, named(plan, SERVER, tool))
    desk = named(plan, AGENT, "support-desk")
    for called in ("customer-support-agent", "data-analysis-agent"):
        assert waits_for(plan, desk, named(plan, AGENT, called))


def test_each_agent_has_an_account_that_nobody_else_makes_and_no_token(plan: Plan) -> None:
    for name in NAMES:
        account = named(plan, ACCOUNT, f"agent-{name}").inputs
        assert account["automountServiceAccountToken"] is False
        spec = named(plan, AGENT, name).inputs["spec"]
        deployment = (spec.get("declarative") or spec["byo"])["deployment"]
        assert deployment["serviceAccountName"] == f"agent-{name}" != name, (
            "kagent would make one of its name"
        )


def test_one_pod_at_a_time_may_be_moved(plan: Plan) -> None:
    for name in NAMES:
        spec = named(plan, BUDGET, name).inputs["spec"]
        assert spec["maxUnavailable"] == 1
        assert spec["selector"] == {"matchLabels": {"app": "kagent", "kagent": name}}


def test_conversations_are_deleted_by_a_job_with_kagents_own_login(plan: Plan) -> None:
    job = plan.one(CRON_JOB).inputs
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["env"] == [
        {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "kagent-db", "key": "url"}}}
    ]
    assert pod["automountServiceAccountToken"] is False


def test_no_secret_is_in_any_object(plan: Plan) -> None:
    for one in plan.resources:
        assert "Bearer sk" not in str(one.inputs)
        if one.type.endswith(":ExternalSecret"):
            assert "arn:aws:secretsmanager" in str(one.inputs) or "ai-dev/" in str(one.inputs)


def test_the_sessions_series_is_recorded_for_keda_to_ask(plan: Plan) -> None:
    rules = plan.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs["spec"]
    assert rules["groups"][0]["rules"][0]["record"] == "agent_active_sessions"
