"""EKS clusters as moto has them, completed by what it does not keep and by what EKS makes besides."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

import re
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError
from agentic.sandbox.providers.aws.own_eks import CLUSTER, EksOperations, fresh_id, in_use, invalid, merged
from agentic.sandbox.providers.data import map_of

_KEPT_BY_MOTO = (
    "name",
    "roleArn",
    "version",
    "resourcesVpcConfig",
    "kubernetesNetworkConfig",
    "logging",
    "tags",
    "encryptionConfig",
)
_GOES_WITH_CLUSTER = ("eks-addon", "eks-pod-identity", "eks-access-policy", "eks-access-entry")
_ZONES_NEEDED = 2


class Operations(EksOperations):
    """The operations, named as boto3 names them."""

    def create_cluster(self, name: str, **more: Any) -> dict[str, Any]:
        """Make the security group that EKS makes for a cluster, then moto's cluster.

        The cluster comes last: a kill before it leaves parts that the next attempt finds by name and takes over.
        """
        if name in self.moto("eks", "list_clusters")["clusters"]:
            raise in_use(f"Cluster already exists with name: {name}")
        vpc = self._vpc_of(more["resourcesVpcConfig"].get("subnetIds", []))
        known = {key: value for key, value in more.items() if key in _KEPT_BY_MOTO}
        extras = {key: value for key, value in more.items() if key not in _KEPT_BY_MOTO}
        group = self._security_group(name, vpc)
        extras["resourcesVpcConfig"] = {"vpcId": vpc, "clusterSecurityGroupId": group}
        self.completions.put(CLUSTER, self.place(name), extras)
        self.moto("eks", "create_cluster", name=name, **known)
        return self.describe_cluster(name)

    def describe_cluster(self, name: str) -> dict[str, Any]:
        """Give moto's cluster with our additions over it."""
        return {"cluster": merged(self.require_cluster(name), self.extras(name))}

    def update_cluster_config(self, name: str, **more: Any) -> dict[str, Any]:
        """Write changed settings into our additions; a cluster stays in its VPC."""
        current = self.describe_cluster(name)["cluster"]["resourcesVpcConfig"]
        subnets = map_of(more.get("resourcesVpcConfig")).get("subnetIds")
        if subnets and self._vpc_of(subnets) != current["vpcId"]:
            raise invalid("Provided subnets must belong to the same VPC as the existing subnets")
        self.completions.put(CLUSTER, self.place(name), merged(self.extras(name), more))
        return {"update": {"status": "Successful", "type": "ConfigUpdate"}}

    def associate_encryption_config(self, clusterName: str, encryptionConfig: list[Any]) -> dict[str, Any]:
        """Encrypt Secrets of a cluster that was made without; a second time is refused."""
        if self.describe_cluster(clusterName)["cluster"].get("encryptionConfig"):
            raise AwsError("InvalidRequestException", "Encryption is already enabled on this cluster")
        return self.update_cluster_config(clusterName, encryptionConfig=encryptionConfig)

    def update_cluster_version(self, name: str, version: str, **_: Any) -> dict[str, Any]:
        """Refuse what EKS refuses: a step back, and more than one minor at a time."""
        current = str(self.describe_cluster(name)["cluster"]["version"])
        if _minor(version) - _minor(current) != 1:
            raise invalid(f"Unsupported Kubernetes minor version update from {current} to {version}")
        self.completions.put(CLUSTER, self.place(name), {**self.extras(name), "version": version})
        return {"update": {"status": "Successful", "type": "VersionUpdate"}}

    def delete_cluster(self, name: str) -> dict[str, Any]:
        """Refuse a protected cluster; take along what lives in it and its security group.

        The cluster goes last, so that a deletion that was killed half-way is one that can be made again.
        """
        extras = self.extras(name)
        if extras.get("deletionProtection"):
            raise AwsError(
                "InvalidRequestException",
                f"Cannot delete because cluster {name} currently has deletion protection enabled.",
            )
        if not self.moto("eks", "list_nodegroups", clusterName=name)["nodegroups"]:
            for kind in _GOES_WITH_CLUSTER:
                self.records.drop_all(kind, f"{self.place(name)}|")
            self.records.drop_objects_of(name)
            for group in self._security_groups(name):
                self.moto("ec2", "delete_security_group", GroupId=group)
            self.completions.drop(CLUSTER, self.place(name))
        return self.moto("eks", "delete_cluster", name=name)

    def _vpc_of(self, subnet_ids: list[str]) -> str:
        subnets: Any = (
            self.moto("ec2", "describe_subnets", SubnetIds=subnet_ids)["Subnets"] if subnet_ids else []
        )
        if len({subnet["AvailabilityZone"] for subnet in subnets}) < _ZONES_NEEDED:
            raise invalid("Subnets specified must be in at least two different AZs")
        return str(subnets[0]["VpcId"])

    def _security_group(self, cluster: str, vpc: str) -> str:
        """Give the group of a cluster, made if need be; EKS tags it so."""
        for group in self._security_groups(cluster):
            return group
        group = self.moto(
            "ec2",
            "create_security_group",
            GroupName=f"eks-cluster-sg-{cluster}-{fresh_id(cluster)[:10]}",
            Description="EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
            VpcId=vpc,
        )
        tags = [{"Key": "aws:eks:cluster-name", "Value": cluster}]
        self.moto("ec2", "create_tags", Resources=[group["GroupId"]], Tags=tags)
        return str(group["GroupId"])

    def _security_groups(self, cluster: str) -> list[str]:
        found = self.moto("ec2", "describe_security_groups")["SecurityGroups"]
        mine = re.compile(rf"eks-cluster-sg-{re.escape(cluster)}-[0-9a-f]{{10}}")
        return [str(group["GroupId"]) for group in found if mine.fullmatch(group["GroupName"])]


def _minor(version: str) -> int:
    return int(version.split(".")[1])
