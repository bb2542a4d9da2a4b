"""EKS node groups as moto has them, completed by what it does not keep; tags of everything in EKS but clusters."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.own_eks import EksOperations, merged

_NODES = "eks-nodegroup"


class Operations(EksOperations):
    """The operations, named as boto3 names them."""

    def create_nodegroup(self, clusterName: str, nodegroupName: str, **more: Any) -> dict[str, Any]:
        """Make moto's node group in subnets that exist."""
        self.require_cluster(clusterName)
        self.moto("ec2", "describe_subnets", SubnetIds=more.get("subnets", []))
        known = {key: value for key, value in more.items() if key not in ("updateConfig", "nodeRepairConfig")}
        extras = {key: value for key, value in more.items() if key not in known}
        if nodegroupName not in self.moto("eks", "list_nodegroups", clusterName=clusterName)["nodegroups"]:
            self.completions.put(_NODES, self.place(clusterName, nodegroupName), extras)
        self.moto("eks", "create_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName, **known)
        return self.describe_nodegroup(clusterName, nodegroupName)

    def describe_nodegroup(self, clusterName: str, nodegroupName: str) -> dict[str, Any]:
        """Give moto's node group with our additions over it."""
        found = self.moto("eks", "describe_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName)
        return {"nodegroup": merged(found["nodegroup"], self._node_extras(clusterName, nodegroupName))}

    def delete_nodegroup(self, clusterName: str, nodegroupName: str) -> dict[str, Any]:
        """Remove it."""
        self.completions.drop(_NODES, self.place(clusterName, nodegroupName))
        return self.moto("eks", "delete_nodegroup", clusterName=clusterName, nodegroupName=nodegroupName)

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
        return self.completions.get(_NODES, self.place(cluster, name)) or {}

    def _keep_node_extras(self, cluster: str, name: str, more: Mapping[str, Any]) -> None:
        self.completions.put(_NODES, self.place(cluster, name), {**self._node_extras(cluster, name), **more})
