"""EKS clusters and node groups as moto has them, completed by what it does not keep and by what EKS makes besides."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError
from agentic.sandbox.providers.aws.own_eks import EksOperations, fresh_id, invalid
from agentic.sandbox.providers.data import is_map, map_of

_CLUSTER, _NODES = "eks-cluster", "eks-nodegroup"
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
        """Make moto's cluster and the security group that EKS makes for it."""
        vpc = self._vpc_of(more["resourcesVpcConfig"].get("subnetIds", []))
        known = {key: value for key, value in more.items() if key in _KEPT_BY_MOTO}
        self.moto("eks", "create_cluster", name=name, **known)
        extras = {key: value for key, value in more.items() if key not in _KEPT_BY_MOTO}
        extras["resourcesVpcConfig"] = {
            "vpcId": vpc,
            "clusterSecurityGroupId": self._security_group(name, vpc),
        }
        self.records.put(_CLUSTER, self.place(name), extras)
        return self.describe_cluster(name)

    def describe_cluster(self, name: str) -> dict[str, Any]:
        """Give moto's cluster with our additions over it."""
        return {"cluster": _merged(self.require_cluster(name), self.extras(name))}

    def update_cluster_config(self, name: str, **more: Any) -> dict[str, Any]:
        """Write changed settings into our additions."""
        self.require_cluster(name)
        self.records.put(_CLUSTER, self.place(name), _merged(self.extras(name), more))
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
        self.records.put(_CLUSTER, self.place(name), {**self.extras(name), "version": version})
        return {"update": {"status": "Successful", "type": "VersionUpdate"}}

    def delete_cluster(self, name: str) -> dict[str, Any]:
        """Refuse a protected cluster; take along what lives in it and its security group."""
        extras = self.extras(name)
        if extras.get("deletionProtection"):
            raise AwsError(
                "InvalidRequestException",
                f"Cannot delete because cluster {name} currently has deletion protection enabled.",
            )
        answer = self.moto("eks", "delete_cluster", name=name)
        for kind in _GOES_WITH_CLUSTER:
            self.records.drop(kind, f"{self.place(name)}|", exactly=False)
        group = extras.get("resourcesVpcConfig", {}).get("clusterSecurityGroupId")
        if group:
            self.moto("ec2", "delete_security_group", GroupId=group)
        self.records.drop(_CLUSTER, self.place(name))
        return answer

    def create_nodegroup(self, clusterName: str, nodegroupName: str, **more: Any) -> dict[str, Any]:
        """Make moto's node group in subnets that exist."""
        self.require_cluster(clusterName)
        self.moto("ec2", "describe_subnets", SubnetIds=more.get("subnets", []))
        known = {key: value for key, value in more.items() if key not in ("updateConfig", "nodeRepairConfig")}
        self.moto("eks", "create_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName, **known)
        extras = {key: value for key, value in more.items() if key not in known}
        self.records.put(_NODES, self.place(clusterName, nodegroupName), extras)
        return self.describe_nodegroup(clusterName, nodegroupName)

    def describe_nodegroup(self, clusterName: str, nodegroupName: str) -> dict[str, Any]:
        """Give moto's node group with our additions over it."""
        found = self.moto("eks", "describe_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName)
        return {"nodegroup": _merged(found["nodegroup"], self._node_extras(clusterName, nodegroupName))}

    def delete_nodegroup(self, clusterName: str, nodegroupName: str) -> dict[str, Any]:
        """Remove it."""
        answer = self.moto("eks", "delete_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName)
        self.records.drop(_NODES, self.place(clusterName, nodegroupName))
        return answer

    def update_nodegroup_config(self, clusterName: str, nodegroupName: str, **more: Any) -> dict[str, Any]:
        """Let moto change labels, taints and sizes; keep the rest."""
        answer = self.moto(
            "eks", "update_nodegroup_config", clusterName=clusterName, nodegroupName=nodegroupName, **more
        )
        kept = {key: more[key] for key in ("updateConfig", "nodeRepairConfig") if key in more}
        self._keep_node_extras(clusterName, nodegroupName, kept)
        return answer

    def update_nodegroup_version(self, clusterName: str, nodegroupName: str, **more: Any) -> dict[str, Any]:
        """Change version, release or launch template."""
        self.describe_nodegroup(clusterName, nodegroupName)
        kept = {key: more[key] for key in ("version", "releaseVersion", "launchTemplate") if key in more}
        self._keep_node_extras(clusterName, nodegroupName, kept)
        return {"update": {"status": "Successful", "type": "VersionUpdate"}}

    def tag_resource(self, resourceArn: str, tags: Mapping[str, str]) -> dict[str, Any]:
        """Tag a cluster in moto and anything else in the store; moto knows clusters only."""
        return self._retag(resourceArn, dict(tags), ())

    def untag_resource(self, resourceArn: str, tagKeys: list[str]) -> dict[str, Any]:
        """Take tags away."""
        return self._retag(resourceArn, {}, tagKeys)

    def _retag(self, arn: str, add: dict[str, str], drop: list[str] | tuple[str, ...]) -> dict[str, Any]:
        kind, cluster, *rest = arn.split(":", 5)[5].split("/")
        if kind == "cluster":
            if add:
                self.moto("eks", "tag_resource", resourceArn=arn, tags=add)
            if drop:
                self.moto("eks", "untag_resource", resourceArn=arn, tagKeys=list(drop))
            return {}
        if kind == "nodegroup":
            present = self.describe_nodegroup(cluster, rest[0])["nodegroup"].get("tags", {})
            tags = {key: value for key, value in {**present, **add}.items() if key not in drop}
            self._keep_node_extras(cluster, rest[0], {"tags": tags})
            return {}
        for record, field in (
            ("eks-addon", "addonArn"),
            ("eks-access-entry", "accessEntryArn"),
            ("eks-pod-identity", "associationArn"),
        ):
            for document in self.records.all(record, f"{self.place(cluster)}|"):
                if document[field] == arn:
                    tags = {k: v for k, v in {**document["tags"], **add}.items() if k not in drop}
                    key = (
                        document.get("associationId")
                        or document.get("addonName")
                        or document.get("principalArn")
                    )
                    self.records.put(record, self.place(cluster, str(key)), {**document, "tags": tags})
        return {}

    def _node_extras(self, cluster: str, name: str) -> dict[str, Any]:
        return self.records.get(_NODES, self.place(cluster, name)) or {}

    def _keep_node_extras(self, cluster: str, name: str, more: Mapping[str, Any]) -> None:
        self.records.put(_NODES, self.place(cluster, name), {**self._node_extras(cluster, name), **more})

    def _vpc_of(self, subnet_ids: list[str]) -> str:
        subnets: Any = (
            self.moto("ec2", "describe_subnets", SubnetIds=subnet_ids)["Subnets"] if subnet_ids else []
        )
        if len({subnet["AvailabilityZone"] for subnet in subnets}) < _ZONES_NEEDED:
            raise invalid("Subnets specified must be in at least two different AZs")
        return str(subnets[0]["VpcId"])

    def _security_group(self, cluster: str, vpc: str) -> str:
        # EKS names it so, and it outlives nothing: terraform-provider-aws#11473 is about it staying behind.
        tags = [{"Key": "aws:eks:cluster-name", "Value": cluster}]
        group = self.moto(
            "ec2",
            "create_security_group",
            GroupName=f"eks-cluster-sg-{cluster}-{fresh_id(cluster)[:10]}",
            Description="EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
            VpcId=vpc,
        )
        self.moto("ec2", "create_tags", Resources=[group["GroupId"]], Tags=tags)
        return str(group["GroupId"])


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below: Any = merged.get(key)
        both = key != "tags" and is_map(value) and is_map(below)
        merged[key] = _merged(map_of(below), map_of(value)) if both else value
    return merged


def _minor(version: str) -> int:
    return int(version.split(".")[1])
