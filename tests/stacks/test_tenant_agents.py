"""A tenant's agents in a whole stack: what they bring, and that nobody else notices."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.plan.quota_sums import quota_sums
from stacks import stack_file
from stacks.config import load, parse
from stacks.credentials import declared_credentials, tenants_credentials
from stacks.pods import declared_pods
from tests.conftest import ROOT

RELEASE = "kubernetes:helm.sh/v3:Release"
AGENT = "kubernetes:kagent.dev/v1alpha2:Agent"


def _agent(tenant: str | None, **said: Any) -> dict[str, Any]:
    return {
        "type": "declarative",
        "description": "Answers what colleagues ask.",
        "model": {"name": "gpt-4"},
        "system_prompt": "You answer.",
        "scaling": {"min_replicas": 1, "max_replicas": 2},
        **({"tenant": tenant} if tenant else {}),
        **said,
    }


def _object(**agents: dict[str, Any]) -> dict[str, Any]:
    raw = stack_file.read(ROOT, "dev").platform
    plain = json.loads(json.dumps(raw))
    return {**plain, "agents": {"own": _agent(None), **agents}, "workflows": {}, "tools": {}}


def _captured(capture: Capture, **agents: dict[str, Any]) -> Plan:
    # Here and not above, because the SDK warns on import before pytest's filters hold.
    from stacks.outputs import export
    from stacks.platform import Platform

    told = {"agentic-platform:platform": json.dumps(_object(**agents))}
    return capture(lambda: export(Platform(load())), config=told)


@pytest.fixture(scope="module")
def none(capture: Capture) -> Plan:
    return _captured(capture)


@pytest.fixture(scope="module")
def one(capture: Capture) -> Plan:
    return _captured(capture, helper=_agent("tenant-b"))


@pytest.fixture(scope="module")
def both(capture: Capture) -> Plan:
    return _captured(capture, helper=_agent("tenant-b"), guide=_agent("tenant-a"))


def _changed(before: Plan, after: Plan) -> set[str]:
    new = {resource.urn: resource.inputs for resource in after}
    return {
        f"{resource.type.rpartition(':')[2]} {resource.name}"
        for resource in before
        if new.get(resource.urn) != resource.inputs
    }


def test_agents_cards_name_the_address_that_their_callers_can_ask(both: Plan) -> None:
    """The platform's answer to a key, which only pods have; a tenant's to its token."""
    said = {
        release.name: release.inputs["values"]["controller"]["a2aBaseUrl"]
        for release in both.all(RELEASE)
        if "a2aBaseUrl" in release.inputs["values"].get("controller", {})
    }
    outside = "https://ai-dev.example.com"
    assert said == {
        "kagent": "http://ai-gateway-internal.ai-gateway.svc:8080",
        "tenant-a-kagent": outside,
        "tenant-b-kagent": outside,
    }


EGRESS = {
    # Where proxies and Prometheus may go: another tenant's controller.
    "NetworkPolicy namespaces-ai-gateway-allow-ai-gateway-9d2931",
    "NetworkPolicy namespaces-observability-allow-prometheus",
}


def test_a_tenants_first_agent_changes_no_release_and_nothing_of_another_tenant(
    one: Plan, both: Plan
) -> None:
    assert _changed(one, both) == {*EGRESS, "ConfigMap smoke-tenant-a"}


def test_an_agent_more_of_a_tenant_changes_its_own_job_and_no_policy(both: Plan, capture: Capture) -> None:
    more = _captured(capture, helper=_agent("tenant-b"), guide=_agent("tenant-a"), scout=_agent("tenant-a"))
    assert _changed(both, more) == {"ConfigMap tenant-a.agents-sessions", "ConfigMap smoke-tenant-a"}


def test_the_platforms_controller_has_rights_in_no_tenants_namespace(none: Plan, both: Plan) -> None:
    shared = both.one(RELEASE, "kagent").inputs
    assert shared == none.one(RELEASE, "kagent").inputs
    assert shared["values"]["rbac"]["namespaces"] == ["ai-agents"]
    assert "tenant" not in json.dumps(shared["values"])


def test_a_tenant_without_agents_has_none_of_it(none: Plan, one: Plan) -> None:
    before = {resource.urn for resource in none}
    new = [resource for resource in one if resource.urn not in before]
    homes = {resource.inputs.get("metadata", {}).get("namespace") for resource in new}
    assert "tenant-b" in homes
    assert "tenant-a" not in homes
    assert [resource.name for resource in new if resource.name.startswith("tenant-a-")] == []
    assert [release.name for release in none.all(RELEASE) if release.name.endswith("-kagent")] == []


def test_a_tenants_agent_comes_after_its_own_controller_which_comes_after_its_database(both: Plan) -> None:
    agent, controller = both.one(AGENT, "tenant-a.agents-guide"), both.one(RELEASE, "tenant-a-kagent")
    assert agent.inputs["metadata"]["namespace"] == "tenant-a"
    assert controller.urn in agent.dependencies
    assert both.one(RELEASE, "kagent").urn not in agent.dependencies
    told = both.one("kubernetes:external-secrets.io/v1:ExternalSecret", "tenant-a-database-secret")
    assert told.urn in controller.dependencies
    assert both.one(RELEASE, "kagent-crds").urn in controller.dependencies
    assert both.one(RELEASE, "kagent").urn not in controller.dependencies


def test_each_namespace_ends_its_own_agents_conversations(both: Plan) -> None:
    for name, namespace, agent in (
        ("agents-sessions", "ai-agents", "ai_agents__NS__own"),
        ("tenant-a.agents-sessions", "tenant-a", "tenant_a__NS__guide"),
        ("tenant-b.agents-sessions", "tenant-b", "tenant_b__NS__helper"),
    ):
        script = both.one("kubernetes:core/v1:ConfigMap", name).inputs
        assert script["metadata"]["namespace"] == namespace
        assert script["data"]["expire.sql"].count("__NS__") == 1
        assert agent in script["data"]["expire.sql"]
        job = both.one("kubernetes:batch/v1:CronJob", name).inputs
        assert job["metadata"]["namespace"] == namespace


def test_what_runs_for_a_tenant_counts_in_its_quota(none: Plan, one: Plan) -> None:
    def pods(plan: Plan, agents: dict[str, Any]) -> Any:
        whole = replace(plan, pods=declared_pods(parse(_object(**agents), "x")))
        (line,) = [
            line
            for quota in quota_sums(whole).quotas
            for line in quota.lines
            if quota.namespace == "tenant-b" and line.resource == "pods"
        ]
        return line.peak

    before, after = pods(none, {}), pods(one, {"helper": _agent("tenant-b")})
    # Two agents and one while they are updated, a controller and one more, the job that ends conversations.
    assert after - before >= 4


def test_a_tenants_password_is_among_the_tenants_and_not_the_platforms() -> None:
    config = parse(_object(helper=_agent("tenant-b")), "x")
    names = {credential.name for credential in tenants_credentials(config)}
    assert "postgres-kagent-tenant-b" in names
    assert "postgres-kagent-tenant-a" not in names
    assert "postgres-kagent-tenant-b" not in {one.name for one in declared_credentials(config)}
