"""EKS add-ons and pod identity associations, which moto lacks."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

import json
from typing import Any, Final

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

_ADDON, _ASSOCIATION = "eks-addon", "eks-pod-identity"

# EKS user guide, "AWS add-ons" and "community add-ons", names only: versions change weekly.
KNOWN_ADDONS: Final = frozenset(
    [
        "adot",
        "amazon-cloudwatch-observability",
        "aws-ebs-csi-driver",
        "aws-efs-csi-driver",
        "aws-fsx-csi-driver",
        "aws-guardduty-agent",
        "aws-mountpoint-s3-csi-driver",
        "aws-network-flow-monitoring-agent",
        "aws-privateca-connector-for-kubernetes",
        "aws-secrets-store-csi-driver-provider",
        "cert-manager",
        "coredns",
        "eks-node-monitoring-agent",
        "eks-pod-identity-agent",
        "external-dns",
        "kube-proxy",
        "kube-state-metrics",
        "metrics-server",
        "prometheus-node-exporter",
        "snapshot-controller",
        "amazon-sagemaker-hyperpod-taskgovernance",
        "vpc-cni",
    ]
)
VERSION_CHOSEN_BY_EKS: Final = "eks-default"


class Operations(EksOperations):
    """The operations, named as boto3 names them."""

    def create_addon(self, clusterName: str, addonName: str, **more: Any) -> dict[str, Any]:
        """Refuse a name EKS does not have, a duplicate, and settings that are no JSON object."""
        cluster = self.require_cluster(clusterName)
        if addonName not in KNOWN_ADDONS:
            version = self.extras(clusterName).get("version", cluster["version"])
            raise invalid(f"Addon {addonName} specified is not supported in {version} kubernetes version")
        _check_settings(more.get("configurationValues"))
        addon = {
            "addonName": addonName,
            "clusterName": clusterName,
            "status": "ACTIVE",
            "addonVersion": more.get("addonVersion", VERSION_CHOSEN_BY_EKS),
            "addonArn": self.arn("addon", clusterName, addonName, fresh_id(clusterName, addonName)),
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": more.get("tags", {}),
            **given(
                serviceAccountRoleArn=more.get("serviceAccountRoleArn"),
                configurationValues=more.get("configurationValues"),
                podIdentityAssociations=more.get("podIdentityAssociations"),
                namespaceConfig=more.get("namespaceConfig"),
            ),
        }
        if not self.records.add(_ADDON, self.place(clusterName, addonName), addon):
            raise in_use("Addon already exists.")
        return {"addon": addon}

    def describe_addon(self, clusterName: str, addonName: str) -> dict[str, Any]:
        """Give an add-on."""
        self.require_cluster(clusterName)
        found = self.records.get(_ADDON, self.place(clusterName, addonName))
        return {"addon": found_or(found, f"No addon: {addonName} found in cluster: {clusterName}")}

    def update_addon(self, clusterName: str, addonName: str, **more: Any) -> dict[str, Any]:
        """Change version, settings and role."""
        addon = {**self.describe_addon(clusterName, addonName)["addon"], "modifiedAt": now()}
        _check_settings(more.get("configurationValues"))
        names = ("addonVersion", "configurationValues", "serviceAccountRoleArn", "podIdentityAssociations")
        addon |= given(**{name: more.get(name) for name in names})
        self.records.put(_ADDON, self.place(clusterName, addonName), addon)
        return {"update": {"status": "Successful", "type": "AddonUpdate"}}

    def delete_addon(self, clusterName: str, addonName: str, **_: Any) -> dict[str, Any]:
        """Remove an add-on."""
        addon = self.describe_addon(clusterName, addonName)["addon"]
        self.records.drop(_ADDON, self.place(clusterName, addonName))
        return {"addon": addon}

    def list_addons(self, clusterName: str, **_: Any) -> dict[str, Any]:
        """List add-on names."""
        self.require_cluster(clusterName)
        return {"addons": [a["addonName"] for a in self.records.all(_ADDON, f"{self.place(clusterName)}|")]}

    def create_pod_identity_association(
        self,
        clusterName: str,
        namespace: str,
        serviceAccount: str,
        roleArn: str,
        **more: Any,
    ) -> dict[str, Any]:
        """Refuse a second association of one service account."""
        self.require_cluster(clusterName)
        for other in self.records.all(_ASSOCIATION, f"{self.place(clusterName)}|"):
            if (other["namespace"], other["serviceAccount"]) == (namespace, serviceAccount):
                raise in_use(f"Association already exists: {other['associationId']}")
        identity = f"a-{fresh_id(clusterName, namespace, serviceAccount)}"
        association = {
            "clusterName": clusterName,
            "namespace": namespace,
            "serviceAccount": serviceAccount,
            "roleArn": roleArn,
            "associationArn": self.arn("podidentityassociation", clusterName, identity),
            "associationId": identity,
            "tags": more.get("tags", {}),
            "createdAt": now(),
            "modifiedAt": now(),
            **given(
                disableSessionTags=more.get("disableSessionTags"),
                targetRoleArn=more.get("targetRoleArn"),
                policy=more.get("policy"),
            ),
        }
        self.records.put(_ASSOCIATION, self.place(clusterName, identity), association)
        return {"association": association}

    def describe_pod_identity_association(self, clusterName: str, associationId: str) -> dict[str, Any]:
        """Give an association."""
        self.require_cluster(clusterName)
        found = self.records.get(_ASSOCIATION, self.place(clusterName, associationId))
        return {"association": found_or(found, f"No association found: {associationId}")}

    def update_pod_identity_association(
        self, clusterName: str, associationId: str, **more: Any
    ) -> dict[str, Any]:
        """Change the role."""
        found = self.describe_pod_identity_association(clusterName, associationId)["association"]
        names = ("roleArn", "disableSessionTags", "targetRoleArn", "policy")
        association = {**found, **given(**{name: more.get(name) for name in names}), "modifiedAt": now()}
        self.records.put(_ASSOCIATION, self.place(clusterName, associationId), association)
        return {"association": association}

    def delete_pod_identity_association(self, clusterName: str, associationId: str) -> dict[str, Any]:
        """Remove an association."""
        self.require_cluster(clusterName)
        if not self.records.drop(_ASSOCIATION, self.place(clusterName, associationId)):
            raise not_found(f"No association found: {associationId}")
        return {}

    def list_pod_identity_associations(self, clusterName: str, **_: Any) -> dict[str, Any]:
        """List associations."""
        self.require_cluster(clusterName)
        return {"associations": self.records.all(_ASSOCIATION, f"{self.place(clusterName)}|")}


def _check_settings(text: str | None) -> None:
    if text is None:
        return
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise invalid("ConfigurationValue is not in supported format: it must be a JSON object")
