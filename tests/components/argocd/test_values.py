from __future__ import annotations

from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from components.argocd.pods import RELEASE, pods
from components.argocd.spec import ArgoCdSpec
from components.argocd.values import values
from components.charts.literals import faults
from components.charts.pods import PodSecurity
from components.core.quantities import parse
from components.namespaces.catalogue import NAMESPACES


@pytest.fixture
def said(spec: ArgoCdSpec) -> dict[str, Any]:
    return values(spec, monitored=True)


def test_values_are_the_reviewed_ones(said: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert said == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(spec: ArgoCdSpec, monitored: bool) -> None:
    assert faults(RELEASE, values(spec, monitored=monitored)) == []


def test_no_tenant_stands_in_the_values_of_the_shared_release(said: dict[str, Any], spec: ArgoCdSpec) -> None:
    other = spec.model_copy(update={"tenants": {"tenant-c": spec.tenants["tenant-b"]}})
    assert values(other, monitored=True) == said
    assert "tenant-" not in str(said)


def test_it_gets_no_right_on_the_cluster_as_a_whole(said: dict[str, Any]) -> None:
    assert said["createClusterRoles"] is False
    assert said["configs"]["cm"]["resource.respectRBAC"] == "normal"


def test_nobody_signs_in_but_through_the_identity_provider(said: dict[str, Any]) -> None:
    assert said["configs"]["cm"]["admin.enabled"] == "false"
    assert said["dex"] == {"enabled": False}
    assert said["configs"]["rbac"] == {"policy.default": "", "policy.csv": "g, platform, role:admin\n"}
    provider = yaml.safe_load(said["configs"]["cm"]["oidc.config"])
    assert provider["clientSecret"] == "$argocd-oidc:client-secret"


def test_a_public_client_proves_itself_by_pkce(spec: ArgoCdSpec) -> None:
    assert spec.oidc is not None
    public = spec.model_copy(update={"oidc": spec.oidc.model_copy(update={"client_secret": None})})
    provider = yaml.safe_load(values(public, monitored=False)["configs"]["cm"]["oidc.config"])
    assert provider["enablePKCEAuthentication"] is True
    assert "clientSecret" not in provider


def test_without_a_provider_nobody_signs_in_at_all() -> None:
    given = values(ArgoCdSpec(enabled=True), monitored=False)["configs"]
    assert given["cm"]["admin.enabled"] == "false"
    assert "oidc.config" not in given["cm"]
    assert given["rbac"]["policy.csv"] == ""


def test_policies_are_ours_alone(said: dict[str, Any]) -> None:
    assert said["global"]["networkPolicy"] == {"create": False}


def test_what_runs_tenants_charts_has_no_token(said: dict[str, Any]) -> None:
    assert said["repoServer"]["automountServiceAccountToken"] is False
    assert said["repoServer"]["serviceAccount"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize(("replicas", "budget"), [(1, False), (3, True)])
def test_servers_that_are_several_are_kept_apart_and_one_up(replicas: int, budget: bool) -> None:
    given = values(ArgoCdSpec(replicas=replicas), monitored=False)
    for server in (given["server"], given["repoServer"]):
        assert server["pdb"]["enabled"] is budget
        assert bool(server["topologySpreadConstraints"]) is budget


def test_a_monitor_is_asked_for_only_where_its_kind_exists(spec: ArgoCdSpec) -> None:
    for part in ("controller", "server", "repoServer"):
        monitor = values(spec, monitored=False)[part]["metrics"]["serviceMonitor"]
        assert monitor == {"enabled": False}


def test_the_quota_holds_the_largest_size_while_it_is_updated() -> None:
    quota = NAMESPACES["argocd"].quota
    assert quota is not None
    declared = pods(ArgoCdSpec(replicas=3))

    def together(pod_sums: list[Any]) -> Any:
        """Every replica, and one more of each that is being replaced."""
        return sum(amount * ((pod.replicas or 1) + 1) for pod, amount in zip(declared, pod_sums, strict=True))

    assert together([pod.requests("cpu") for pod in declared]) <= parse(quota.cpu)
    assert together([pod.requests("memory") for pod in declared]) <= parse(quota.memory)
    assert together([pod.limits("cpu") for pod in declared]) <= parse(quota.limits_cpu)
    assert together([pod.limits("memory") for pod in declared]) <= parse(quota.limits_memory)
    assert {pod.pod_security for pod in declared} == {PodSecurity.RESTRICTED}
