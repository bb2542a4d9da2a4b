from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.argocd.flows import repository_flows
from components.argocd.render import (
    API_VERSION,
    IN_CLUSTER,
    OWNED,
    WRITE,
    application,
    cluster_entry,
    controller_rules,
    oidc_access,
    project,
    repository_access,
    server_rules,
)
from components.argocd.spec import ArgoCdSpec
from components.isolation.ends import Host
from components.isolation.flows import in_force
from components.isolation.flows.handover import ARGOCD_REPO_SERVER, ARGOCD_SERVER
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import namespaces_for
from components.secrets.spec import EXTERNAL_SECRETS
from components.tenants.access import external_secret
from components.tenants.spec import TenantSpec
from components.tenants.tenants import Tenants, TenantsArgs

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme-AbCdEf"
PARTS = frozenset({"external_secrets"})


@pytest.fixture
def schemas(reference_crds: Path, tmp_path: Path) -> Schemas:
    return Schemas("1.35", CustomSchemas(reference_crds, tmp_path))


def test_every_object_is_what_its_kind_accepts(schemas: Schemas, spec: ArgoCdSpec) -> None:
    handover = spec.tenants["tenant-a"]
    objects = [
        (API_VERSION, "AppProject", project("tenant-a", handover)),
        (API_VERSION, "AppProject", project("tenant-b", spec.tenants["tenant-b"])),
        (API_VERSION, "Application", application("tenant-a", handover.applications["web"])),
        (EXTERNAL_SECRETS, "ExternalSecret", repository_access("https://git.example.com/a", ARN, "x")),
        (EXTERNAL_SECRETS, "ExternalSecret", oidc_access(ARN)),
    ]
    for version, kind, body in objects:
        manifest = {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": body}
        assert schemas.known(version, kind), kind
        assert schemas.faults(manifest) == [], kind
        assert schemas.faults({**manifest, "spec": {**body, "unheard": 1}}), "the check sees a wrong field"


def test_a_project_ends_at_its_tenants_namespace_and_has_nothing_cluster_wide(spec: ArgoCdSpec) -> None:
    made = project("tenant-a", spec.tenants["tenant-a"])
    assert made["destinations"] == [{"server": IN_CLUSTER, "namespace": "tenant-a"}]
    assert made["clusterResourceWhitelist"] == []
    assert made["clusterResourceBlacklist"] == [{"group": "*", "kind": "*"}]
    assert made["sourceRepos"] == ["https://github.com/acme/apps.git"]


def test_members_reach_their_own_projects_applications_and_change_nothing(spec: ArgoCdSpec) -> None:
    (role,) = project("tenant-a", spec.tenants["tenant-a"])["roles"]
    assert role["groups"] == ["acme"]
    assert role["policies"] == [
        "p, proj:tenant-a:member, applications, get, tenant-a/*, allow",
        "p, proj:tenant-a:member, applications, sync, tenant-a/*, allow",
    ]
    assert "roles" not in project("tenant-b", spec.tenants["tenant-b"])


def test_no_kind_is_made_both_by_the_platform_and_by_applications(
    capture: Capture, around: Surroundings
) -> None:
    """The platform's kinds in a tenant's namespace, its secrets' included, against what Argo CD may own."""

    def program() -> None:
        Tenants(
            "tenants",
            TenantsArgs(
                specs={
                    "tenant-a": TenantSpec.model_validate(
                        {"owner": "a", "cost_center": "1", "secrets": ["openai"]}
                    )
                },
                cluster_version="1.35",
                flows=in_force(PARTS, namespaces_for(PARTS)),
                around=around,
            ),
        )

    ours = {
        one.type.split(":")[-1]
        for one in capture(program)
        if one.type.startswith("kubernetes:") and one.section("metadata").get("namespace") == "tenant-a"
    }
    assert {"NetworkPolicy", "ResourceQuota", "Role", "RoleBinding", "ServiceAccount"} <= ours
    # TenantSecrets: its objects by the function that makes them.
    assert external_secret("openai", ARN)
    ours |= {"SecretStore", "ExternalSecret", "Secret"}
    assert ours & {one.kind for one in OWNED} == set()


def test_the_controllers_writes_end_at_what_applications_consist_of() -> None:
    writable = {
        (rule["apiGroups"][0], resource)
        for rule in controller_rules()
        if set(WRITE) & set(rule["verbs"])
        for resource in rule["resources"]
    }
    assert writable == {(one.group, one.resource) for one in OWNED}
    assert "*" not in str(controller_rules())


def test_people_look_and_change_through_git() -> None:
    assert {verb for rule in server_rules() for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert "secrets" not in str(server_rules())


def test_argo_cd_knows_the_tenants_handed_over_and_no_other_namespace() -> None:
    entry = cluster_entry(["tenant-b", "tenant-a"])
    assert (entry["namespaces"], entry["clusterResources"]) == ("tenant-a,tenant-b", "false")
    with pytest.raises(ValueError, match="would be one of the whole cluster"):
        cluster_entry([])


def test_a_repositorys_credential_is_read_and_never_written() -> None:
    made = repository_access("https://git.example.com/a", ARN, "repository-a")
    template: dict[str, Any] = made["target"]["template"]
    assert template["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "repository"}
    assert template["data"] == {"type": "git", "url": "https://git.example.com/a"}
    assert [one["remoteRef"]["property"] for one in made["data"]] == ["username", "password"]


def test_ways_out_lead_to_the_named_hosts_and_no_others(spec: ArgoCdSpec) -> None:
    assert {(flow.source, flow.target, flow.ports) for flow in repository_flows(spec)} == {
        (ARGOCD_REPO_SERVER, Host("github.com"), (443,)),
        (ARGOCD_REPO_SERVER, Host("gitlab.example.com"), (443,)),
        (ARGOCD_SERVER, Host("login.example.com"), (443,)),
    }
    assert repository_flows(spec.model_copy(update={"enabled": False})) == ()


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={"private": ("10.0.0.0/18",), "control-plane": ("10.0.240.0/28",)},
        service_cidr="172.20.0.0/16",
    )
