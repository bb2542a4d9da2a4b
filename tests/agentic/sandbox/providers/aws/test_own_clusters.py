"""Proves (moto and our store): a cluster whose making or removal was cut off can be finished and leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from agentic.sandbox.providers.aws import own_clusters, own_nodes
from agentic.sandbox.providers.aws.own import Moto, Records
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.objects import EmbeddedStore, Ref
from tests.agentic.sandbox.providers.aws.scene import ACCOUNT, REGION, Scene


class Killed(BaseException):
    """The plugin dies here."""


def _direct(scene: Scene) -> Moto:
    aws = scene.kind("aws:eks/cluster:Cluster")._aws  # pyright: ignore[reportPrivateUsage]
    return aws._moto(REGION)  # pyright: ignore[reportPrivateUsage]


def _dying(scene: Scene, at: str) -> Moto:
    """Moto, and a plugin that is killed when it is about to make the call `at`."""
    moto = _direct(scene)

    def call(service: str, method: str, **arguments: Any) -> dict[str, Any]:
        if method == at:
            raise Killed(at)
        return moto(service, method, **arguments)

    return call


def _clusters(scene: Scene, moto: Moto) -> own_clusters.Operations:
    database = scene.aws._database  # pyright: ignore[reportPrivateUsage]
    return own_clusters.Operations(
        Records(database), Records(database, "completion"), REGION, lambda: ACCOUNT, moto
    )


def _groups(scene: Scene, cluster: str) -> list[str]:
    found = _direct(scene)("ec2", "describe_security_groups")["SecurityGroups"]
    return [g["GroupId"] for g in found if g["GroupName"].startswith(f"eks-cluster-sg-{cluster}-")]


@pytest.mark.parametrize("at", ["create_tags", "create_cluster"])
def test_a_cluster_cut_off_while_it_is_made_gets_one_security_group_in_the_end(scene: Scene, at: str) -> None:
    name = f"cut-{at.replace('_', '-')}"
    said = {"roleArn": scene.role_arns[0], "resourcesVpcConfig": {"subnetIds": scene.subnets}}
    with pytest.raises(Killed):
        _clusters(scene, _dying(scene, at)).create_cluster(name, **said)
    made = _clusters(scene, _direct(scene)).create_cluster(name, **said)["cluster"]
    assert _groups(scene, name) == [made["resourcesVpcConfig"]["clusterSecurityGroupId"]]
    _clusters(scene, _direct(scene)).delete_cluster(name)
    assert _groups(scene, name) == []


@pytest.mark.parametrize("at", ["delete_security_group", "delete_cluster"])
def test_a_cluster_cut_off_while_it_is_removed_goes_with_its_security_group(scene: Scene, at: str) -> None:
    name = scene.new_cluster(f"going-{at.replace('_', '-')}")
    with pytest.raises(Killed):
        _clusters(scene, _dying(scene, at)).delete_cluster(name)
    scene.drop("aws:eks/cluster:Cluster", name)
    assert _groups(scene, name) == []
    assert scene.kind("aws:eks/cluster:Cluster").read(name, None) is None


def test_a_cluster_leaves_one_alone_whose_name_starts_like_its_own(scene: Scene) -> None:
    longer, shorter = scene.new_cluster("ai-dev"), scene.new_cluster("ai")
    scene.drop("aws:eks/cluster:Cluster", shorter)
    group = scene.see("aws:eks/cluster:Cluster", longer).outputs["vpcConfig"]["clusterSecurityGroupId"]
    assert _groups(scene, "ai-dev") == [group]
    scene.drop("aws:eks/cluster:Cluster", longer)


def test_a_cluster_takes_its_objects_along_and_says_so(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    name = scene.new_cluster("full")
    store = EmbeddedStore(scene.aws._database, name)  # pyright: ignore[reportPrivateUsage]
    store.create(Ref("v1", "Namespace", "", "left"), "urn", {})
    scene.drop("aws:eks/cluster:Cluster", name)
    assert list(store.objects()) == []
    assert "cluster full took 1 objects along: Namespace left" in capfd.readouterr().err


def test_a_cluster_with_nodes_is_refused_and_keeps_everything(scene: Scene) -> None:
    name = scene.new_cluster("busy")
    group = scene.make(
        "aws:eks/nodeGroup:NodeGroup",
        "busy",
        clusterName=name,
        nodeGroupName="n",
        nodeRoleArn=scene.role_arns[0],
        subnetIds=scene.subnets,
        scalingConfig={"desiredSize": 1, "maxSize": 1, "minSize": 1},
    )
    with pytest.raises(ResourceError, match="ResourceInUseException: Cluster has nodegroups attached"):
        scene.drop("aws:eks/cluster:Cluster", name)
    assert len(_groups(scene, name)) == 1
    scene.drop("aws:eks/nodeGroup:NodeGroup", group)
    scene.drop("aws:eks/cluster:Cluster", name)


def test_a_cluster_stays_in_its_vpc(scene: Scene) -> None:
    name = scene.new_cluster("settled")
    elsewhere = scene.new_vpc("elsewhere")
    block = scene.see("aws:ec2/vpc:Vpc", elsewhere).outputs["cidrBlock"].removesuffix(".0.0/16")
    others = [
        scene.make(
            "aws:ec2/subnet:Subnet",
            f"elsewhere-{zone}",
            vpcId=elsewhere,
            cidrBlock=f"{block}.{index}.0/24",
            availabilityZone=f"{REGION}{zone}",
        )
        for index, zone in enumerate("ab")
    ]
    with pytest.raises(Exception, match="Provided subnets must belong to the same VPC"):
        _clusters(scene, _direct(scene)).update_cluster_config(name, resourcesVpcConfig={"subnetIds": others})
    scene.drop("aws:eks/cluster:Cluster", name)


def test_a_refused_second_node_group_leaves_the_first_ones_settings_alone(scene: Scene) -> None:
    name = scene.new_cluster("twice")
    database = scene.aws._database  # pyright: ignore[reportPrivateUsage]
    nodes = own_nodes.Operations(
        Records(database), Records(database, "completion"), REGION, lambda: ACCOUNT, _direct(scene)
    )
    said = {"nodeRole": scene.role_arns[0], "subnets": scene.subnets}
    nodes.create_nodegroup(name, "n", **said, updateConfig={"maxUnavailable": 2})
    with pytest.raises(Exception, match="NodeGroup already exists"):
        nodes.create_nodegroup(name, "n", **said, updateConfig={"maxUnavailable": 9})
    assert nodes.describe_nodegroup(name, "n")["nodegroup"]["updateConfig"] == {"maxUnavailable": 2}
    nodes.delete_nodegroup(name, "n")
    scene.drop("aws:eks/cluster:Cluster", name)
