from __future__ import annotations

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.argocd.argocd import ArgoCd, ArgoCdArgs
from components.argocd.spec import ArgoCdSpec

RELEASE = "kubernetes:helm.sh/v3:Release"
PROJECT = "kubernetes:argoproj.io/v1alpha1:AppProject"
APPLICATION = "kubernetes:argoproj.io/v1alpha1:Application"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret"


@pytest.fixture
def plan(capture: Capture, spec: ArgoCdSpec) -> Plan:
    def program() -> None:
        spaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name})
            for name in ("argocd", "tenant-a", "tenant-b", "tenant-c")
        }
        store = k8s.core.v1.ConfigMap("store", metadata={"name": "store"})
        ArgoCd(
            "argocd",
            ArgoCdArgs(
                spec=spec,
                namespace=spaces["argocd"].metadata.name,
                tenants={name: one.metadata.name for name, one in spaces.items() if name != "argocd"},
                secret_arns={"argocd": f"{ARN}:argocd-AbCdEf", "acme-git": f"{ARN}:acme-git-AbCdEf"},
                secrets=(store,),
                after=(),
            ),
        )

    return capture(program)


def test_it_is_bounded_before_it_starts(plan: Plan) -> None:
    bounds = plan.one("kubernetes:core/v1:Secret")
    assert bounds.inputs["metadata"]["labels"]["argocd.argoproj.io/secret-type"] == "cluster"
    assert plan.deleted_before(plan.one(RELEASE).urn, bounds.urn)


def test_it_may_take_nothing_over_before_it_starts(plan: Plan) -> None:
    bound = plan.one("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")
    assert bound.inputs["spec"] == {
        "policyName": "argocd-takes-over-nothing",
        "validationActions": ["Deny"],
    }
    assert plan.deleted_before(plan.one(RELEASE).urn, bound.urn)


def test_projects_and_applications_go_before_what_reads_them(plan: Plan) -> None:
    release, application = plan.one(RELEASE).urn, plan.one(APPLICATION)
    assert {one.inputs["metadata"]["name"] for one in plan.all(PROJECT)} == {"tenant-a", "tenant-b"}
    assert plan.deleted_before([one.urn for one in plan.all(PROJECT)], release)
    assert plan.deleted_before(application.urn, plan.one(PROJECT, "argocd-tenant-a").urn)
    assert application.inputs["metadata"]["name"] == "tenant-a-web"
    assert "finalizers" not in application.inputs["metadata"]


def test_rights_are_in_the_named_tenants_namespaces_only(plan: Plan) -> None:
    bindings = plan.all("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
    assert {one.inputs["metadata"]["namespace"] for one in bindings} == {"tenant-a", "tenant-b"}
    assert {one.inputs["subjects"][0]["name"] for one in bindings} == {
        "argocd-application-controller",
        "argocd-server",
    }
    assert not [one for one in plan if one.type.endswith((":ClusterRole", ":ClusterRoleBinding"))]


def test_secrets_are_read_by_reference(plan: Plan) -> None:
    read = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]["data"][0]["remoteRef"]["key"]
        for one in plan.all(EXTERNAL_SECRET)
    }
    assert read == {
        "argocd-oidc": f"{ARN}:argocd-AbCdEf",
        "repository-tenant-a-0": f"{ARN}:acme-git-AbCdEf",
    }
    oidc = plan.one(EXTERNAL_SECRET, "argocd-oidc")
    assert plan.deleted_before(plan.one(RELEASE).urn, oidc.urn)


def test_values_hold_nothing_that_only_the_cloud_knows(plan: Plan) -> None:
    assert plan.one(RELEASE).unknowns == {}
