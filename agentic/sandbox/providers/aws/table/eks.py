"""Rows of EKS. Add-ons, access entries and pod identity associations live in the sandbox's own store (`own.py`)."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting, TagStyle
from agentic.sandbox.providers.aws.shapes import from_api, to_api
from agentic.sandbox.providers.aws.styles import look, mapped_tags, run
from agentic.sandbox.providers.aws.tags import urn_mark
from agentic.sandbox.providers.data import items_of


def _tags(arn: str) -> TagStyle:
    return mapped_tags(
        "eks",
        read=lambda _, found: found.get("tags") or {},
        put=lambda it, tags: run(it, "eks", "tag_resource", resourceArn=_arn(it, arn), tags=dict(tags)),
        drop=lambda it, keys: run(it, "eks", "untag_resource", resourceArn=_arn(it, arn), tagKeys=list(keys)),
    )


def _arn(it: It, output: str) -> str:
    """ARNs hold an id that only EKS knows; the thing itself says it."""
    if output == "cluster":
        return f"arn:aws:eks:{it.region}:{it.aws.account}:cluster/{it.id}"
    if output == "nodegroup":
        return str(run(it, "eks", "describe_nodegroup", **_nodes(it))["nodegroup"]["nodegroupArn"])
    if output == "addon":
        return str(run(it, "eks", "describe_addon", **_addon(it))["addon"]["addonArn"])
    if output == "access-entry":
        return str(run(it, "eks", "describe_access_entry", **_entry(it))["accessEntry"]["accessEntryArn"])
    return str(
        run(it, "eks", "describe_pod_identity_association", **_association(it))["association"][
            "associationArn"
        ]
    )


def _cluster(it: It) -> dict[str, Any]:
    return {
        **_encryption(it),
        "resourcesVpcConfig": to_api(_shape(it, "resourcesVpcConfig"), it["vpcConfig"]),
        "logging": _logging(it) if it.get("enabledClusterLogTypes") else None,
    }


def _encryption(it: It) -> dict[str, Any]:
    stated = it.get("encryptionConfig")
    return {"encryptionConfig": to_api(_shape(it, "encryptionConfig"), [stated]) if stated else None}


def _shape(it: It, member: str) -> Any:
    return it.aws.request_shape("eks", "create_cluster").members[member]


def _logging(it: It) -> dict[str, Any]:
    on = list(it.get("enabledClusterLogTypes") or [])
    off = [
        kind for kind in ("api", "audit", "authenticator", "controllerManager", "scheduler") if kind not in on
    ]
    groups = [{"types": on, "enabled": True}, {"types": off, "enabled": False}]
    return {"clusterLogging": [group for group in groups if group["types"]]}


def _change(name: str, member: str) -> Call:
    """Change one block of a cluster; EKS takes one a call."""

    def arguments(it: It) -> dict[str, Any]:
        shape = it.aws.request_shape("eks", "update_cluster_config").members[member]
        return {"name": it.id, member: to_api(shape, it.get(name))}

    return Call("update_cluster_config", arguments)


def _nodes(it: It) -> dict[str, str]:
    cluster, name = it.parts(":", 1)
    return {"clusterName": cluster, "nodegroupName": name}


def _node_inputs(it: It) -> dict[str, Any]:
    return {
        "nodegroupName": it["nodeGroupName"],
        "nodeRole": it["nodeRoleArn"],
        "subnets": it["subnetIds"],
        "taints": [_taint(taint) for taint in it["taints"]] if it.get("taints") else None,
        "labels": it.get("labels"),
    }


def _taint(taint: Any) -> dict[str, str]:
    return {"key": taint["key"], "value": taint.get("value", ""), "effect": taint["effect"]}


def _change_nodes(it: It) -> None:
    change: dict[str, Any] = {}
    for name in ("scalingConfig", "updateConfig", "nodeRepairConfig"):
        if it.get(name) != it.before.get(name) and it.get(name):
            shape = it.aws.request_shape("eks", "update_nodegroup_config").members[name]
            change[name] = to_api(shape, it[name])
    olds: Any = it.before.get("labels") or {}
    news: Any = it.get("labels") or {}
    if olds != news:
        change["labels"] = {
            "addOrUpdateLabels": news,
            "removeLabels": [key for key in olds if key not in news],
        }
    before, after = ([_taint(t) for t in items_of(side.get("taints"))] for side in (it.before, it))
    if before != after:
        change["taints"] = {
            "addOrUpdateTaints": after,
            "removeTaints": [taint for taint in before if taint not in after],
        }
    run(it, "eks", "update_nodegroup_config", **_nodes(it), **change)


def _new_node_version(it: It) -> None:
    shape = it.aws.request_shape("eks", "update_nodegroup_version")
    names = [name for name in ("version", "releaseVersion", "launchTemplate") if it.get(name)]
    values = {name: to_api(shape.members[name], it[name]) for name in names}
    run(it, "eks", "update_nodegroup_version", **_nodes(it), **values)


def _node_template(it: It, found: Any) -> Any:
    """AWS answers with id and name; a program states one of them."""
    return from_api(found.get("launchTemplate"))


def _addon(it: It) -> dict[str, str]:
    cluster, name = it.parts(":", 1)
    return {"clusterName": cluster, "addonName": name}


def _addon_change(it: It) -> dict[str, Any]:
    return {
        **_addon(it),
        "addonVersion": it.get("addonVersion"),
        "configurationValues": it.get("configurationValues"),
        "serviceAccountRoleArn": it.get("serviceAccountRoleArn"),
        "resolveConflicts": it.get("resolveConflictsOnUpdate"),
    }


def _entry(it: It) -> dict[str, str]:
    cluster, principal = it.parts(":", 1)
    return {"clusterName": cluster, "principalArn": principal}


def _policy(it: It) -> dict[str, str]:
    cluster, principal, policy = it.parts("#")
    return {"clusterName": cluster, "principalArn": principal, "policyArn": policy}


def _one_policy(it: It, answer: Any) -> Any:
    policy = _policy(it)["policyArn"]
    return next((p for p in answer["associatedAccessPolicies"] if p["policyArn"] == policy), None)


def _association(it: It) -> dict[str, str]:
    cluster, identity = it.parts(",", 1)
    return {"clusterName": cluster, "associationId": identity}


def _find_association(it: It) -> list[str]:
    assert it.named is not None
    cluster = it["clusterName"]
    found = look(it, "eks", "list_pod_identity_associations", clusterName=cluster).get("associations", [])
    return [f"{cluster},{a['associationId']}" for a in found if a["tags"].get(URN_TAG) == urn_mark(it.named)]


ROWS = (
    Row(
        type="aws:eks/cluster:Cluster",
        service="eks",
        create=Call("create_cluster", _cluster),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_cluster", lambda it: {"name": it.id}),
        at="cluster",
        delete=(Call("delete_cluster", lambda it: {"name": it.id}),),
        settings=(
            Setting(
                "version",
                Call("update_cluster_version", lambda it: {"name": it.id, "version": it["version"]}),
            ),
            Setting("vpcConfig", _change("vpcConfig", "resourcesVpcConfig"), later=True),
            Setting(
                "enabledClusterLogTypes",
                Call("update_cluster_config", lambda it: {"name": it.id, "logging": _logging(it)}),
                later=True,
            ),
            Setting("accessConfig", _change("accessConfig", "accessConfig")),
            Setting("computeConfig", _change("computeConfig", "computeConfig")),
            Setting("storageConfig", _change("storageConfig", "storageConfig")),
            Setting("kubernetesNetworkConfig", _change("kubernetesNetworkConfig", "kubernetesNetworkConfig")),
            Setting("upgradePolicy", _change("upgradePolicy", "upgradePolicy")),
            Setting("zonalShiftConfig", _change("zonalShiftConfig", "zonalShiftConfig")),
            Setting(
                "encryptionConfig",
                Call("associate_encryption_config", lambda it: {"clusterName": it.id, **_encryption(it)}),
                later=True,
            ),
            Setting("deletionProtection", _change("deletionProtection", "deletionProtection")),
        ),
        observe={
            "vpcConfig": "resourcesVpcConfig",
            "encryptionConfig": "encryptionConfig[0]",
            "enabledClusterLogTypes": "logging.clusterLogging[?enabled].types[]",
        },
        outputs={
            "arn": "arn",
            "certificateAuthority": "{data: certificateAuthority.data}",
            "createdAt": "createdAt",
            "endpoint": "endpoint",
            "identities": "[{oidcs: [{issuer: identity.oidc.issuer}]}]",
            "platformVersion": "platformVersion",
            "status": "status",
            "vpcConfig.clusterSecurityGroupId": "resourcesVpcConfig.clusterSecurityGroupId",
            "vpcConfig.vpcId": "resourcesVpcConfig.vpcId",
        },
        replace_on_removal="encryptionConfig",
        local="defaultAddonsToRemoves forceUpdateVersion",
        name="name",
        name_limit=100,
        tags=_tags("cluster"),
    ),
    Row(
        type="aws:eks/nodeGroup:NodeGroup",
        service="eks",
        create=Call("create_nodegroup", _node_inputs),
        natural=lambda inputs: f"{inputs['clusterName']}:{inputs['nodeGroupName']}",
        read=Call("describe_nodegroup", _nodes),
        at="nodegroup",
        delete=(Call("delete_nodegroup", _nodes),),
        settings=(
            Setting("labels nodeRepairConfig scalingConfig taints updateConfig", _change_nodes, later=True),
            Setting("launchTemplate releaseVersion version", _new_node_version, later=True),
        ),
        observe={
            "nodeGroupName": "nodegroupName",
            "nodeRoleArn": "nodeRole",
            "subnetIds": "subnets",
            "launchTemplate": _node_template,
            # moto makes up a key pair.
            "remoteAccess": lambda it, found: (
                from_api(found.get("remoteAccess")) if it.get("remoteAccess") else None
            ),
            "releaseVersion": lambda it, found: (
                found.get("releaseVersion") if it.get("releaseVersion") else None
            ),
        },
        outputs={"arn": "nodegroupArn", "resources": "[resources]", "status": "status"},
        local="forceUpdateVersion",
        name="nodeGroupName",
        name_limit=63,
        tags=_tags("nodegroup"),
    ),
    Row(
        type="aws:eks/addon:Addon",
        service="eks",
        create=Call("create_addon", lambda it: {"resolveConflicts": it.get("resolveConflictsOnCreate")}),
        natural=lambda inputs: f"{inputs['clusterName']}:{inputs['addonName']}",
        read=Call("describe_addon", _addon),
        at="addon",
        delete=(Call("delete_addon", lambda it: {**_addon(it), "preserve": it.get("preserve")}),),
        settings=(
            Setting(
                "addonVersion configurationValues serviceAccountRoleArn",
                Call("update_addon", _addon_change),
                later=True,
            ),
        ),
        outputs={"arn": "addonArn", "createdAt": "createdAt", "modifiedAt": "modifiedAt"},
        replace="namespaceConfig podIdentityAssociations",
        local="preserve resolveConflictsOnCreate resolveConflictsOnUpdate",
        tags=_tags("addon"),
    ),
    Row(
        type="aws:eks/accessEntry:AccessEntry",
        service="eks",
        create=Call("create_access_entry", lambda it: {"username": it.get("userName")}),
        natural=lambda inputs: f"{inputs['clusterName']}:{inputs['principalArn']}",
        read=Call("describe_access_entry", _entry),
        at="accessEntry",
        delete=(Call("delete_access_entry", _entry),),
        settings=(
            Setting(
                "kubernetesGroups userName",
                Call(
                    "update_access_entry",
                    lambda it: {
                        **_entry(it),
                        "kubernetesGroups": it.get("kubernetesGroups", []),
                        "username": it.get("userName"),
                    },
                ),
                later=True,
            ),
        ),
        observe={"userName": "username"},
        outputs={"accessEntryArn": "accessEntryArn", "createdAt": "createdAt", "modifiedAt": "modifiedAt"},
        tags=_tags("access-entry"),
    ),
    Row(
        type="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        service="eks",
        create=Call("associate_access_policy"),
        natural=lambda inputs: f"{inputs['clusterName']}#{inputs['principalArn']}#{inputs['policyArn']}",
        read=Call("list_associated_access_policies", lambda it: dict(list(_policy(it).items())[:2])),
        at=_one_policy,
        delete=(Call("disassociate_access_policy", _policy),),
        observe={
            name: lambda it, _, name=name: _policy(it)[name] for name in ("clusterName", "principalArn")
        },
        outputs={"associatedAt": "associatedAt", "modifiedAt": "modifiedAt"},
    ),
    Row(
        type="aws:eks/podIdentityAssociation:PodIdentityAssociation",
        service="eks",
        create=Call("create_pod_identity_association"),
        made=lambda it, answer: f"{it['clusterName']},{answer['association']['associationId']}",
        read=Call("describe_pod_identity_association", _association),
        at="association",
        delete=(Call("delete_pod_identity_association", _association),),
        settings=(
            Setting(
                "disableSessionTags policy roleArn targetRoleArn",
                Call(
                    "update_pod_identity_association",
                    lambda it: {
                        **_association(it),
                        "roleArn": it["roleArn"],
                        "disableSessionTags": it.get("disableSessionTags"),
                        "targetRoleArn": it.get("targetRoleArn"),
                        "policy": it.get("policy"),
                    },
                ),
                later=True,
            ),
        ),
        outputs={"associationArn": "associationArn", "associationId": "associationId"},
        tags=_tags("association"),
        search=_find_association,
    ),
)
