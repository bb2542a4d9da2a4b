"""Nobody but kagent's controller runs as it: said to a real API server, which refuses the others."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import Resource, ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.rehearse import rehearse
from components.charts import images
from components.kagent.accounts import NAME, REFUSED, TOKEN_MOUNT, policy
from components.kagent.guard import guard_pods
from components.kagent.pods import pods, tenant_pods
from components.kagent.spec import DATABASE_SECRET, KagentSpec
from components.kagent.values import DATABASE_MOUNT

MINE = images.KAGENT_CONTROLLER.reference
OTHER = images.KAGENT_APP.reference

REFUSALS: dict[str, dict[str, Any]] = {
    "another-image": {"image": OTHER},
    "a-likely-image": {"image": f"{images.KAGENT_CONTROLLER.repository}-of-mine:1"},
    "its-image-with-a-command": {"image": MINE, "command": ["sh"]},
    "its-image-with-arguments": {"image": MINE, "args": ["--help"]},
    "its-image-with-a-hook": {
        "image": MINE,
        "lifecycle": {"pre_stop": {"exec": {"command": ["/app"]}}},
    },
    **{
        f"its-image-with-a-{probe}-that-runs-it": {
            "image": MINE,
            f"{probe}_probe": {"exec": {"command": ["/app", "--kubeconfig", "/mine"]}},
        }
        for probe in ("liveness", "readiness", "startup")
    },
    "its-image-told-of-another-api": {
        "image": MINE,
        "env": [{"name": "KUBECONFIG", "value": f"{TOKEN_MOUNT}/namespace"}],
    },
}


def _with_a_note_as(path: str) -> dict[str, Any]:
    """The token's volume, with an annotation of the pod's own for one of its files."""
    note = {"path": path, "field_ref": {"field_path": "metadata.annotations['mine']"}}
    sources = [{"service_account_token": {"path": "token"}}, {"downward_api": {"items": [note]}}]
    return {"name": "token", "projected": {"sources": sources}}


DATABASE = {"name": "database", "secret": {"secret_name": DATABASE_SECRET}}
VOLUMES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a-program-over-its-own": (
        DATABASE,
        {"name": "database", "mount_path": "/app", "sub_path": "url"},
    ),
    "a-path-around-the-rule": (
        DATABASE,
        {"name": "database", "mount_path": f"{DATABASE_MOUNT}/../../../app", "sub_path": "url"},
    ),
    "another-secret": (
        {"name": "other", "secret": {"secret_name": "mine"}},
        {"name": "other", "mount_path": DATABASE_MOUNT},
    ),
    "an-authority-in-a-note": (
        _with_a_note_as("ca.crt"),
        {"name": "token", "mount_path": TOKEN_MOUNT},
    ),
    "another-api-in-a-note": (
        _with_a_note_as("namespace"),
        {"name": "token", "mount_path": TOKEN_MOUNT},
    ),
    "an-authority-of-its-own": (
        {
            "name": "token",
            "projected": {
                "sources": [
                    {"service_account_token": {"path": "token"}},
                    {"secret": {"name": "mine", "items": [{"key": "value", "path": "ca.crt"}]}},
                ]
            },
        },
        {"name": "token", "mount_path": TOKEN_MOUNT},
    ),
}


def a_pod(
    after: tuple[Resource, ...],
    name: str,
    account: str,
    *containers: dict[str, Any],
    first: dict[str, Any] | None = None,
    volumes: tuple[dict[str, Any], ...] = (),
) -> None:
    locked = {"allow_privilege_escalation": False, "capabilities": {"drop": ["ALL"]}}
    shared: dict[str, Any] = {"security_context": locked}
    spec: Any = {
        "service_account_name": account,
        "security_context": {"run_as_non_root": True, "seccomp_profile": {"type": "RuntimeDefault"}},
        "containers": [{"name": f"c{index}", **shared, **one} for index, one in enumerate(containers)],
        **({"init_containers": [{"name": "first", **shared, **first}]} if first else {}),
        **({"volumes": list(volumes)} if volumes else {}),
    }
    k8s.core.v1.Pod(
        name,
        metadata={"name": name, "namespace": "tenant-a"},
        spec=spec,
        opts=ResourceOptions(depends_on=list(after)),
    )


def program() -> None:
    home = k8s.core.v1.Namespace("tenant-a", metadata={"name": "tenant-a"})
    accounts = [
        k8s.core.v1.ServiceAccount(
            account,
            metadata={"name": account, "namespace": "tenant-a"},
            opts=ResourceOptions(depends_on=[home]),
        )
        for account in ("tenant-a-kagent-controller", "kagent-controller", "agent-support")
    ]
    after = (*accounts, *guard_pods("kagent", ResourceOptions()))
    for account in ("tenant-a-kagent-controller", "kagent-controller"):
        database = {"name": "database", "mount_path": DATABASE_MOUNT, "read_only": True}
        a_pod(
            after,
            f"good-{account}",
            account,
            {
                "image": MINE,
                "volume_mounts": [database],
                # As in the chart's pod.
                "env": [{"name": "AUTH_MODE", "value": "trusted-proxy"}],
                "readiness_probe": {"http_get": {"path": "/health", "port": 8083}},
            },
            volumes=(DATABASE,),
        )
        for name, container in REFUSALS.items():
            a_pod(after, f"bad-{name}-{account}", account, container)
        for name, (volume, mount) in VOLUMES.items():
            container = {"image": MINE, "volume_mounts": [mount]}
            a_pod(after, f"bad-{name}-{account}", account, container, volumes=(volume,))
        a_pod(after, f"bad-one-more-{account}", account, {"image": MINE}, {"image": OTHER})
        a_pod(after, f"bad-first-{account}", account, {"image": MINE}, first={"image": OTHER})
    a_pod(after, "good-agent", "agent-support", {"image": OTHER, "command": ["run"]})


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(program)


@pytest.mark.apiserver
@pytest.mark.xdist_group("apiserver")
def test_the_server_refuses_whoever_takes_a_controllers_account(plan: Plan, server: ApiServer) -> None:
    judged = rehearse(plan, server, at_hand=[], declared=())
    refused = {one.what: one.words for one in judged.rejected}
    wrong = {
        f"Pod tenant-a/{one.inputs['metadata']['name']}"
        for one in plan.all("kubernetes:core/v1:Pod")
        if one.inputs["metadata"]["name"].startswith("bad-")
    }
    assert set(refused) == wrong
    assert len(wrong) == 34
    assert {REFUSED in words for words in refused.values()} == {True}


def test_the_controllers_that_charts_bring_are_who_the_rule_is_about() -> None:
    """A controller of another image, or under another account's name, would be refused or free of the rule."""
    found = [*pods(KagentSpec()), *tenant_pods(KagentSpec(), ["tenant-a"])]
    controllers = [pod for pod in found if pod.containers[0].image == images.KAGENT_CONTROLLER]
    assert [pod.service_account for pod in controllers] == ["kagent-controller", "tenant-a-kagent-controller"]
    (condition,) = policy()["matchConditions"]
    assert "endsWith('-kagent-controller')" in condition["expression"]
    assert images.KAGENT_CONTROLLER.repository in policy()["validations"][0]["expression"]


def test_who_cannot_be_judged_is_not_let_in() -> None:
    assert policy()["failurePolicy"] == "Fail"


def test_it_is_in_force_and_not_only_written(plan: Plan) -> None:
    bindings = plan.all("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")
    (mine,) = [one.inputs["spec"] for one in bindings if one.inputs["metadata"]["name"] == NAME]
    assert mine == {"policyName": "kagent-accounts", "validationActions": ["Deny"]}
