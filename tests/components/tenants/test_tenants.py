"""Tenants from captured plans: each complete, none in another, and the first unmoved by the second."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentic.plan.model import Plan, Resource
from components.isolation.ends import Port
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.tenants.checks import tenant_faults
from components.tenants.spec import TenantSpec

NAMESPACE = "kubernetes:core/v1:Namespace"
QUOTA = "kubernetes:core/v1:ResourceQuota"
LIMITS = "kubernetes:core/v1:LimitRange"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
IAM_ROLE = "aws:iam/role:Role"
IAM_POLICY = "aws:iam/rolePolicy:RolePolicy"
CRDS = Path(__file__).parents[4] / "shared" / "crds" / "external-secrets"

TenantsPlan = Callable[[Mapping[str, TenantSpec]], Plan]
A = TenantSpec(owner="team-a", cost_center="1000", gpus={"l4": 4}, secrets=["openai", "search"])
B = TenantSpec(owner="team-b", cost_center="2000", gpus={"l4": 4, "h100": 2}, secrets=["anthropic"])


@pytest.fixture(scope="module")
def both(tenants_plan: TenantsPlan) -> Plan:
    return tenants_plan({"tenant-a": A, "tenant-b": B})


def of(plan: Plan, tenant: str) -> dict[str, Resource]:
    """Every resource of one tenant, found by what it says and not by how it is named."""
    return {
        one.urn: one
        for one in plan
        if one.inputs.get("metadata", {}).get("namespace") == tenant
        or one.inputs.get("metadata", {}).get("name") == tenant
        or one.inputs.get("tags", {}).get("Tenant") == tenant
        or (one.type == IAM_POLICY and one.name == tenant)
    }


def text(resource: Resource) -> str:
    return json.dumps(
        {
            "inputs": resource.inputs,
            "parent": resource.parent,
            "dependencies": resource.dependencies,
            "options": resource.options,
        },
        sort_keys=True,
        default=str,
    )


def test_a_tenant_is_complete(both: Plan) -> None:
    for tenant, quotas, secrets in (("tenant-a", 3, 2), ("tenant-b", 4, 1)):
        kinds = [one.type for one in of(both, tenant).values()]
        counted = {kind: kinds.count(kind) for kind in set(kinds)}
        assert counted == {
            NAMESPACE: 1,
            QUOTA: quotas,
            LIMITS: 1,
            POLICY: 1,
            ROLE: 2,
            BINDING: 2,
            ACCOUNT: 1,
            STORE: 1,
            SECRET: secrets,
            IAM_ROLE: 1,
            IAM_POLICY: 1,
        }


def test_a_second_tenant_leaves_the_first_byte_for_byte(tenants_plan: TenantsPlan, both: Plan) -> None:
    alone = tenants_plan({"tenant-a": A})
    before, after = of(alone, "tenant-a"), of(both, "tenant-a")
    assert {urn: text(one) for urn, one in before.items()} == {urn: text(one) for urn, one in after.items()}
    others = {one.urn: text(one) for one in alone if one.urn not in before}
    assert others == {urn: text(both.by_urn(urn)) for urn in others}, "and everything they share"


def test_no_resource_of_one_tenant_names_another(both: Plan) -> None:
    for mine, other in (("tenant-a", "tenant-b"), ("tenant-b", "tenant-a")):
        for one in of(both, mine).values():
            assert other not in text(one)


def test_tenants_have_the_stated_gpus_by_pool(both: Plan) -> None:
    hard = {one.name: one.inputs["spec"]["hard"] for one in both.all(QUOTA)}
    assert hard["tenant-b-quota"]["requests.nvidia.com/gpu"] == "6"
    assert hard["tenant-b-gpu-l4"] == {"requests.nvidia.com/gpu": "4"}
    assert hard["tenant-b-gpu-h100"] == {"requests.nvidia.com/gpu": "2"}
    assert hard["tenant-b-no-gpu-pool"] == {"requests.nvidia.com/gpu": "0"}


def test_a_tenant_gets_no_gpus_unless_it_asks(tenants_plan: TenantsPlan) -> None:
    plan = tenants_plan({"tenant-c": TenantSpec(owner="team-c", cost_center="3000")})
    assert plan.one(QUOTA).inputs["spec"]["hard"] == {
        "requests.cpu": "20",
        "requests.memory": "40Gi",
        "limits.cpu": "40",
        "limits.memory": "80Gi",
        "pods": "50",
        "services": "10",
        "requests.nvidia.com/gpu": "0",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def test_a_tenant_without_secrets_has_no_role_and_no_store(tenants_plan: TenantsPlan) -> None:
    plan = tenants_plan({"tenant-c": TenantSpec(owner="team-c", cost_center="3000")})
    for type_token in (IAM_ROLE, IAM_POLICY, STORE, SECRET):
        assert plan.all(type_token) == []


def test_pods_of_a_tenant_are_restricted(both: Plan) -> None:
    for one in both.all(NAMESPACE):
        for mode in ("enforce", "audit", "warn"):
            assert one.inputs["metadata"]["labels"][f"pod-security.kubernetes.io/{mode}"] == "restricted"
            assert one.inputs["metadata"]["labels"][f"pod-security.kubernetes.io/{mode}-version"] == "v1.35"


def test_a_tenants_account_carries_no_token(both: Plan) -> None:
    for one in both.all(ACCOUNT):
        assert one.inputs["automountServiceAccountToken"] is False
        assert one.inputs["metadata"]["name"] == "tenant"


def test_groups_are_bound_to_the_roles_of_their_own_tenant(both: Plan) -> None:
    for one in both.all(BINDING):
        tenant = one.inputs["metadata"]["namespace"]
        (subject,) = one.inputs["subjects"]
        role = one.inputs["roleRef"]["name"].removeprefix("tenant-")
        assert subject == {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "Group",
            "name": f"tenant:{tenant}:{role}",
        }


def test_each_tenants_role_reads_its_own_secrets(both: Plan) -> None:
    policies = {one.name: json.loads(one.inputs["policy"]) for one in both.all(IAM_POLICY)}
    named = {
        tenant: [arn.rsplit(":", 1)[1] for arn in policy["Statement"][0]["Resource"]]
        for tenant, policy in policies.items()
    }
    assert named == {
        "tenant-a": ["openai-AbCdEf", "search-AbCdEf"],
        "tenant-b": ["anthropic-AbCdEf"],
    }


def test_each_store_takes_its_own_tenants_role(both: Plan) -> None:
    roles = {
        one.inputs["metadata"]["namespace"]: one.inputs["spec"]["provider"]["aws"]["role"]
        for one in both.all(STORE)
    }
    assert roles == {
        tenant: f"arn:aws:iam::111122223333:role/ai-dev-tenant-{tenant}"
        for tenant in ("tenant-a", "tenant-b")
    }
    assert {one.inputs["name"] for one in both.all(IAM_ROLE)} == {
        "ai-dev-tenant-tenant-a",
        "ai-dev-tenant-tenant-b",
    }


def test_secrets_come_after_the_operator_and_go_before_their_store(both: Plan) -> None:
    release = both.one("kubernetes:core/v1:ConfigMap", "release").urn
    for store in both.all(STORE):
        assert release in store.needs()
    for secret in both.all(SECRET):
        (store_urn,) = [
            one.urn
            for one in both.all(STORE)
            if one.inputs["metadata"]["namespace"] == secret.inputs["metadata"]["namespace"]
        ]
        assert store_urn in secret.needs()


def test_a_tenant_is_closed_before_the_operator_and_so_before_any_release(both: Plan) -> None:
    release = both.one("kubernetes:core/v1:ConfigMap", "release").urn
    for type_token in (NAMESPACE, QUOTA, LIMITS, POLICY):
        for one in both.all(type_token):
            assert release not in one.needs()


def test_everything_of_a_tenant_goes_before_its_namespace(both: Plan) -> None:
    for tenant in ("tenant-a", "tenant-b"):
        namespace = both.one(NAMESPACE, tenant).urn
        for one in of(both, tenant).values():
            if one.inputs.get("metadata", {}).get("namespace") == tenant:
                assert namespace in one.needs(), one.urn


def test_no_secret_value_is_anywhere(both: Plan) -> None:
    assert all("SecretString" not in text(one) and "password" not in text(one).lower() for one in both)


@pytest.mark.parametrize(("type_token", "crd"), [(STORE, "secretstores"), (SECRET, "externalsecrets")])
def test_external_secrets_objects_fit_their_schema(both: Plan, type_token: str, crd: str) -> None:
    path = CRDS / f"external-secrets.io_{crd}.yaml"
    if not path.exists():
        pytest.skip("no CRDs at hand: External Secrets objects were not validated")
    versions = yaml.safe_load(path.read_text())["spec"]["versions"]
    (schema,) = [one["schema"]["openAPIV3Schema"] for one in versions if one["name"] == "v1"]
    for one in both.all(type_token):
        jsonschema.validate(one.inputs["spec"], _strict(schema["properties"]["spec"]))


def _strict(schema: Any) -> Any:
    """The schema with unknown fields refused, as the API server prunes them in silence."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: _strict(value) for key, value in schema.items()}
    if "properties" in strict and "additionalProperties" not in strict:
        strict["additionalProperties"] = False
    return strict


names = st.from_regex(r"\A[a-z](-?[a-z0-9]){0,5}\Z")
pools = st.sampled_from(["l4", "h100", "l4-quota"])
specs = st.builds(
    TenantSpec,
    owner=st.just("team"),
    cost_center=st.just("1000"),
    gpus=st.dictionaries(pools, st.integers(1, 8), max_size=2),
    secrets=st.lists(st.sampled_from(["openai", "anthropic", "search"]), unique=True, max_size=2),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tenants=st.dictionaries(names, specs, min_size=2, max_size=4))
def test_whoever_the_tenants_are_they_stay_apart(
    tenants_plan: TenantsPlan, tenants: dict[str, TenantSpec]
) -> None:
    if tenant_faults("ai-dev", tenants):
        return
    plan = tenants_plan(tenants)
    urns = [one.urn for one in plan]
    assert len(urns) == len(set(urns)), "tenants without faults share no name"
    policies = [Policy.of(one.inputs) for one in plan.all(POLICY)]
    labels = {one.name: one.inputs["metadata"]["labels"] for one in plan.all(NAMESPACE)}
    parties = {
        name: PodParty(namespace=name, namespace_labels=labels[name], networks=("10.0.0.0/18",))
        for name in tenants
    }
    for mine in tenants:
        assert {one.inputs["metadata"]["namespace"] for one in plan.all(POLICY)} == set(tenants)
        for port in (Port(443), Port(8080), Port(53, "UDP"), Port(1)):
            for other in tenants:
                verdict = reaches(policies, parties[mine], parties[other], port)
                assert verdict == ("allowed" if mine == other else "denied")
            assert reaches(policies, parties[mine], Outside("169.254.169.254/32"), port) == "denied"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tenants=st.dictionaries(names, specs, min_size=2, max_size=4), data=st.data())
def test_any_tenant_can_leave_without_the_others_noticing(
    tenants_plan: TenantsPlan, tenants: dict[str, TenantSpec], data: st.DataObject
) -> None:
    if tenant_faults("ai-dev", tenants):
        return
    leaver = data.draw(st.sampled_from(sorted(tenants)))
    whole = tenants_plan(tenants)
    rest = tenants_plan({name: spec for name, spec in tenants.items() if name != leaver})
    assert {one.urn: text(one) for one in rest} == {one.urn: text(whole.by_urn(one.urn)) for one in rest}
