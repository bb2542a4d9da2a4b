"""The component, from a captured plan: what it registers, in which order, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from components.isolation.ends import Port
from components.isolation.flows import in_force
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import namespaces_for
from components.namespaces.namespaces import Namespaces, NamespacesArgs
from components.namespaces.spec import NamespaceSpec

NAMESPACE = "kubernetes:core/v1:Namespace"
QUOTA = "kubernetes:core/v1:ResourceQuota"
LIMITS = "kubernetes:core/v1:LimitRange"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
PRIORITY = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
AROUND = Surroundings(
    vpc_cidr="10.0.0.0/16",
    tiers={
        "private": ("10.0.0.0/18",),
        "control-plane": ("10.0.240.0/28",),
        "endpoints": ("10.0.241.0/24",),
    },
    service_cidr="172.20.0.0/16",
    endpoint_services=frozenset({"ec2", "sts"}),
)
PARTS = frozenset({"karpenter", "cert_manager", "external_secrets", "metrics_server", "gpu"})


@dataclass
class Pool:
    grantable_gpus: int


def args(
    overrides: Mapping[str, NamespaceSpec] | None = None,
    *,
    auto_mode: bool = False,
    around: Surroundings = AROUND,
) -> NamespacesArgs:
    names = namespaces_for(PARTS)
    return NamespacesArgs(
        cluster_version="1.35",
        names=names,
        overrides=overrides or {},
        gpu_pools={"a10g": Pool(8), "l4": Pool(8)},
        flows=in_force(PARTS, names),
        around=around,
        auto_mode=auto_mode,
    )


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    def program() -> None:
        made = Namespaces("namespaces", args())
        k8s.core.v1.ConfigMap(
            "release",
            metadata={"name": "release", "namespace": made.namespaces["cert-manager"]},
            opts=ResourceOptions(depends_on=list(made.ready)),
        )

    return capture(program)


def in_namespace(plan: Plan, type_token: str, namespace: str) -> list[Resource]:
    return [one for one in plan.all(type_token) if one.inputs["metadata"].get("namespace") == namespace]


def test_every_namespace_has_a_name_of_its_own_and_nothing_random(plan: Plan) -> None:
    names = {one.inputs["metadata"]["name"] for one in plan.all(NAMESPACE)}
    assert names == set(namespaces_for(PARTS))
    assert not plan.unknown_inputs()


@pytest.mark.parametrize("name", namespaces_for(PARTS))
def test_every_namespace_is_closed_and_bounded(plan: Plan, name: str) -> None:
    policies = {one.inputs["metadata"]["name"]: one for one in in_namespace(plan, POLICY, name)}
    assert policies["isolation"].inputs["spec"]["podSelector"] == {}
    assert policies["isolation"].inputs["spec"]["policyTypes"] == ["Ingress", "Egress"]
    quotas = {one.inputs["metadata"]["name"]: one for one in in_namespace(plan, QUOTA, name)}
    assert "requests.nvidia.com/gpu" in quotas["quota"].inputs["spec"]["hard"]
    assert len(in_namespace(plan, LIMITS, name)) == 1


def test_gpus_are_zero_wherever_models_do_not_run(plan: Plan) -> None:
    granted = {
        one.inputs["metadata"]["namespace"]: one.inputs["spec"]["hard"]["requests.nvidia.com/gpu"]
        for one in plan.all(QUOTA)
        if one.inputs["metadata"]["name"] == "quota"
    }
    assert {name for name, count in granted.items() if count != "0"} == {"ai-inference"}
    assert granted["ai-inference"] == "8"


def test_models_gpus_are_counted_by_pool(plan: Plan) -> None:
    assert [one.inputs["metadata"]["name"] for one in in_namespace(plan, QUOTA, "ai-inference")] == [
        "gpu-a10g",
        "no-gpu-pool",
        "quota",
    ]


def test_only_the_gateway_may_have_a_load_balancer(plan: Plan) -> None:
    open_to_the_world = {
        one.inputs["metadata"]["namespace"]
        for one in plan.all(QUOTA)
        if one.inputs["metadata"]["name"] == "quota"
        and one.inputs["spec"]["hard"].get("services.loadbalancers") != "0"
    }
    assert open_to_the_world == {"ai-gateway"}


def test_each_pool_has_one_priority_class_that_outranks_nobody(plan: Plan) -> None:
    classes = {one.inputs["metadata"]["name"]: one.inputs for one in plan.all(PRIORITY)}
    assert set(classes) == {"gpu-a10g", "gpu-l4"}
    assert all(one["value"] == 0 and one["preemptionPolicy"] == "Never" for one in classes.values())


@pytest.mark.parametrize("name", ["kube-system", "default"])
def test_namespaces_of_kubernetes_get_policies_only(plan: Plan, name: str) -> None:
    assert [one.inputs["metadata"]["name"] for one in in_namespace(plan, POLICY, name)] == ["isolation"]
    assert not in_namespace(plan, QUOTA, name)
    assert not in_namespace(plan, LIMITS, name)
    assert name not in {one.inputs["metadata"]["name"] for one in plan.all(NAMESPACE)}


def test_a_namespace_needs_nothing_but_its_provider_and_parent(plan: Plan) -> None:
    component = plan.one("agentic:namespaces:Namespaces").urn
    for one in plan.all(NAMESPACE):
        assert one.needs() <= {component, one.provider}


def test_whatever_is_in_a_namespace_goes_before_it(plan: Plan) -> None:
    for namespace in plan.all(NAMESPACE):
        name = namespace.inputs["metadata"]["name"]
        for type_token in (QUOTA, LIMITS, POLICY):
            for one in in_namespace(plan, type_token, name):
                assert namespace.urn in one.needs()


def test_a_release_waits_for_every_quota_and_policy(plan: Plan) -> None:
    needs = plan.one(CONFIG_MAP, "release").needs()
    for type_token in (NAMESPACE, QUOTA, LIMITS, POLICY, PRIORITY):
        assert {one.urn for one in plan.all(type_token)} <= needs


def test_the_captured_policies_keep_pods_apart(plan: Plan) -> None:
    policies = [Policy.of(one.inputs) for one in plan.all(POLICY)]
    agents, models = (
        PodParty(namespace=name, networks=("10.0.0.0/18",)) for name in ("ai-agents", "ai-inference")
    )
    assert reaches(policies, agents, models, Port(8000)) == "allowed"
    assert reaches(policies, models, agents, Port(8080)) == "denied"
    assert reaches(policies, models, Outside("169.254.169.254/32"), Port(80)) == "denied"


def test_an_override_replaces_what_it_names_and_keeps_the_rest(capture: Capture) -> None:
    spec = NamespaceSpec.model_validate(
        {
            "quota": {"cpu": 10, "memory": "20Gi", "limits_cpu": 20, "limits_memory": "40Gi"},
            "pod_security": {"level": "baseline", "reason": "the agent image runs as root until 2.0"},
        }
    )
    plan = capture(lambda: Namespaces("namespaces", args({"ai-agents": spec})))
    hard = plan.one(QUOTA, "namespaces-ai-agents-quota").inputs["spec"]["hard"]
    assert hard["requests.cpu"] == "10"
    assert "pods" not in hard, "a written quota is whole; nothing of the default remains"
    metadata = plan.one(NAMESPACE, "namespaces-ai-agents").inputs["metadata"]
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert metadata["labels"]["pod-security.kubernetes.io/warn"] == "restricted"
    assert metadata["annotations"]["agentic.dev/pod-security-exception"] == spec.pod_security.reason  # type: ignore[union-attr]
    limits = plan.one(LIMITS, "namespaces-ai-agents-container-defaults").inputs["spec"]["limits"]
    assert limits[0]["default"]["cpu"] == "500m"


def test_auto_mode_is_told_to_enforce_policies(capture: Capture) -> None:
    plan = capture(lambda: Namespaces("namespaces", args(auto_mode=True)))
    switch = plan.one(CONFIG_MAP).inputs
    assert switch["metadata"]["name"] == "amazon-vpc-cni"
    assert switch["metadata"]["namespace"] == "kube-system"
    assert switch["data"] == {"enable-network-policy-controller": "true"}


def test_with_nodes_of_our_own_the_add_on_has_the_switch(plan: Plan) -> None:
    assert [one.name for one in plan.all(CONFIG_MAP)] == ["release"]


def test_members_of_the_mesh_are_labelled_and_others_are_not(capture: Capture) -> None:
    around = replace(AROUND, mesh_namespaces=frozenset({"ai-gateway"}))
    plan = capture(lambda: Namespaces("namespaces", args(around=around)))
    mode = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"]["labels"].get("istio.io/dataplane-mode")
        for one in plan.all(NAMESPACE)
    }
    assert {name: found for name, found in mode.items() if found} == {"ai-gateway": "ambient"}


def test_nothing_injects_sidecars_or_tolerations_by_annotation(plan: Plan) -> None:
    """Sidecars break `restricted`, and EKS ignores the annotation for default tolerations."""
    text = str([one.inputs for one in plan.all(NAMESPACE)])
    assert "istio-injection" not in text
    assert "defaultTolerations" not in text


def test_logical_names_are_distinct(plan: Plan) -> None:
    urns: list[Any] = [one.urn for one in plan]
    assert len(urns) == len(set(urns))
