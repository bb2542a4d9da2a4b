from __future__ import annotations

import json
from typing import Any, cast

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.quantities import parse
from components.node_pools.render import cpu_node_pool
from components.tools import sandbox
from components.tools.pods import pods
from components.tools.render import adapted, config, deployment, files, mcp_server, remote_server
from components.tools.spec import ApiToolSpec, SandboxSpec
from tests.components.agents import scene
from tests.components.agents.scene import TOOLS, tool_wiring

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
REMOTE = "kubernetes:kagent.dev/v1alpha2:RemoteMCPServer"
OWN = cast("ApiToolSpec", scene.MORE["issues"])
THERE = cast("ApiToolSpec", scene.MORE["weather"])


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(lambda: scene.everything(tools={**TOOLS, **scene.MORE}))


def pod(name: str) -> Any:
    tool = adapted(TOOLS[name])
    assert tool is not None
    return deployment(name, tool, tool_wiring())["template"]


@pytest.mark.parametrize("name", [name for name in TOOLS if adapted(TOOLS[name])])
def test_every_server_is_restricted_and_has_no_token(name: str) -> None:
    spec = pod(name)["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    (container,) = spec["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["resources"]["limits"]
    assert container["readinessProbe"]
    assert container["livenessProbe"]


def test_a_token_is_a_file_of_the_server_and_in_no_other_place() -> None:
    spec = pod("web-search")["spec"]
    assert {"name": "token", "secret": {"secretName": "tool-web-search-token", "defaultMode": 0o440}} in spec[
        "volumes"
    ]
    tool = adapted(TOOLS["web-search"])
    assert tool is not None
    assert config("web-search", tool, tool_wiring())["token_file"] == "/var/secrets/token/token"
    assert [one["name"] for one in spec["containers"][0]["env"]] == ["TOOL_CONFIG"]


def test_code_runs_in_gvisor_on_nodes_of_its_own_with_nothing_at_hand() -> None:
    spec = pod("run-python")["spec"]
    assert spec["runtimeClassName"] == "gvisor"
    assert pod("run-python")["metadata"]["labels"]["istio.io/dataplane-mode"] == "none"
    assert [one["name"] for one in spec["volumes"]] == ["tool", "scratch"]
    kind = sandbox.runtime_class()
    assert kind["handler"] == "runsc"
    assert kind["scheduling"]["nodeSelector"] == {"agentic.dev/pool": "code"}
    pool = sandbox.node_pool(cpu_node_pool(SandboxSpec().pool, "karpenter"))["template"]
    assert pool["spec"]["taints"] == [{"key": "agentic.dev/code", "effect": "NoSchedule"}]
    assert kind["scheduling"]["tolerations"] == [
        {"key": "agentic.dev/code", "operator": "Exists", "effect": "NoSchedule"}
    ]
    assert pool["metadata"]["labels"] == {"agentic.dev/pool": "code"}


def test_a_program_leaves_memory_to_the_server_beside_it() -> None:
    """Or the kernel would end the server, and nobody would hear what became of the call."""
    tool = adapted(TOOLS["run-python"])
    assert tool is not None
    limit = int(parse(tool.resources.memory_limit))
    assert config("run-python", tool, tool_wiring())["memory_bytes"] == limit * 3 // 4


def test_nodes_for_code_are_those_that_the_stack_says_with_all_of_their_budgets() -> None:
    said = SandboxSpec.model_validate(
        {
            "pool": {
                "limit_cpu": 16,
                "max_vcpu": 8,
                "weight": 5,
                "budgets": [
                    {"nodes": "0", "schedule": "0 8 * * *", "duration_hours": 2, "reasons": ["Drifted"]}
                ],
            }
        }
    )
    pool = sandbox.node_pool(cpu_node_pool(said.pool, "karpenter"))
    assert pool["disruption"]["budgets"] == [
        {"nodes": "0", "schedule": "0 8 * * *", "duration": "2h", "reasons": ["Drifted"]}
    ]
    assert (pool["weight"], pool["limits"]["cpu"]) == (5, "16")
    assert pool["template"]["spec"]["nodeClassRef"]["name"] == "code"


def test_a_node_without_gvisor_does_not_join() -> None:
    data = sandbox.user_data(SandboxSpec(gvisor_release="20260511"))
    assert "set -euo pipefail" in data
    assert "systemctl poweroff" in data, "nodeadm starts after a script that failed, too"
    assert "sha512sum --check" in data
    assert "https://storage.googleapis.com/gvisor/releases/release/20260511/$(uname -m)/$part" in data
    assert 'runtime_type = "io.containerd.runsc.v1"' in data
    assert data.count("--gvisor\n") == 2
    assert data.rstrip().endswith("--gvisor--")


def test_no_other_pool_tolerates_code_and_no_other_tool_gets_there() -> None:
    for name in TOOLS:
        if adapted(TOOLS[name]) and name != "run-python":
            assert "runtimeClassName" not in pod(name)["spec"]
            assert "tolerations" not in pod(name)["spec"]


def test_a_changed_schema_restarts_its_own_server_and_no_other() -> None:
    tool = TOOLS["web-search"]
    assert isinstance(tool, ApiToolSpec)
    changed = tool.model_copy(update={"timeout_seconds": 31})

    def digest(one: ApiToolSpec) -> str:
        return deployment("web-search", one, tool_wiring())["template"]["metadata"]["annotations"][
            "agentic.dev/tool"
        ]

    assert digest(tool) == digest(tool.model_copy())
    assert digest(tool) != digest(changed)


def test_what_a_server_is_told_keeps_its_letters() -> None:
    tool = TOOLS["web-search"].model_copy(update={"description": "웹에서 문서를 검색합니다."})
    assert isinstance(tool, ApiToolSpec)
    told = files("web-search", tool, tool_wiring())["tool.json"]
    assert "웹에서 문서를 검색합니다." in told
    assert json.loads(told)["description"] == "웹에서 문서를 검색합니다."


def test_an_agent_waits_a_little_longer_than_the_call() -> None:
    spec = remote_server("web-search", TOOLS["web-search"], {})
    assert spec["url"] == "http://tool-web-search.ai-tools.svc:8080/mcp"
    assert spec["timeout"] == "35s"


def test_a_server_that_is_there_already_is_told_the_token_by_those_who_call() -> None:
    spec = remote_server("weather", THERE, {})
    assert spec["url"] == "http://weather.ai-inference.svc:9000/mcp"
    assert spec["headersFrom"] == [
        {"name": "X-Team", "value": "support"},
        {
            "name": "Authorization",
            "valueFrom": {"type": "Secret", "name": "tool-weather-token", "key": "authorization"},
        },
    ]


def test_a_server_outside_is_reached_at_its_door_with_the_token_of_those_who_call() -> None:
    outside = THERE.model_copy(update={"mcp_url": "https://mcp.example.com/mcp"})
    door = "http://egress-proxy.egress.svc:12345/mcp"
    spec = remote_server("weather", outside, {"weather": door})
    assert spec["url"] == door
    assert spec["headersFrom"] == remote_server("weather", THERE, {})["headersFrom"]


def test_a_server_of_ones_own_is_run_by_kmcp_and_leaves_by_its_own_door() -> None:
    tools = {"issues": OWN}
    spec = mcp_server("issues", OWN, tool_wiring(tools))
    assert spec["transportType"] == "http"
    assert spec["deployment"]["env"]["HTTPS_PROXY"].startswith("http://egress-proxy.egress.svc:2")
    assert spec["deployment"]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert remote_server("issues", OWN, {})["url"] == "http://tool-issues.ai-tools.svc:8080/mcp"


def test_each_way_of_a_tool_is_in_the_plan_once(plan: Plan) -> None:
    servers = {one.inputs["metadata"]["name"] for one in plan.all(DEPLOYMENT)}
    assert {"tool-web-search", "tool-run-python", "tool-search-knowledge-base"} <= servers
    assert not {"tool-issues", "tool-weather", "tool-confirm-identity"} & servers
    assert plan.one("kubernetes:kagent.dev/v1alpha1:MCPServer").inputs["metadata"]["name"] == "tool-issues"
    assert len(plan.all(REMOTE)) == 7, "every tool but the person"
    assert {one.inputs["metadata"]["namespace"] for one in plan.all(REMOTE)} == {"ai-agents"}


def test_a_supplied_token_is_read_where_it_is_used(plan: Plan) -> None:
    homes = {"tool-web-search-token": "ai-tools", "tool-weather-token": "ai-agents"}
    tokens = [one.inputs for one in plan.all(EXTERNAL) if one.inputs["metadata"]["name"] in homes]
    assert {one["metadata"]["name"]: one["metadata"]["namespace"] for one in tokens} == homes
    for one in tokens:
        assert one["spec"]["target"]["name"] == one["metadata"]["name"]
        (read,) = one["spec"]["data"]
        assert read["remoteRef"]["key"].startswith("arn:aws:secretsmanager:")
        assert one["spec"]["target"]["template"]["data"] == {"authorization": 'Bearer {{ index . "token" }}'}


def test_two_tools_with_two_keys_of_one_secret_read_each_their_own(capture: Capture) -> None:
    first = cast("ApiToolSpec", TOOLS["web-search"])
    assert first.auth is not None
    other = first.model_copy(update={"auth": first.auth.model_copy(update={"key": "other"})})
    plan = capture(lambda: scene.everything({}, {}, {"first": first, "second": other}))
    read = {
        one.inputs["metadata"]["name"]: [key["remoteRef"]["property"] for key in one.inputs["spec"]["data"]]
        for one in plan.all(EXTERNAL)
    }
    assert read == {"tool-first-token": ["token"], "tool-second-token": ["other"]}
    mounted = {
        one.inputs["metadata"]["name"]: [
            volume["secret"]["secretName"]
            for volume in one.inputs["spec"]["template"]["spec"]["volumes"]
            if "secret" in volume
        ]
        for one in plan.all(DEPLOYMENT)
    }
    assert mounted["tool-first"] == ["tool-first-token"]
    assert mounted["tool-second"] == ["tool-second-token"]


def test_the_platforms_tools_search_as_a_user_who_may_do_nothing_else(plan: Plan) -> None:
    (login,) = [one.inputs for one in plan.all(EXTERNAL) if one.inputs["metadata"]["name"] == "milvus-reader"]
    assert login["metadata"]["namespace"] == "ai-tools"
    assert login["spec"]["data"][0]["remoteRef"] == {
        "key": "ai-dev/milvus-u-default-reader",
        "property": "password",
    }
    assert login["spec"]["target"]["template"]["data"] == {"username": "u_default_reader"}


def test_declared_pods_are_those_of_the_plan(plan: Plan) -> None:
    declared = {one.name: one for one in pods({**TOOLS, **scene.MORE})}
    planned = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]
        for one in plan.all(DEPLOYMENT)
        if one.inputs["metadata"]["namespace"] == "ai-tools"
    }
    assert set(declared) == {*planned, "tool-issues"}
    for name, spec in planned.items():
        assert declared[name].labels.items() <= spec["template"]["metadata"]["labels"].items()
        assert spec["selector"]["matchLabels"].items() <= declared[name].labels.items()
        assert declared[name].replicas == spec["replicas"]
