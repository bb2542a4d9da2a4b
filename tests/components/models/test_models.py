from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from agentic.plan.capture import Capture
from agentic.plan.demands import demands
from agentic.plan.model import Plan, Resource
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from tests.components.models import scene

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
POLICY = "aws:iam/policy:Policy"
OWN = (DEPLOYMENT, SERVICE, ACCOUNT, BUDGET, SCALED, MONITOR, EXTERNAL)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(lambda: scene.program(scene.everything()))


def named(plan: Plan, kind: str, name: str) -> Resource:
    (one,) = (one for one in plan.all(kind) if one.section("metadata")["name"] == name)
    return one


def pod(plan: Plan, server: str) -> dict[str, Any]:
    return named(plan, DEPLOYMENT, server).section("spec", "template", "spec")


def test_each_model_is_a_server_with_a_service_an_account_and_a_budget_of_its_name(plan: Plan) -> None:
    servers = {"vllm-qwen3-8b", "vllm-mixtral-8x7b", "tgi-mixtral", "triage"}
    for kind in (DEPLOYMENT, SERVICE, ACCOUNT, BUDGET):
        assert {one.section("metadata")["name"] for one in plan.all(kind)} == servers
    for server in servers:
        assert pod(plan, server)["serviceAccountName"] == server


def test_ports_are_those_of_the_engines(plan: Plan) -> None:
    ports = {
        one.section("metadata")["name"]: one.section("spec")["ports"][0]["port"] for one in plan.all(SERVICE)
    }
    assert ports == {"vllm-qwen3-8b": 8000, "vllm-mixtral-8x7b": 8000, "tgi-mixtral": 8080, "triage": 8000}
    for server, number in ports.items():
        assert pod(plan, server)["containers"][0]["ports"] == [{"name": "http", "containerPort": number}]


def test_a_scaled_server_has_one_scaler_and_no_number_of_its_own(plan: Plan) -> None:
    (scaler,) = plan.all(SCALED)
    assert scaler.section("spec", "scaleTargetRef")["name"] == "vllm-qwen3-8b"
    assert "replicas" not in named(plan, DEPLOYMENT, "vllm-qwen3-8b").section("spec")
    assert named(plan, DEPLOYMENT, "vllm-mixtral-8x7b").section("spec")["replicas"] == 1
    assert plan.all("kubernetes:autoscaling/v2:HorizontalPodAutoscaler") == []


def test_the_plan_counts_a_scaled_server_with_its_most(plan: Plan) -> None:
    counted = {one.name: (one.replicas, one.most, one.surge) for one in demands(plan)}
    assert counted["vllm-qwen3-8b"] == (1, 3, 0)
    assert counted["vllm-mixtral-8x7b"] == (1, None, 0)
    assert counted["triage"] == (2, None, 1)


def test_only_who_copies_weights_has_a_role_and_only_for_its_own(plan: Plan) -> None:
    accounts = {one.inputs["serviceAccount"] for one in plan.all(ASSOCIATION)}
    assert accounts == {"vllm-qwen3-8b", "vllm-mixtral-8x7b", "tgi-mixtral"}
    rights = json.loads(plan.one(POLICY, "models-vllm-qwen3-8b-weights").inputs["policy"])
    allowed = {statement["Sid"]: statement for statement in rights["Statement"]}
    assert allowed["Read0"]["Action"] == "s3:GetObject"
    assert allowed["Read0"]["Resource"] == [
        f"arn:aws:s3:::{scene.BUCKET}/models/qwen3-8b/1/*",
        f"arn:aws:s3:::{scene.BUCKET}/models/tickets/1/*",
    ]
    assert allowed["Decrypt"]["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": ["alias/ai-dev/data"]
    }
    assert "mixtral" not in json.dumps(rights)


def test_pods_wait_for_their_role_their_account_and_the_loaders_settings(plan: Plan) -> None:
    pods = named(plan, DEPLOYMENT, "vllm-qwen3-8b").urn
    for kind, name in (
        (ASSOCIATION, "models-vllm-qwen3-8b"),
        (ACCOUNT, "models-vllm-qwen3-8b"),
        ("kubernetes:core/v1:ConfigMap", "models-loader"),
        ("kubernetes:core/v1:Namespace", "ai-inference"),
    ):
        assert plan.deleted_before(pods, plan.one(kind, name).urn)
    assert plan.deleted_before(plan.one(SCALED).urn, pods)


def test_the_provider_waits_as_long_as_loading_may_take(plan: Plan) -> None:
    pods = named(plan, DEPLOYMENT, "vllm-mixtral-8x7b")
    seconds = int(str(pods.options["custom_timeouts"]["create"]).rstrip("s"))
    assert seconds >= pods.section("spec")["progressDeadlineSeconds"] > 1800


def test_a_server_that_may_rest_is_not_waited_for(capture: Capture) -> None:
    spec = scene.vllm(scaling={"min": 0, "max": 2})
    plan = capture(lambda: scene.program({"qwen3-8b": spec}))
    for kind in (DEPLOYMENT, SERVICE):
        assert plan.one(kind).section("metadata")["annotations"]["pulumi.com/skipAwait"] == "true"


def test_secrets_of_ones_own_server_are_read_by_reference(plan: Plan) -> None:
    reader = plan.one(EXTERNAL)
    assert reader.section("spec")["dataFrom"] == [
        {"extract": {"key": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:graphs-AbCdEf"}}
    ]
    assert reader.section("spec", "target")["name"] == "triage-graph-database"
    assert pod(plan, "triage")["containers"][0]["envFrom"] == [
        {"secretRef": {"name": "triage-graph-database"}}
    ]


def test_one_monitor_an_engine_finds_its_services(plan: Plan) -> None:
    monitors = {one.section("metadata")["name"]: one.section("spec") for one in plan.all(MONITOR)}
    assert set(monitors) == {"models-vllm", "models-tgi"}
    wanted = monitors["models-vllm"]["selector"]["matchLabels"]
    found = [
        one.section("metadata")["name"]
        for one in plan.all(SERVICE)
        if wanted.items() <= one.section("metadata")["labels"].items()
    ]
    assert sorted(found) == ["vllm-mixtral-8x7b", "vllm-qwen3-8b"]
    assert monitors["models-vllm"]["jobLabel"] == "agentic.dev/engine"


def test_without_monitors_and_prometheus_neither_kind_is_used(capture: Capture) -> None:
    spec = scene.vllm(scaling={"min": 1, "max": 2})
    plan = capture(lambda: scene.program({"qwen3-8b": spec}, monitored=False, prometheus_url=None))
    assert plan.all(MONITOR) == plan.all(SCALED) == []


def test_one_model_more_changes_nothing_of_the_others(capture: Capture) -> None:
    def of_qwen(**more: Any) -> list[dict[str, Any]]:
        specs = scene.models(qwen3_8b=scene.QWEN, **more)
        plan = capture(lambda: scene.program(specs))
        return [dict(one.inputs) for one in plan if "qwen3-8b" in one.name]

    assert of_qwen(mixtral_8x7b=scene.MIXTRAL) == of_qwen()


def test_the_plan_says_what_is_deprecated_and_what_a_shared_server_saves(plan: Plan) -> None:
    said = {
        one.section("metadata")["name"]: one.section("metadata")
        .get("annotations", {})
        .get("agentic.dev/notice", "")
        for one in plan.all(DEPLOYMENT)
    }
    assert "engine tgi is deprecated" in said["tgi-mixtral"]
    assert (
        "runtime unified: 3 agents on 1 server with 1 GPU; dedicated: 3 servers with 3 GPUs; "
        "saved: 2 containers and 2 GPUs"
    ) in said["vllm-qwen3-8b"]
    assert said["triage"] == ""


def test_every_object_is_what_its_kind_accepts(plan: Plan, reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    judged = [one for kind in OWN for one in plan.all(kind)]
    assert len(judged) == 4 * 4 + 1 + 2 + 1
    for one in judged:
        assert schemas.faults(dict(one.inputs)) == [], one.name


def test_the_schema_check_has_teeth(plan: Plan) -> None:
    manifest = json.loads(json.dumps(dict(named(plan, DEPLOYMENT, "triage").inputs)))
    manifest["spec"]["template"]["spec"]["containers"][0]["portz"] = []
    with pytest.raises(kubernetes_validate.ValidationError, match="portz"):
        kubernetes_validate.validate(manifest, "1.35", strict=True)
