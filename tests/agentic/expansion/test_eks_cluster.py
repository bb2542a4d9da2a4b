from __future__ import annotations

import json
from typing import Any

import pytest

from agentic.expansion import eks_cluster
from agentic.expansion.kubeconfig import kubeconfig, kubeconfig_json
from agentic.expansion.shape import Attribute, Child, Derived, ExpansionError, Whole

OURS: dict[str, Any] = {
    "authenticationMode": "API",
    "corednsAddonOptions": {"enabled": False},
    "kubeProxyAddonOptions": {"enabled": False},
    "name": "ai-dev",
    "serviceRole": {"arn": "arn:aws:iam::111122223333:role/ai-dev-cluster"},
    "skipDefaultNodeGroup": True,
    "skipDefaultSecurityGroups": True,
    "subnetIds": ["subnet-1", "subnet-2"],
    "useDefaultVpcCni": True,
    "version": "1.35",
    "vpcId": "vpc-1",
}
AUTO: dict[str, Any] = {
    "enabled": True,
    "createNodeRole": False,
    "computeConfig": {"nodeRoleArn": "arn:aws:iam::1:role/node", "nodePools": ["system"]},
}


def cluster(**more: Any) -> Child:
    return eks_cluster.expand("ai", {**OURS, **more}).children[0]


def test_the_component_registers_a_cluster_and_a_provider() -> None:
    children = eks_cluster.expand("ai", OURS).children
    assert [(child.type, child.name) for child in children] == [
        ("aws:eks/cluster:Cluster", "ai-eksCluster"),
        ("pulumi:providers:kubernetes", "ai-eks-k8s"),
    ]


def test_the_cluster_gets_what_the_component_was_given() -> None:
    child = cluster(
        deletionProtection=True,
        enabledClusterLogTypes=["api", "audit"],
        encryptionConfigKeyArn="arn:aws:kms:key",
        endpointPrivateAccess=True,
        endpointPublicAccess=True,
        publicAccessCidrs=["203.0.113.0/24"],
        kubernetesServiceIpAddressRange="172.20.0.0/16",
        upgradePolicy={"supportType": "STANDARD"},
        tags={"team": "x", "Name": "mine"},
        clusterTags={"team": "y", "only": "cluster"},
    )
    assert child.inputs == {
        "name": "ai-dev",
        "version": "1.35",
        "roleArn": "arn:aws:iam::111122223333:role/ai-dev-cluster",
        "deletionProtection": True,
        "enabledClusterLogTypes": ["api", "audit"],
        "upgradePolicy": {"supportType": "STANDARD"},
        "bootstrapSelfManagedAddons": True,
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
        "encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:key"}, "resources": ["secrets"]},
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"},
        "tags": {"Name": "mine", "team": "x", "only": "cluster"},
        "vpcConfig": {
            "subnetIds": ["subnet-1", "subnet-2"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["203.0.113.0/24"],
        },
    }


def test_what_was_not_given_is_not_sent() -> None:
    assert sorted(cluster().inputs) == [
        "accessConfig",
        "bootstrapSelfManagedAddons",
        "name",
        "roleArn",
        "tags",
        "version",
        "vpcConfig",
    ]
    assert cluster().inputs["tags"] == {"Name": "ai-eksCluster"}


def test_auto_mode_turns_all_its_parts_on_together() -> None:
    inputs = cluster(autoMode=AUTO, skipDefaultSecurityGroups=None).inputs
    assert inputs["computeConfig"] == {
        "enabled": True,
        "nodePools": ["system"],
        "nodeRoleArn": "arn:aws:iam::1:role/node",
    }
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"] == {
        "ipFamily": "ipv4",
        "elasticLoadBalancing": {"enabled": True},
    }
    assert inputs["bootstrapSelfManagedAddons"] is False


def test_an_ipv6_cluster_has_no_ipv4_range() -> None:
    inputs = cluster(ipFamily="ipv6", kubernetesServiceIpAddressRange="172.20.0.0/16").inputs
    assert inputs["kubernetesNetworkConfig"] == {"ipFamily": "ipv6"}


def test_what_only_matters_at_creation_is_ignored_later() -> None:
    assert cluster().ignore_changes == (
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
    )


def test_every_property_made_from_inputs_names_inputs_of_the_table() -> None:
    child = cluster()
    named = {source for sources in child.from_inputs.values() for source in sources}
    assert named <= eks_cluster.KNOWN
    assert set(child.inputs) - set(child.from_inputs) == {"accessConfig", "bootstrapSelfManagedAddons"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nodeGroupOptions": {}}, "nodeGroupOptions is not in the expansion table"),
        ({"fargate": True}, "fargate is not in the expansion table"),
        ({"authenticationMode": "CONFIG_MAP"}, "authenticationMode must be 'API'"),
        ({"skipDefaultNodeGroup": False}, "skipDefaultNodeGroup must be True"),
        ({"useDefaultVpcCni": None}, "useDefaultVpcCni must be True"),
        ({"corednsAddonOptions": None}, 'corednsAddonOptions must be {"enabled": False}'),
        ({"kubeProxyAddonOptions": {"enabled": True}}, 'kubeProxyAddonOptions must be {"enabled": False}'),
        ({"skipDefaultSecurityGroups": False}, "skipDefaultSecurityGroups must be True"),
        ({"autoMode": {"enabled": True}}, "autoMode.createNodeRole must be False"),
        ({"serviceRole": None}, "serviceRole must be given"),
        ({"vpcId": None}, "vpcId must be given"),
        ({"createOidcProvider": True}, "createOidcProvider must be False"),
    ],
)
def test_what_would_make_it_register_more_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ExpansionError) as fault:
        eks_cluster.expand("ai", {**OURS, **change})
    assert str(fault.value) == f"eks:index:Cluster 'ai': {said}"


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(ExpansionError, match=r"fargate is not .*; gpu is not .*; vpcId must be given"):
        eks_cluster.expand("ai", {**OURS, "gpu": True, "fargate": True, "vpcId": None})


def test_outputs_speak_of_the_cluster() -> None:
    outputs = eks_cluster.expand("ai", OURS).outputs
    assert outputs["eksCluster"] == Whole("ai-eksCluster")
    group = Attribute("ai-eksCluster", "vpcConfig.clusterSecurityGroupId")
    assert (outputs["clusterSecurityGroupId"], outputs["nodeSecurityGroupId"]) == (group, group)
    issuer = outputs["oidcIssuer"]
    assert isinstance(issuer, Derived)
    assert issuer.function(url="https://oidc.eks.us-east-1.amazonaws.com/id/A") == (
        "oidc.eks.us-east-1.amazonaws.com/id/A"
    )


def test_the_kubeconfig_holds_a_command_and_no_token() -> None:
    config = kubeconfig(cluster="ai", endpoint="https://e", certificate="Q0E=", region="us-east-1")
    user = config["users"][0]["user"]
    assert list(user) == ["exec"]
    assert user["exec"]["command"] == "aws"
    assert user["exec"]["args"] == [
        *("--region", "us-east-1", "eks", "get-token", "--cluster-name", "ai", "--output", "json")
    ]
    assert config["clusters"][0]["cluster"] == {
        "server": "https://e",
        "certificate-authority-data": "Q0E=",
    }
    text = kubeconfig_json(cluster="ai", endpoint="https://e", certificate="Q0E=", region="us-east-1")
    assert json.loads(text) == config
