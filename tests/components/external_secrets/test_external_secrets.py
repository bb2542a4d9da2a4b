from __future__ import annotations

import json

import pulumi_kubernetes as k8s
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.external_secrets.external_secrets import ExternalSecrets, ExternalSecretsArgs
from components.external_secrets.spec import ExternalSecretsSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RELEASE = "kubernetes:helm.sh/v3:Release"
STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"


def captured(capture: Capture) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("external-secrets", metadata={"name": "external-secrets"})
        quota = k8s.core.v1.ResourceQuota(
            "quota", metadata={"name": "quota", "namespace": "external-secrets"}
        )
        component = ExternalSecrets(
            "external-secrets",
            ExternalSecretsArgs(
                place=PLACE,
                spec=ExternalSecretsSpec(),
                cluster_name="ai-dev",
                namespace=namespace.metadata.name,
                store_namespaces=("ai-data", "observability"),
                after=(quota,),
            ),
        )
        k8s.core.v1.ConfigMap(
            "user",
            metadata={"name": "user", "namespace": "ai-data"},
            opts=ResourceOptions(depends_on=list(component.ready)),
        )

    return capture(program)


def test_the_role_is_for_the_operators_service_account_only(capture: Capture) -> None:
    association = captured(capture).one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert association["namespace"] == "external-secrets"
    assert association["serviceAccount"] == "external-secrets"
    assert association["clusterName"] == "ai-dev"


def test_the_role_has_the_operators_policy_and_no_other(capture: Capture) -> None:
    plan = captured(capture)
    policy = json.loads(plan.one("aws:iam/policy:Policy").inputs["policy"])
    assert [one["Sid"] for one in policy["Statement"]] == [
        "ReadPlatformSecrets",
        "CreatePlatformSecrets",
        "BecomeTenantReaders",
    ]
    assert len(plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) == 1


def test_pods_start_after_their_identity_and_their_quota_and_go_before_both(capture: Capture) -> None:
    plan = captured(capture)
    release = plan.one(RELEASE).urn
    for earlier in (
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/role:Role",
        "kubernetes:core/v1:ResourceQuota",
        "kubernetes:core/v1:Namespace",
    ):
        assert plan.deleted_before(release, plan.one(earlier).urn), earlier


def test_the_store_follows_the_release_that_brings_its_kind_and_goes_first(capture: Capture) -> None:
    plan = captured(capture)
    store = plan.one(STORE)
    assert store.inputs["metadata"]["name"] == "aws-secrets-manager"
    assert store.inputs["spec"]["conditions"] == [{"namespaces": ["ai-data", "observability"]}]
    assert plan.deleted_before(store.urn, plan.one(RELEASE).urn)


def test_users_of_the_store_wait_for_the_store_too(capture: Capture) -> None:
    plan = captured(capture)
    user = plan.one("kubernetes:core/v1:ConfigMap")
    assert {plan.one(STORE).urn, plan.one(RELEASE).urn} <= set(user.dependencies)


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    assert captured(capture).one(RELEASE).unknowns == {}
