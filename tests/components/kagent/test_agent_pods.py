"""An agent's pods pass for nobody else's: said to a real API server, which refuses those that would."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.rehearse import rehearse
from components.agents.flows import agent_flows
from components.charts import images
from components.isolation.ends import Pods, TenantPods
from components.isolation.flows import TABLE
from components.kagent.agent_pods import HELD, NAME, NAME_LABEL, NAMED, TOOLS, policy
from components.kagent.guard import guard_pods
from components.kagent.names import NAMED_IN_FLOWS, taken_names
from components.kagent.pods import pods
from components.kagent.spec import KagentSpec, agent_labels
from components.tools.names import object_name

CALLED = {"named-like-a-tool": object_name("crm"), **{f"named-like-{one}": one for one in NAMED_IN_FLOWS}}
ACCOUNT = "kagent-kmcp-controller-manager"


def a_pod(name: str, labels: dict[str, str], account: str, opts: ResourceOptions) -> None:
    spec: Any = {
        "service_account_name": account,
        "security_context": {"run_as_non_root": True, "seccomp_profile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "kagent",
                "image": "registry.example/agent:1",
                "security_context": {
                    "allow_privilege_escalation": False,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
    }
    k8s.core.v1.Pod(
        name, metadata={"name": name, "namespace": "tenant-a", "labels": labels}, spec=spec, opts=opts
    )


def program() -> None:
    home = k8s.core.v1.Namespace("tenant-a", metadata={"name": "tenant-a"})
    accounts = [
        k8s.core.v1.ServiceAccount(
            account,
            metadata={"name": account, "namespace": "tenant-a"},
            opts=ResourceOptions(depends_on=[home]),
        )
        for account in (ACCOUNT, "mine")
    ]
    after = ResourceOptions(depends_on=[*accounts, *guard_pods("kagent", ResourceOptions())])
    mine = agent_labels("support")
    a_pod("good-agent", {**mine, NAME_LABEL: "support"}, "mine", after)
    a_pod("good-agent-without-a-name", mine, "mine", after)
    a_pod("good-tool", {NAME_LABEL: object_name("crm")}, "mine", after)
    a_pod("good-kmcp", {NAME_LABEL: "kmcp"}, ACCOUNT, after)
    a_pod("good-without-labels", {}, "mine", after)
    for name, called in CALLED.items():
        a_pod(f"bad-{name}", {**mine, NAME_LABEL: called}, "mine", after)
    a_pod("bad-account", mine, ACCOUNT, after)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(program)


@pytest.mark.apiserver
@pytest.mark.xdist_group("apiserver")
def test_the_server_refuses_agents_under_the_name_or_the_account_of_another_part(
    plan: Plan, server: ApiServer
) -> None:
    judged = rehearse(plan, server, at_hand=[], declared=())
    refused = {one.what: one.words for one in judged.rejected}
    assert set(refused) == {f"Pod tenant-a/bad-{name}" for name in (*CALLED, "account")}
    assert HELD in refused.pop("Pod tenant-a/bad-account")
    assert {NAMED in words for words in refused.values()} == {True}


def test_every_name_beside_agents_that_a_flow_is_about_is_refused_to_them() -> None:
    flows = (*TABLE, *agent_flows(["tenant-a"], ["agents", "gateway", "kagent", "prometheus"]))
    ends = [end for flow in flows for end in (flow.source, flow.target)]
    beside = [
        end
        for end in ends
        if isinstance(end, TenantPods) or (isinstance(end, Pods) and end.namespace == "ai-agents")
    ]
    assert {end.labels[NAME_LABEL] for end in beside if end.labels} == NAMED_IN_FLOWS
    assert object_name("crm").startswith(TOOLS)


def test_no_agent_of_the_stack_is_called_what_would_be_refused() -> None:
    assert taken_names(None) >= NAMED_IN_FLOWS
    assert taken_names("tenant-a") >= NAMED_IN_FLOWS


def test_the_account_is_that_of_the_controller_of_mcp_servers() -> None:
    (found,) = [pod for pod in pods(KagentSpec()) if pod.containers[0].image == images.KMCP_CONTROLLER]
    assert found.service_account == ACCOUNT
    assert ACCOUNT in HELD


def test_who_cannot_be_judged_is_not_let_in() -> None:
    assert policy()["failurePolicy"] == "Fail"


def test_it_is_in_force_and_not_only_written(plan: Plan) -> None:
    bindings = plan.all("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")
    (mine,) = [one.inputs["spec"] for one in bindings if one.inputs["metadata"]["name"] == NAME]
    assert mine == {"policyName": "kagent-agents", "validationActions": ["Deny"]}
