"""The whole program in its variants: what every stack has in common, whatever it says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from ruamel.yaml import YAML

from agentic.check.custom_objects import custom_objects
from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from stacks.config import PlatformConfig, load, parse
from stacks.names import role_holders
from tests.stacks.project import EXISTING_NETWORK, SOUND
from tests.stacks.test_needs import SWITCHES

AUTO = ("{mode: karpenter}", "{mode: auto}")
EXISTING = ("network: {cidr: 10.0.0.0/16}\n", EXISTING_NETWORK)
PROTECTED = ("    environment: dev\n", "    environment: prod\n    protection: {protect: true}\n")
TWO_TENANTS = (
    "    tenants:\n",
    '    tenants:\n      tenant-b: {owner: team-b, cost_center: "4712", gpus: {l4: 4}}\n',
)
OFF: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "data.milvus": ({"milvus"}, ()),
    "data.postgres": (set(), ("observability.langfuse",)),
    "observability.alerts": (set(), ()),
    "observability.dashboards": (set(), ()),
    "observability.dcgm_exporter": ({"dcgm-exporter"}, ()),
    "observability.langfuse": ({"langfuse", "clickhouse-operator"}, ()),
    "observability.otel": ({"otel-agent", "otel-gateway"}, ()),
    "observability.prometheus": (
        {"kube-prometheus-stack", "prometheus-operator-crds"},
        ("services.opencost",),
    ),
    "services.argocd": (set(), ()),
    "services.cert_manager": (
        {"cert-manager"},
        ("observability.langfuse", "services.keda", "data.cache", "gateway"),
    ),
    "services.external_dns": (set(), ()),
    "services.external_secrets": (
        {"external-secrets"},
        (
            *("data.cache", "data.milvus", "data.postgres"),
            *("gateway", "observability.langfuse", "observability.prometheus", "services.opencost"),
        ),
    ),
    "services.gpu_readiness": ({"nvidia-device-plugin", "dcgm-exporter"}, ()),
    "services.keda": ({"keda"}, ()),
    "services.load_balancer_controller": ({"aws-load-balancer-controller"}, ("gateway",)),
    "services.metrics_server": ({"metrics-server"}, ()),
    "services.opencost": ({"opencost"}, ()),
    "services.smoke": (set(), ()),
}
"""Each part with a switch: the releases that go with it, and what has to be off before."""
RELEASE = "kubernetes:helm.sh/v3:Release"
ROLE = "aws:iam/role:Role"
CLUSTER = "aws:eks/cluster:Cluster"


def _object(*changes: tuple[str, str]) -> dict[str, Any]:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return YAML(typ="safe").load(text)["config"]["agentic-platform:platform"]


def _captured(capture: Capture, raw: dict[str, Any]) -> Plan:
    # Here and not above, because the SDK warns on import before pytest's filters hold.
    from stacks.outputs import export
    from stacks.platform import Platform

    return capture(lambda: export(Platform(load())), config={"agentic-platform:platform": json.dumps(raw)})


@pytest.fixture(scope="module")
def whole(capture: Capture) -> Plan:
    return _captured(capture, _object())


@pytest.fixture(scope="module")
def longest(capture: Capture) -> Plan:
    raw = _object()
    raw["cluster"]["name"] = "a" * 32
    return _captured(capture, raw)


@pytest.fixture(
    scope="module",
    params=[(AUTO,), (EXISTING,), (AUTO, EXISTING), (PROTECTED, TWO_TENANTS)],
    ids=["auto", "existing", "auto-existing", "protected"],
)
def variant(request: pytest.FixtureRequest, capture: Capture) -> tuple[PlatformConfig, Plan]:
    raw = _object(*request.param)
    return parse(raw, "x"), _captured(capture, raw)


def _kubernetes(plan: Plan) -> list[Resource]:
    return [resource for resource in plan if resource.custom and resource.type.startswith("kubernetes:")]


def _urns(resources: Iterable[Resource]) -> list[str]:
    return [resource.urn for resource in resources]


def test_a_cache_of_somebody_else_has_no_user_and_no_secret_of_a_tenants(capture: Capture) -> None:
    raw = _object()
    raw |= {
        "data": {"cache": {"mode": "external", "secret": "openai"}},
        "rate_limit": {"enabled": False},
    }
    plan = _captured(capture, raw)
    assert not [one.name for one in plan if one.type == "agentic:cache:TenantCache"]
    assert not [one.name for one in plan if one.name.startswith("cache-tenant-")]


def test_every_resource_goes_through_a_provider_that_the_program_made(
    variant: tuple[PlatformConfig, Plan],
) -> None:
    """A default provider would use whatever account and cluster the shell points at."""
    _, plan = variant
    without = [
        resource.urn
        for resource in plan
        if resource.custom and not resource.provider and not resource.type.startswith("pulumi:providers:")
    ]
    assert without == []


def test_the_aws_provider_refuses_every_account_but_the_stated_one(whole: Plan) -> None:
    provider = whole.one("pulumi:providers:aws")
    assert json.loads(provider.inputs["allowedAccountIds"]) == ["111122223333"]
    assert provider.inputs["region"] == "us-east-1"
    assert json.loads(provider.inputs["defaultTags"])["tags"]["CostCenter"] == "r-and-d"


def test_the_deployer_may_enter_until_nothing_is_left_inside(variant: tuple[PlatformConfig, Plan]) -> None:
    _, plan = variant
    way_in = [resource.urn for resource in plan if "deployer" in resource.name]
    assert len(way_in) == 2
    assert plan.deleted_before(_urns(_kubernetes(plan)), way_in)
    assert plan.deleted_before(way_in, plan.one(CLUSTER).urn)


def test_every_object_waits_for_what_installs_its_kind(
    variant: tuple[PlatformConfig, Plan],
) -> None:
    """Else a new cluster is asked for a kind that it may not have yet, and `up` fails by chance."""
    _, plan = variant
    objects = list(custom_objects(plan))
    assert objects
    assert [one for one in objects if not one.comes_after] == []


def test_nodes_are_drained_before_anything_that_drains_them_goes(
    variant: tuple[PlatformConfig, Plan],
) -> None:
    config, plan = variant
    pools = [r.urn for r in _kubernetes(plan) if r.type == "kubernetes:karpenter.sh/v1:NodePool"]
    assert len(pools) == 2
    keepers = (
        [plan.one(RELEASE, "karpenter").urn, plan.one("aws:eks/nodeGroup:NodeGroup").urn]
        if config.compute.mode == "karpenter"
        else [
            r.urn
            for r in plan
            if r.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment" and "basis" in r.name
        ]
    )
    assert plan.deleted_before(pools, keepers)
    assert plan.deleted_before(pools, plan.one(CLUSTER).urn)


def test_what_holds_a_stack_together_is_protected_where_that_was_said(
    variant: tuple[PlatformConfig, Plan],
) -> None:
    config, plan = variant
    protected = {resource.type for resource in plan if resource.options.get("protect")}
    expected = (
        {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "eks:index:Cluster", "aws:kms/key:Key"}
        if config.protection.protect
        else set()
    )
    assert protected >= expected
    assert bool(protected) is config.protection.protect


def test_of_a_vpc_that_exists_nothing_is_made_and_only_tags_are_set(
    variant: tuple[PlatformConfig, Plan],
) -> None:
    config, plan = variant
    network = [r.type for r in plan if "agentic:network:Network" in r.urn and r.custom]
    if config.network.mode == "existing":
        assert set(network) == {"aws:ec2/tag:Tag"}
    else:
        assert "aws:ec2/vpc:Vpc" in network


def test_aws_runs_nodes_in_auto_mode_and_nothing_of_ours_does(variant: tuple[PlatformConfig, Plan]) -> None:
    config, plan = variant
    releases = {release.name for release in plan.all(RELEASE)}
    ours = {"karpenter", "karpenter-crd", "aws-load-balancer-controller", "nvidia-device-plugin"}
    if config.compute.mode == "auto":
        assert releases & ours == set()
        assert plan.all("aws:eks/nodeGroup:NodeGroup") == []
        assert plan.one(CLUSTER).inputs["computeConfig"]["enabled"] is True
    else:
        assert releases >= ours


def test_every_role_is_one_whose_name_was_checked(variant: tuple[PlatformConfig, Plan]) -> None:
    config, plan = variant
    names = [role.inputs["name"] for role in plan.all(ROLE)]
    assert set(names) <= role_holders(config.place, config.tenants, config.models).keys()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        (ROLE, 64),
        ("aws:iam/policy:Policy", 128),
        ("aws:sqs/queue:Queue", 80),
        ("aws:cloudwatch/eventRule:EventRule", 64),
    ],
)
def test_names_fit_their_service_even_where_the_cluster_has_the_longest(
    longest: Plan, kind: str, limit: int
) -> None:
    names = [resource.inputs["name"] for resource in longest.all(kind)]
    assert names
    assert max(map(len, names)) <= limit
    assert len(set(names)) == len(names)


def test_no_two_objects_of_a_kind_have_one_name(variant: tuple[PlatformConfig, Plan]) -> None:
    _, plan = variant
    keys = Counter(
        (r.type, r.section("metadata").get("namespace"), r.section("metadata").get("name"))
        for r in _kubernetes(plan)
        if r.type != RELEASE
    )
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("path", sorted(OFF))
def test_a_part_that_is_off_takes_its_releases_along_and_no_other(capture: Capture, path: str) -> None:
    raw = _object()
    releases, users = OFF[path]
    for user in users:
        _switch_off(raw, user)
    if path == "services.external_secrets":
        del raw["tenants"]["tenant-a"]["secrets"]
    before = {release.name for release in _captured(capture, raw).all(RELEASE)}
    if path == "services.gpu_readiness":
        del raw["gpu_pools"], raw["tenants"]["tenant-a"]["gpus"]
    _switch_off(raw, path)
    after = {release.name for release in _captured(capture, raw).all(RELEASE)}
    assert (before - after, after - before) == (releases, set())


def test_every_part_with_a_switch_is_tried_without() -> None:
    assert set(OFF) == set(SWITCHES)


def _switch_off(raw: dict[str, Any], path: str) -> None:
    section, _, part = path.partition(".")
    if not part:
        raw.setdefault(section, {})["enabled"] = False
        return
    off = {"mode": "off"} if path == "data.cache" else {"enabled": False}
    raw.setdefault(section, {}).setdefault(part, {}).update(off)


def test_a_second_tenant_changes_nothing_of_the_first(capture: Capture, whole: Plan) -> None:
    plan = _captured(capture, _object(TWO_TENANTS))
    changed = [
        urn
        for urn in (resource.urn for resource in whole)
        if "tenant-a" in urn and plan.by_urn(urn) != whole.by_urn(urn)
    ]
    assert changed == []
    assert any("tenant-a" in resource.urn for resource in whole)


def test_outputs_are_names_and_addresses(whole: Plan) -> None:
    assert whole.outputs == {
        "access": {
            "tenant-a": {
                "models": "https://ai.example.com/v1",
                "agents": "https://ai.example.com/api/a2a/tenant-a",
                "scope": "gateway/invoke",
                "clientId": whole.outputs["clientIds"]["tenant-a"],
                "example": 'curl -H "Authorization: Bearer $TOKEN" https://ai.example.com/v1/models',
            }
        },
        "accountId": "111122223333",
        "clusterName": whole.outputs["clusterName"],
        "clientIds": {"tenant-a": whole.outputs["clientIds"]["tenant-a"]},
        "environment": "dev",
        "gatewayInternalUrl": "http://ai-gateway-internal.ai-gateway.svc:8080",
        "gatewayScope": "gateway/invoke",
        "gatewayUrl": "https://ai.example.com",
        "kubeconfigCommand": "aws eks update-kubeconfig --name ai-dev --region us-east-1",
        "region": "us-east-1",
        "tenants": ["tenant-a"],
        "tokenEndpoint": "https://ai-dev-111122223333.auth.us-east-1.amazoncognito.com/oauth2/token",
        "vpcId": "@{aws:ec2/vpc:Vpc::platform.id}",
    }
