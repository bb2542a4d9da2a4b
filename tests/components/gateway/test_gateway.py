"""The captured plan of a gateway with everything."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.charts.pods import PodClass
from components.gateway.metrics import SOURCES
from components.gateway.pods import pods
from components.gateway.spec import Catalogue, GatewaySpec
from components.isolation.flows import gateway as flows
from components.login.spec import LABELS as LOGIN_LABELS
from components.rate_limit.spec import LABELS as RATE_LIMIT_LABELS
from tests.components.gateway import scene

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"
POLICY = "kubernetes:agentgateway.dev/v1alpha1:AgentgatewayPolicy"
BACKEND = "kubernetes:agentgateway.dev/v1alpha1:AgentgatewayBackend"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
GRANT = "kubernetes:gateway.networking.k8s.io/v1:ReferenceGrant"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
RELEASE = "kubernetes:helm.sh/v3:Release"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(scene.everything)


def named(plan: Plan, kind: str) -> dict[str, Any]:
    return {one.inputs["metadata"]["name"]: one for one in plan.all(kind)}


def test_kinds_then_controller_then_gateway_then_policies_then_routes(plan: Plan) -> None:
    """And back in reverse: a route without its policy would answer everybody."""
    definitions = plan.one("kubernetes:yaml/v2:ConfigFile", "gateway-api").urn
    crds, controller = plan.one(RELEASE, "agentgateway-crds").urn, plan.one(RELEASE, "agentgateway").urn
    gateway = plan.one(GATEWAY).urn
    identity = named(plan, POLICY)["identity"].urn
    order = [definitions, crds, controller, gateway, identity]
    for earlier, later in pairwise(order):
        assert plan.deleted_before(later, earlier), (later, earlier)
    for route in plan.all(ROUTE):
        for policy in plan.all(POLICY):
            assert plan.deleted_before(route.urn, policy.urn), (route.name, policy.name)


def test_definitions_stay_when_a_stack_goes(plan: Plan) -> None:
    for one in plan.all("kubernetes:yaml/v2:ConfigFile"):
        assert one.options.get("retain_on_delete"), one.name
        assert "/v1.6." in one.inputs["file"] or "/v0.10.0/" in one.inputs["file"]


def test_a_route_comes_after_what_it_refers_to(plan: Plan) -> None:
    backends, granted = named(plan, BACKEND), plan.all(GRANT)
    route = named(plan, ROUTE)["model-mixtral-8x7b"].urn
    for before in (backends["mixtral"].urn, backends["mixtral-canary"].urn, *(one.urn for one in granted)):
        assert plan.deleted_before(route, before)


def test_a_policy_comes_after_the_keys_that_it_asks_for(plan: Plan) -> None:
    """Before them, and for as long, it would refuse everybody; without the issuer's address it would be rejected."""
    keys = [
        one.urn
        for one in plan.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        if one.inputs["metadata"]["name"].startswith("accepted-gateway-key-")
    ]
    assert len(keys) == 3, "the platform's and the tenants'"
    for policy in plan.all(POLICY):
        for before in (*keys, named(plan, BACKEND)["identity-keys"].urn):
            assert plan.deleted_before(policy.urn, before), (policy.name, before)


def test_the_platforms_own_agents_are_callers_like_tenants(plan: Plan) -> None:
    """Without a tier no limit would be theirs, and left out of the known keys they would be refused."""
    made = named(plan, POLICY)
    internal = made["internal-identity"].inputs["spec"]["traffic"]
    assert '"platform"' in internal["authorization"]["policy"]["matchExpressions"][0]
    tier = internal["transformation"]["request"]["set"][1]
    assert (tier["name"], '"platform": "standard"' in tier["value"]) == ("x-tier", True)


def test_one_policy_for_each_target_and_phase(plan: Plan) -> None:
    """Of two that set the same field the later wins, and both report Accepted."""
    seen: set[tuple[str, str, str, str, str]] = set()
    for one in plan.all(POLICY):
        traffic = one.inputs["spec"].get("traffic", {})
        for target in one.inputs["spec"]["targetRefs"]:
            for area in sorted(set(traffic) - {"phase", "authorization"}):
                key = (
                    target["kind"],
                    target["name"],
                    target.get("sectionName", ""),
                    traffic.get("phase", ""),
                    area,
                )
                assert key not in seen, (one.name, key)
                seen.add(key)


def test_every_listener_but_the_redirect_asks_who_calls(plan: Plan) -> None:
    asked = {
        target.get("sectionName")
        for one in plan.all(POLICY)
        for target in one.inputs["spec"]["targetRefs"]
        if {"jwtAuthentication", "apiKeyAuthentication", "extAuth"}
        & set(one.inputs["spec"].get("traffic", {}))
    }
    listeners = {one["name"] for one in plan.one(GATEWAY).inputs["spec"]["listeners"]}
    assert listeners - asked == {"redirect", "login"}


def test_every_route_is_on_listeners_that_exist(plan: Plan) -> None:
    listeners = {one["name"] for one in plan.one(GATEWAY).inputs["spec"]["listeners"]}
    for route in (*plan.all(ROUTE), *plan.all(ROUTE.replace("HTTPRoute", "GRPCRoute"))):
        assert {parent["sectionName"] for parent in route.inputs["spec"]["parentRefs"]} <= listeners


def test_every_reference_to_another_namespace_is_granted(plan: Plan) -> None:
    granted = {
        (one.inputs["metadata"]["namespace"], to["kind"], to["name"])
        for one in plan.all(GRANT)
        for to in one.inputs["spec"]["to"]
    }
    for route in plan.all(ROUTE):
        for rule in route.inputs["spec"]["rules"]:
            for ref in rule.get("backendRefs", []):
                if ref["namespace"] != "ai-gateway":
                    assert (ref["namespace"], ref["kind"], ref["name"]) in granted
    assert ("observability", "Service", "otel-collector") in granted


def test_every_backend_that_a_route_names_is_made(plan: Plan) -> None:
    made = {
        (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]) for one in plan.all(BACKEND)
    }
    for route in plan.all(ROUTE):
        for rule in route.inputs["spec"]["rules"]:
            for ref in rule.get("backendRefs", []):
                if ref["kind"] == "AgentgatewayBackend":
                    assert (ref["namespace"], ref["name"]) in made


def test_a_tenants_token_is_known_by_its_clients_id(plan: Plan) -> None:
    identity = named(plan, POLICY)["identity"].inputs["spec"]["traffic"]
    tenant = identity["transformation"]["request"]["set"][0]["value"]
    for name in ("tenant-a", "tenant-b"):
        assert f'"@{{{CLIENT}::identity-{name}.id}}": "{name}"' in tenant
    assert '"made-by-hand": "tenant-b"' in tenant
    assert tenant.endswith("[jwt.client_id]")
    assert identity["authorization"]["policy"]["matchExpressions"][1:] == [
        'jwt.token_use == "access"',
        'jwt.scope.split(" ").exists(s, s == "gateway/invoke")',
        'jwt.client_id in ["made-by-hand"] || '
        + "{"
        + ", ".join(f'"@{{{CLIENT}::identity-{name}.id}}": "{name}"' for name in ("tenant-a", "tenant-b"))
        + '}[jwt.client_id] in jwt["cognito:groups"]',
    ]


def test_a_tenant_more_is_its_own_client_and_key_and_no_others(capture: Capture) -> None:
    def program(*more: str) -> Plan:
        access = {**scene.ACCESS, **dict.fromkeys(more, scene.ACCESS["tenant-a"])}
        return capture(lambda: cast("None", scene.gateway(access=access)))

    before, after = program(), program("tenant-c")
    old = {one.urn: one.inputs for one in before.resources}
    new = {one.urn: one.inputs for one in after.resources}
    assert [one.split("::")[-1] for one in new.keys() - old.keys()] == [
        "gateway-externalsecret-accepted-gateway-key-tenant-c"
    ]
    changed = sorted(urn.split("::")[-1] for urn in old if old[urn] != new[urn])
    # Who is who, and who may: objects that proxies read as they change. No pod, no release.
    assert changed == [f"gateway-agentgatewaypolicy-{name}" for name in ("identity", "internal-identity")]


def test_the_gateway_goes_by_cpu_or_by_requests_and_never_both(capture: Capture) -> None:
    for prometheus in (None, "http://prometheus:9090"):
        made = capture(lambda: cast("None", scene.gateway(keda_prometheus=prometheus)))  # noqa: B023
        scaled = made.all("kubernetes:keda.sh/v1alpha1:ScaledObject")
        (one,) = made.all("kubernetes:agentgateway.dev/v1alpha1:AgentgatewayParameters")
        assert len(scaled) + ("horizontalPodAutoscaler" in one.inputs["spec"]) == 1


def test_without_parts_there_is_nothing_of_theirs(capture: Capture) -> None:
    spec = GatewaySpec(host=scene.HOST)
    made = capture(
        lambda: cast(
            "None",
            scene.gateway(
                spec,
                catalogue=Catalogue(),
                pages=(),
                counting=None,
                agents=False,
                collector=False,
                monitored=False,
            ),
        )
    )
    assert set(named(made, ROUTE)) == {"redirect", "models"}
    assert set(named(made, POLICY)) == {"identity", "internal-identity", "limits", "frontend", "model-list"}
    assert made.all(GRANT) == []
    assert made.all("aws:iam/role:Role") == []


def test_a_tenants_agents_are_behind_its_own_controller_which_the_gateway_knows_by_name(
    capture: Capture,
) -> None:
    """Its controller looks into no tenant's namespace: a Service there would be unknown, and the route dead."""
    made = capture(lambda: cast("None", scene.gateway(tenants_with_agents=("tenant-a", "tenant-b"))))
    routes, backends, policies = named(made, ROUTE), named(made, BACKEND), named(made, POLICY)
    (rule,) = routes["tenant-agents-tenant-a"].inputs["spec"]["rules"]
    (match,), (reference,) = rule["matches"], rule["backendRefs"]
    assert match == {"path": {"type": "PathPrefix", "value": "/api/a2a/tenant-a"}}
    assert (reference["kind"], reference["namespace"], reference["name"]) == (
        "AgentgatewayBackend",
        "ai-gateway",
        "tenant-agents-tenant-a",
    )
    assert backends["tenant-agents-tenant-a"].inputs["spec"]["static"] == {
        "host": "tenant-a-kagent-controller.tenant-a.svc.cluster.local",
        "port": 8083,
    }
    assert {one.inputs["metadata"]["namespace"] for one in made.all(GRANT)}.isdisjoint(
        {"tenant-a", "tenant-b"}
    )
    closing = policies["tenant-agents-tenant-a"].inputs["spec"]
    assert [one["name"] for one in closing["targetRefs"]] == ["tenant-agents-tenant-a"]
    assert (
        closing["traffic"]["authorization"]
        == policies["own-agents"].inputs["spec"]["traffic"]["authorization"]
    )
    for route, policy in (("tenant-agents-tenant-a", "tenant-agents-tenant-a"), ("agents", "own-agents")):
        assert policies[policy].urn in routes[route].dependencies, "closed before it is routed"


def test_the_platforms_route_leads_to_no_tenants_agent(capture: Capture) -> None:
    made = capture(lambda: cast("None", scene.gateway(tenants_with_agents=("tenant-a",))))
    (rule,) = named(made, ROUTE)["agents"].inputs["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/api/a2a/ai-agents"}}]
    assert rule["backendRefs"][0]["namespace"] == "ai-agents"


def test_a_tenant_with_agents_more_changes_no_route_and_no_policy(capture: Capture) -> None:
    def planned(*tenants: str) -> dict[str, Any]:
        made = capture(lambda: cast("None", scene.gateway(tenants_with_agents=tenants)))
        return {resource.urn: resource.inputs for resource in made}

    one, two = planned("tenant-a"), planned("tenant-a", "tenant-b")
    assert [urn for urn, inputs in one.items() if two.get(urn) != inputs] == []


def test_a_page_without_a_login_is_refused(capture: Capture) -> None:
    with pytest.raises(ValueError, match="gateway: grafana is behind a login, and no page is the login"):
        capture(lambda: cast("None", scene.gateway(pages=(scene.PAGES[1],))))


def test_proxies_have_no_rights_in_aws(plan: Plan) -> None:
    """The relay is the one way to providers: a proxy that could ask one itself would ask without a budget."""
    assert plan.all("aws:iam/role:Role") == []
    assert plan.all("aws:eks/podIdentityAssociation:PodIdentityAssociation") == []


def test_keys_are_assembled_in_the_cluster(plan: Plan) -> None:
    secrets = named(plan, "kubernetes:external-secrets.io/v1:ExternalSecret")
    spec = secrets["accepted-gateway-key-tenant-a"].inputs["spec"]
    template = spec["target"]["template"]
    assert template["data"] == {
        "tenant-a": '{"key": {{ .key | toJson }}, "metadata": {"tenant": "tenant-a"}}'
    }
    assert template["mergePolicy"] == "Replace", "a bare key would be taken, and belong to nobody"
    assert template["metadata"]["labels"] == {"agentic.dev/gateway-key": "true"}
    assert spec["data"] == [
        {"secretKey": "key", "remoteRef": {"key": "ai-dev/gateway-key-tenant-a", "property": "api-key"}}
    ]


def test_values_hold_nothing_that_only_the_cloud_knows(plan: Plan) -> None:
    for release in plan.all(RELEASE):
        assert release.unknowns == {}, release.name


def test_the_controller_reads_no_tenant(plan: Plan) -> None:
    (selector,) = plan.one(RELEASE, "agentgateway").inputs["values"]["discoveryNamespaceSelectors"]
    (expression,) = selector["matchExpressions"]
    assert expression["values"] == [
        "agentgateway-system",
        "ai-gateway",
        "ai-agents",
        "ai-inference",
        "observability",
    ]


def declared(kind: str) -> PodClass:
    (found,) = [one for one in pods(scene.SPEC) if one.name == kind]
    return found


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())


def test_the_declared_controller_is_the_one_that_the_chart_renders(rendered: dict[str, Any]) -> None:
    (there,) = rendered["charts"]["agentgateway"]["workloads"]
    ours = declared("agentgateway")
    assert (ours.namespace, ours.name, dict(ours.labels)) == (
        there["namespace"],
        there["name"],
        there["labels"],
    )
    assert [(port.name, port.number) for port in ours.ports] == [
        (port["name"], port["port"]) for port in there["ports"]
    ]
    assert (ours.pod_security.value, ours.service_account) == (
        there["pod_security"],
        there["service_account"],
    )


def test_the_declared_proxies_are_those_that_the_controller_makes(rendered: dict[str, Any]) -> None:
    there = rendered["operator_created"]["agentgateway proxy (Gateway ai-gateway)"]
    ours = declared("ai-gateway")
    assert (ours.namespace, dict(ours.labels), ours.service_account) == (
        there["namespace"],
        there["labels"],
        there["service_account"],
    )
    assert ours.port("metrics").number == 15020
    assert ours.pod_security.value == there["pod_security"]


def test_images_are_those_that_the_chart_pulls(rendered: dict[str, Any]) -> None:
    there = {image.partition(" ")[0] for image in rendered["charts"]["agentgateway"]["images"]}
    assert {image.reference.partition("@")[0] for one in pods(scene.SPEC) for image in one.images} == there


def test_flows_name_pods_that_exist() -> None:
    assert flows.PROXIES.labels.items() <= declared("ai-gateway").labels.items()
    assert flows.CONTROLLER.labels.items() <= declared("agentgateway").labels.items()
    assert flows.RATE_LIMIT.labels.items() <= RATE_LIMIT_LABELS.items()
    assert flows.LOGIN.labels.items() <= LOGIN_LABELS.items()


def test_a_series_is_scraped_by_the_job_it_is_declared_for(plan: Plan) -> None:
    (monitor,) = [
        one
        for one in plan.all("kubernetes:monitoring.coreos.com/v1:PodMonitor")
        if one.inputs["metadata"]["namespace"] == "ai-gateway"
    ]
    assert SOURCES[0].job == f"ai-gateway/{monitor.inputs['metadata']['name']}"
    assert monitor.inputs["spec"]["podMetricsEndpoints"][0]["port"] == "metrics"
