"""EKS access entries and their policies, which moto lacks."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.own import AwsError
from agentic.sandbox.providers.aws.own_eks import (
    EksOperations,
    found_or,
    fresh_id,
    given,
    in_use,
    invalid,
    not_found,
    now,
)

_ENTRY, _POLICY = "eks-access-entry", "eks-access-policy"
_POLICY_PREFIX = ":eks::aws:cluster-access-policy/"


class Operations(EksOperations):
    """The operations, named as boto3 names them."""

    def create_access_entry(self, clusterName: str, principalArn: str, **more: Any) -> dict[str, Any]:
        """Refuse a second entry for a principal, and a cluster that knows only aws-auth."""
        self.require_cluster(clusterName)
        mode = self.extras(clusterName).get("accessConfig", {}).get("authenticationMode", "CONFIG_MAP")
        if mode == "CONFIG_MAP":
            raise AwsError(
                "InvalidRequestException",
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this"
                " operation.",
            )
        entry = {
            "clusterName": clusterName,
            "principalArn": principalArn,
            "kubernetesGroups": more.get("kubernetesGroups", []),
            "accessEntryArn": self.arn("access-entry", clusterName, fresh_id(principalArn)),
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": more.get("tags", {}),
            "username": more.get("username", principalArn),
            "type": more.get("type", "STANDARD"),
        }
        if not self.records.add(_ENTRY, self.place(clusterName, principalArn), entry):
            raise in_use("The specified access entry resource is already in use on this cluster.")
        return {"accessEntry": entry}

    def describe_access_entry(self, clusterName: str, principalArn: str) -> dict[str, Any]:
        """Give an entry."""
        return {"accessEntry": self._entry(clusterName, principalArn)}

    def update_access_entry(self, clusterName: str, principalArn: str, **more: Any) -> dict[str, Any]:
        """Change groups and user name."""
        entry = {**self._entry(clusterName, principalArn), "modifiedAt": now()}
        entry |= given(kubernetesGroups=more.get("kubernetesGroups"), username=more.get("username"))
        self.records.put(_ENTRY, self.place(clusterName, principalArn), entry)
        return {"accessEntry": entry}

    def delete_access_entry(self, clusterName: str, principalArn: str) -> dict[str, Any]:
        """Remove an entry with its policies."""
        place = self.place(clusterName, principalArn)
        self.records.drop_all(_POLICY, f"{place}|")
        if not self.records.drop(_ENTRY, place):
            raise not_found(f"The specified principalArn could not be found: {principalArn}")
        return {}

    def list_access_entries(self, clusterName: str, **_: Any) -> dict[str, Any]:
        """List principals."""
        self.require_cluster(clusterName)
        return {
            "accessEntries": [
                e["principalArn"] for e in self.records.all(_ENTRY, f"{self.place(clusterName)}|")
            ]
        }

    def associate_access_policy(
        self,
        clusterName: str,
        principalArn: str,
        policyArn: str,
        accessScope: dict[str, Any],
    ) -> dict[str, Any]:
        """Give an entry a policy; doing it again changes the scope."""
        self._entry(clusterName, principalArn)
        if _POLICY_PREFIX not in policyArn:
            raise invalid(f"The policyArn parameter format is not valid: {policyArn}")
        if accessScope.get("type") == "namespace" and not accessScope.get("namespaces"):
            raise invalid("At least one namespace must be specified for an access scope of type namespace.")
        place = self.place(clusterName, principalArn, policyArn)
        before = self.records.get(_POLICY, place) or {}
        policy = {
            "policyArn": policyArn,
            "accessScope": accessScope,
            "associatedAt": before.get("associatedAt", now()),
            "modifiedAt": now(),
        }
        self.records.put(_POLICY, place, policy)
        return {"clusterName": clusterName, "principalArn": principalArn, "associatedAccessPolicy": policy}

    def disassociate_access_policy(
        self, clusterName: str, principalArn: str, policyArn: str
    ) -> dict[str, Any]:
        """Take a policy away from an entry."""
        self._entry(clusterName, principalArn)
        if not self.records.drop(_POLICY, self.place(clusterName, principalArn, policyArn)):
            raise not_found(f"The specified policyArn is not associated: {policyArn}")
        return {}

    def list_associated_access_policies(
        self, clusterName: str, principalArn: str, **_: Any
    ) -> dict[str, Any]:
        """List the policies of an entry."""
        self._entry(clusterName, principalArn)
        return {
            "associatedAccessPolicies": self.records.all(_POLICY, f"{self.place(clusterName, principalArn)}|")
        }

    def _entry(self, cluster: str, principal: str) -> dict[str, Any]:
        self.require_cluster(cluster)
        message = f"The specified principalArn could not be found: {principal}"
        return found_or(self.records.get(_ENTRY, self.place(cluster, principal)), message)
