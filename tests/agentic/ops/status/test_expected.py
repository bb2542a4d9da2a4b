from __future__ import annotations

from collections.abc import Callable

import pytest

from agentic.ops.status.expected import Expected, expected
from agentic.plan.model import Plan


@pytest.fixture(scope="module")
def dev(stack_plan: Callable[[str], Plan]) -> Expected:
    return expected(stack_plan("dev"), cluster="ai-dev", account_id="111122223333", region="us-east-1")


def test_every_release_of_the_plan_is_expected_with_its_component(
    dev: Expected, stack_plan: Callable[[str], Plan]
) -> None:
    assert len(dev.releases) == len(stack_plan("dev").all("kubernetes:helm.sh/v3:Release"))
    by_name = {one.name: one for one in dev.releases}
    assert (by_name["cert-manager"].component, by_name["cert-manager"].namespace) == (
        "cert_manager",
        "cert-manager",
    )
    assert all(one.version for one in dev.releases)


def test_workloads_of_charts_belong_to_the_component_of_their_release(dev: Expected) -> None:
    found = {(one.kind, one.namespace, one.name): one.component for one in dev.workloads}
    assert found["Deployment", "karpenter", "karpenter"] == "karpenter"
    assert found["Deployment", "cert-manager", "cert-manager-webhook"] == "cert_manager"
    assert all(one.component for one in dev.workloads)


def test_hooks_are_not_expected_to_run(dev: Expected) -> None:
    assert "cert-manager-startupapicheck" not in {one.name for one in dev.workloads}


def test_tenants_pools_and_the_side_of_aws(dev: Expected) -> None:
    assert dev.tenants == ("tenant-a", "tenant-b")
    assert {"cpu", "gpu-l4"} <= set(dev.pools)
    assert {"coredns", "vpc-cni"} <= set(dev.addons)
    assert (dev.kubernetes, dev.node_groups) == ("1.35", 1)
    assert {"tenant-a", "ai-agents"} <= dev.namespaces


def test_objects_have_the_api_version_they_are_served_at(dev: Expected) -> None:
    stores = [one for one in dev.objects if one.kind == "ClusterSecretStore"]
    assert stores
    assert {one.api_version for one in stores} == {"external-secrets.io/v1"}
    assert {one.api_version for one in dev.objects if one.kind == "Namespace"} == {"v1"}
