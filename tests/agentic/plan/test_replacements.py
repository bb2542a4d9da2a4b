from __future__ import annotations

import re
from functools import cache
from importlib import import_module

import pytest
from pulumi import _types
from pulumi.runtime import rpc

from agentic.plan.replacements import (
    AWS,
    DEPENDS,
    KUBERNETES,
    KUBERNETES_UNLESS_MUTABLE,
    Verdict,
    overall,
    source_of,
    verdict,
)


@cache
def inputs_of_class(type_token: str) -> set[str]:
    package, module, _ = type_token.split(":")
    import_module(f"pulumi_{package}")
    for found in rpc._RESOURCE_MODULES[f"{package}:{module}"]:
        info = found.mod_info
        if type_token in info["classes"]:
            made_by = getattr(import_module(info["fqn"]), info["classes"][type_token])
            return set(_types.resource_pulumi_to_py_names(made_by))
    raise LookupError(type_token)


ROWS = [
    (token, path)
    for table in (AWS, DEPENDS, KUBERNETES, KUBERNETES_UNLESS_MUTABLE)
    for token, row in sorted(table.items())
    for path in row
]


# namePrefix and the like are inputs that a generated class does not give back.
@pytest.mark.parametrize(("type_token", "path"), [row for row in ROWS if not row[1].endswith("Prefix")])
def test_every_property_of_the_table_exists_in_the_sdk(type_token: str, path: str) -> None:
    assert re.split(r"[.\[]", path)[0] in inputs_of_class(type_token)


def test_an_open_question_belongs_to_a_type_with_a_row() -> None:
    assert set(DEPENDS) <= set(AWS)


@pytest.mark.parametrize(
    ("type_token", "path", "answer"),
    [
        ("aws:ec2/vpc:Vpc", "cidrBlock", Verdict.YES),
        ("aws:ec2/vpc:Vpc", "tags.Name", Verdict.NO),
        ("aws:ec2/vpc:Vpc", "region", Verdict.YES),
        ("aws:ec2/vpc:Vpc", "instanceTenancy", Verdict.UNKNOWN),
        ("aws:eks/nodeGroup:NodeGroup", "instanceTypes[1]", Verdict.YES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.version", Verdict.NO),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.id", Verdict.YES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate", Verdict.YES),
        ("aws:eks/cluster:Cluster", "version", Verdict.NO),
        ("aws:eks/cluster:Cluster", "encryptionConfig.provider.keyArn", Verdict.UNKNOWN),
        ("aws:eks/cluster:Cluster", "kubernetesNetworkConfig.serviceIpv4Cidr", Verdict.YES),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "url", Verdict.YES),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "clientIdLists[0]", Verdict.NO),
        ("aws:kms/key:Key", "policy#Statement[0].Action", Verdict.NO),
        ("aws:rds/instance:Instance", "engine", Verdict.YES),
        ("aws:rds/instance:Instance", "instanceClass", Verdict.NO),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion", Verdict.UNKNOWN),
        ("aws:redshift/cluster:Cluster", "nodeType", Verdict.UNKNOWN),
        ("kubernetes:core/v1:Namespace", "metadata.name", Verdict.YES),
        ("kubernetes:core/v1:Namespace", "metadata.labels.tier", Verdict.NO),
        ("kubernetes:karpenter.sh/v1:NodePool", "metadata.name", Verdict.YES),
        ("kubernetes:karpenter.sh/v1:NodePool", "spec.limits.cpu", Verdict.NO),
        ("kubernetes:core/v1:ConfigMap", 'data["a.b"]', Verdict.UNKNOWN),
        ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "roleRef.name", Verdict.YES),
        ("kubernetes:helm.sh/v3:Release", "namespace", Verdict.YES),
        ("kubernetes:helm.sh/v3:Release", "values.replicas", Verdict.NO),
        ("kubernetes:yaml/v2:ConfigFile", "file", Verdict.UNKNOWN),
        ("pulumi:providers:aws", "region", Verdict.UNKNOWN),
    ],
)
def test_a_changed_property_replaces_or_not(type_token: str, path: str, answer: Verdict) -> None:
    assert verdict(type_token, path) is answer


@pytest.mark.parametrize(
    ("paths", "answer"),
    [
        (["tags"], Verdict.NO),
        (["tags", "instanceTenancy"], Verdict.UNKNOWN),
        (["instanceTenancy", "cidrBlock", "tags"], Verdict.YES),
        ([], Verdict.NO),
    ],
)
def test_the_worst_property_decides(paths: list[str], answer: Verdict) -> None:
    assert overall("aws:ec2/vpc:Vpc", paths) is answer


def test_a_verdict_cites_provider_and_version() -> None:
    assert source_of("aws:ec2/vpc:Vpc") == "pulumi-aws 7.51.1"
    assert source_of("kubernetes:core/v1:Namespace") == "pulumi-kubernetes 4.34.2"
    assert source_of("aws:redshift/cluster:Cluster") == ""
    assert source_of("pulumi:providers:aws") == ""


@pytest.mark.parametrize("package", ["pulumi_aws", "pulumi_kubernetes"])
def test_the_cited_versions_are_the_installed_ones(package: str) -> None:
    from importlib.metadata import version

    cited = {source_of("aws:ec2/vpc:Vpc"), source_of("kubernetes:core/v1:Namespace")}
    assert f"{package.replace('_', '-')} {version(package)}" in cited
