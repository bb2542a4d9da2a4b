"""Who may do what, statement by statement: a test for each thing that is granted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.names import role_arn
from components.tenants.access import (
    KAGENT_RESOURCES,
    cost_tags,
    external_secret,
    namespace_labels,
    operator_group,
    operator_rules,
    reader_trust,
    viewer_group,
    viewer_rules,
)
from components.tenants.spec import TenantSpec

SPEC = TenantSpec(owner="team-a", cost_center="1000")
CRDS = Path(__file__).parents[4] / "shared" / "crds"
OPENAI = "arn:aws:secretsmanager:us-east-1:111122223333:secret:openai-AbCdEf"


def granted(rules: list[dict[str, list[str]]]) -> set[tuple[str, str, str]]:
    return {
        (group, resource, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def test_an_operator_has_full_use_of_agents() -> None:
    for verb in ("get", "list", "watch", "create", "update", "patch", "delete"):
        assert ("kagent.dev", "agents", verb) in granted(operator_rules([]))


def test_an_operator_only_looks_at_what_agents_run_as() -> None:
    core = {(resource, verb) for group, resource, verb in granted(operator_rules(["x"])) if group == ""}
    looked_at = {"pods", "pods/log", "services", "configmaps"}
    assert core == {(resource, verb) for resource in looked_at for verb in ("get", "list", "watch")} | {
        ("secrets", "get")
    }


def test_an_operator_gets_declared_secrets_by_name_and_lists_none() -> None:
    """`agent-*` is a name like any other in RBAC, and `list` is not narrowed by names."""
    (rule,) = [rule for rule in operator_rules(["search", "openai"]) if "secrets" in rule["resources"]]
    assert rule["resourceNames"] == ["openai", "search"]
    assert rule["verbs"] == ["get"]


def test_an_operator_gets_what_the_platform_gives_its_tenant_and_a_viewer_does_not(
    tenants_plan: Callable[..., Plan],
) -> None:
    """Whoever may make an agent can have it told any Secret of the namespace: not to let it read hides nothing."""
    roles = {
        one.inputs["metadata"]["name"]: one.inputs["rules"]
        for one in tenants_plan({"tenant-a": SPEC}, {"tenant-a": ("cache", "gateway-key-tenant-a")}).all(
            "kubernetes:rbac.authorization.k8s.io/v1:Role"
        )
    }
    (rule,) = [rule for rule in roles["tenant-operator"] if "secrets" in rule["resources"]]
    assert (rule["verbs"], rule["resourceNames"]) == (["get"], ["cache", "gateway-key-tenant-a"])
    assert "secrets" not in str(roles["tenant-viewer"])


def test_an_operator_without_declared_secrets_has_no_rule_about_secrets() -> None:
    assert not [rule for rule in operator_rules([]) if "secrets" in rule["resources"]]


@pytest.mark.parametrize("rules", [operator_rules(["openai"]), viewer_rules()])
def test_nobody_of_a_tenant_may_widen_what_the_tenant_may_do(rules: list[dict[str, list[str]]]) -> None:
    found = granted(rules)
    assert {group for group, _, _ in found} == {"kagent.dev", ""}
    text = str(found)
    for word in ("*", "external-secrets", "rolebindings", "networkpolicies", "pods/exec", "serviceaccounts"):
        assert word not in text


def test_a_viewer_changes_nothing() -> None:
    assert {verb for _, _, verb in granted(viewer_rules())} == {"get", "list", "watch"}
    assert {resource for group, resource, _ in granted(viewer_rules()) if group == ""} == {"pods", "pods/log"}


def test_groups_are_the_tenants_and_not_of_the_system() -> None:
    assert operator_group("tenant-a") == "tenant:tenant-a:operator"
    assert viewer_group("tenant-a") == "tenant:tenant-a:viewer"


def test_roles_name_kinds_that_exist() -> None:
    if not CRDS.exists():
        pytest.skip("no CRDs at hand: kagent's resource names were not compared")
    served = set[str]()
    for path in (*CRDS.glob("kagent/*/kagent.dev_*.yaml"), *CRDS.glob("kmcp/*/kagent.dev_*.yaml")):
        crd = yaml.safe_load(path.read_text())
        served |= {crd["spec"]["names"]["plural"]} if path.name != "kagent.dev_memories.yaml" else set()
    assert set(KAGENT_RESOURCES) <= served
    assert served - set(KAGENT_RESOURCES) == {"toolservers"}, "v1alpha1 only; tools are RemoteMCPServers now"


def test_the_reader_is_trusted_by_condition_and_so_can_be_made_first(place: Place) -> None:
    reader = role_arn(place, "external-secrets")
    (statement,) = reader_trust(place, reader)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": reader}}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_a_secret_arrives_whole_under_one_key() -> None:
    spec = external_secret("openai", OPENAI)
    assert spec["data"] == [{"secretKey": "value", "remoteRef": {"key": OPENAI}}]
    assert spec["target"]["name"] == "openai"
    assert spec["secretStoreRef"] == {"kind": "SecretStore", "name": "tenant"}


def test_labels_say_whose_the_namespace_is_and_who_pays() -> None:
    labels = namespace_labels("tenant-a", SPEC)
    assert labels["agentic.dev/tenant"] == "tenant-a"
    assert labels["agentic.dev/owner"] == "team-a"
    assert labels["agentic.dev/cost-center"] == "1000"


def test_a_tenants_aws_resources_are_booked_on_the_tenant() -> None:
    assert cost_tags("tenant-a", SPEC) == {"Tenant": "tenant-a", "Owner": "team-a", "CostCenter": "1000"}
