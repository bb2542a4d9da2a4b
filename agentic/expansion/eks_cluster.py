"""`eks:index:Cluster` of pulumi-eks 4.4, with this platform's settings, as the children a user would see.

Read from nodejs/eks/cluster/cluster.ts: createCore, and createCluster for the outputs. The component owns the
control plane only. An input outside this table, or one that would make it register more, is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.expansion.kubeconfig import kubeconfig, kubeconfig_json
from agentic.expansion.shape import Attribute, Child, Derived, Expansion, ExpansionError, Whole

TYPE = "eks:index:Cluster"

PASSED_THROUGH = ("deletionProtection", "enabledClusterLogTypes", "name", "upgradePolicy", "version")
"""Inputs that the EKS cluster resource gets unchanged, under the same name."""

VPC_CONFIG = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs", "subnetIds")

REQUIRED: Mapping[str, Any] = {
    "authenticationMode": "API",
    "skipDefaultNodeGroup": True,
    "useDefaultVpcCni": True,
}
"""Inputs that must have this value, or the component brings node groups, add-ons or aws-auth of its own."""

SWITCHED_OFF = ("corednsAddonOptions", "kubeProxyAddonOptions")
"""Add-ons that must be given as {"enabled": False}; both are on when nothing is said."""

KNOWN = frozenset(
    {
        *PASSED_THROUGH,
        *VPC_CONFIG,
        *REQUIRED,
        *SWITCHED_OFF,
        "autoMode",
        "bootstrapSelfManagedAddons",
        "clusterTags",
        "createOidcProvider",
        "encryptionConfigKeyArn",
        "ipFamily",
        "kubernetesServiceIpAddressRange",
        "serviceRole",
        "skipDefaultSecurityGroups",
        "tags",
        "vpcId",
    }
)


def expand(name: str, inputs: Mapping[str, Any]) -> Expansion:
    """The children and outputs of one cluster component.

    `inputs["serviceRole"]` is a mapping with the role's `arn`; every other input is as the component got it.
    """
    _refuse_what_is_not_in_the_table(name, inputs)
    auto = bool(_auto_mode(inputs).get("enabled"))
    cluster = Child(
        type="aws:eks/cluster:Cluster",
        name=f"{name}-eksCluster",
        inputs=_without_none(_cluster_inputs(name, inputs, auto)),
        from_inputs=_FROM_INPUTS,
        ignore_changes=("accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"),
    )
    config = Derived(kubeconfig, _kubeconfig_parts(cluster.name))
    provider = Child(
        type="pulumi:providers:kubernetes",
        name=f"{name}-eks-k8s",
        inputs={"kubeconfig": Derived(kubeconfig_json, _kubeconfig_parts(cluster.name))},
    )
    issuer = Attribute(cluster.name, "identities[0].oidcs[0].issuer")
    security_group = Attribute(cluster.name, "vpcConfig.clusterSecurityGroupId")
    return Expansion(
        children=(cluster, provider),
        outputs={
            "autoModeNodeRoleName": "",
            "clusterIngressRuleId": "",
            "clusterSecurityGroupId": security_group,
            "defaultNodeGroupAsgName": "",
            "eksCluster": Whole(cluster.name),
            "fargateProfileId": "",
            "fargateProfileStatus": "",
            "instanceRoles": [],
            "kubeconfig": config,
            "kubeconfigJson": Derived(kubeconfig_json, _kubeconfig_parts(cluster.name)),
            "nodeSecurityGroupId": security_group,
            "oidcIssuer": Derived(_without_scheme, {"url": issuer}),
            "oidcProviderArn": "",
            "oidcProviderUrl": issuer,
        },
    )


def _kubeconfig_parts(cluster: str) -> dict[str, Attribute]:
    # The component takes the region out of the cluster's ARN; the provider states it as an output of its own.
    return {
        "cluster": Attribute(cluster, "name"),
        "endpoint": Attribute(cluster, "endpoint"),
        "certificate": Attribute(cluster, "certificateAuthority.data"),
        "region": Attribute(cluster, "region"),
    }


_FROM_INPUTS: Mapping[str, tuple[str, ...]] = {
    "computeConfig": ("autoMode",),
    "encryptionConfig": ("encryptionConfigKeyArn",),
    "kubernetesNetworkConfig": ("kubernetesServiceIpAddressRange", "ipFamily"),
    "roleArn": ("serviceRole",),
    "tags": ("tags", "clusterTags"),
    "vpcConfig": VPC_CONFIG,
    **{key: (key,) for key in PASSED_THROUGH},
}


def _refuse_what_is_not_in_the_table(name: str, inputs: Mapping[str, Any]) -> None:
    faults = [f"{key} is not in the expansion table" for key in sorted(set(inputs) - KNOWN)]
    faults += [f"{key} must be {value!r}" for key, value in REQUIRED.items() if inputs.get(key) != value]
    faults += [
        f'{key} must be {{"enabled": False}}' for key in SWITCHED_OFF if inputs.get(key) != {"enabled": False}
    ]
    auto = _auto_mode(inputs)
    if not (inputs.get("skipDefaultSecurityGroups") or auto.get("enabled")):
        faults.append("skipDefaultSecurityGroups must be True")
    if auto.get("enabled") and auto.get("createNodeRole") is not False:
        faults.append("autoMode.createNodeRole must be False")
    faults += [f"{key} must be given" for key in ("serviceRole", "subnetIds", "vpcId") if not inputs.get(key)]
    if inputs.get("createOidcProvider"):
        faults.append("createOidcProvider must be False")
    if faults:
        raise ExpansionError(f"{TYPE} {name!r}", "; ".join(faults))


def _cluster_inputs(name: str, inputs: Mapping[str, Any], auto: bool) -> dict[str, Any]:
    return {
        **{key: inputs.get(key) for key in PASSED_THROUGH},
        "roleArn": inputs["serviceRole"]["arn"],
        "computeConfig": _compute_config(inputs) if auto else None,
        "storageConfig": {"blockStorage": {"enabled": True}} if auto else None,
        "kubernetesNetworkConfig": _kubernetes_network(inputs, auto),
        "bootstrapSelfManagedAddons": False if auto else inputs.get("bootstrapSelfManagedAddons", True),
        "vpcConfig": _without_none({key: inputs.get(key) for key in VPC_CONFIG}),
        "tags": {
            "Name": f"{name}-eksCluster",
            **(inputs.get("clusterTags") or {}),
            **(inputs.get("tags") or {}),
        },
        "encryptionConfig": (
            {"provider": {"keyArn": inputs["encryptionConfigKeyArn"]}, "resources": ["secrets"]}
            if inputs.get("encryptionConfigKeyArn") is not None
            else None
        ),
        # Always True, whatever the program wants: pulumi-eks deploys charts with the creator's rights. A
        # program that brings an access entry for the deployer turns it off with a transform.
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
    }


def _compute_config(inputs: Mapping[str, Any]) -> dict[str, Any]:
    stated: dict[str, Any] = _auto_mode(inputs).get("computeConfig") or {}
    return {"enabled": True, "nodePools": ["general-purpose", "system"], **stated}


def _auto_mode(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return inputs.get("autoMode") or {}


def _kubernetes_network(inputs: Mapping[str, Any], auto: bool) -> dict[str, Any] | None:
    service_range, family = inputs.get("kubernetesServiceIpAddressRange"), inputs.get("ipFamily")
    if service_range is None and family is None and not auto:
        return None
    return _without_none(
        {
            "serviceIpv4Cidr": service_range if family in (None, "ipv4") else None,
            "ipFamily": family or "ipv4",
            "elasticLoadBalancing": {"enabled": True} if auto else None,
        }
    )


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _without_scheme(*, url: str) -> str:
    return url.replace("https://", "")
