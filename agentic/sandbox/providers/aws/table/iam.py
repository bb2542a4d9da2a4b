"""Rows of IAM. Names are the ids, so a fixed name is replaced by deleting first."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting
from agentic.sandbox.providers.aws.styles import look, paired_tags, run
from agentic.sandbox.providers.aws.tags import from_pairs, urn_mark
from agentic.sandbox.providers.data import items_of

_VERSIONS_KEPT = 5  # IAM keeps at most five versions of a managed policy
_SEPARATE = "/"


def _managed_policies(it: It) -> None:
    olds: Any = it.before.get("managedPolicyArns") or []
    news: Any = it.get("managedPolicyArns") or []
    for arn in news:
        run(it, "iam", "attach_role_policy", RoleName=it.id, PolicyArn=arn)
    for arn in set(olds) - set(news):
        run(it, "iam", "detach_role_policy", RoleName=it.id, PolicyArn=arn)


def _inline_policies(it: It) -> None:
    olds: Any = {policy["name"] for policy in items_of(it.before.get("inlinePolicies"))}
    for policy in items_of(it.get("inlinePolicies")):
        run(
            it,
            "iam",
            "put_role_policy",
            RoleName=it.id,
            PolicyName=policy["name"],
            PolicyDocument=policy["policy"],
        )
        olds.discard(policy["name"])
    for name in olds:
        run(it, "iam", "delete_role_policy", RoleName=it.id, PolicyName=name)


def _boundary(it: It) -> None:
    if it.get("permissionsBoundary"):
        run(
            it,
            "iam",
            "put_role_permissions_boundary",
            RoleName=it.id,
            PermissionsBoundary=it["permissionsBoundary"],
        )
    else:
        run(it, "iam", "delete_role_permissions_boundary", RoleName=it.id)


def _strip_role(it: It) -> None:
    """What the role resource itself attached goes with it; other attachments block its deletion, as in AWS."""
    for arn in items_of(it.get("managedPolicyArns")):
        run(it, "iam", "detach_role_policy", RoleName=it.id, PolicyArn=arn)
    for policy in items_of(it.get("inlinePolicies")):
        run(it, "iam", "delete_role_policy", RoleName=it.id, PolicyName=policy["name"])
    if it.get("forceDetachPolicies"):
        for policy in look(it, "iam", "list_attached_role_policies", RoleName=it.id).get(
            "AttachedPolicies", []
        ):
            run(it, "iam", "detach_role_policy", RoleName=it.id, PolicyArn=policy["PolicyArn"])


def _policy_document(it: It, found: Any) -> Any:
    version = run(it, "iam", "get_policy_version", PolicyArn=it.id, VersionId=found["DefaultVersionId"])
    return version["PolicyVersion"]["Document"]


def _old_versions(it: It) -> list[str]:
    versions = look(it, "iam", "list_policy_versions", PolicyArn=it.id).get("Versions", [])
    return [v["VersionId"] for v in versions if not v["IsDefaultVersion"]]


def _new_policy_version(it: It) -> None:
    for version in _old_versions(it)[_VERSIONS_KEPT - 2 :]:
        run(it, "iam", "delete_policy_version", PolicyArn=it.id, VersionId=version)
    run(it, "iam", "create_policy_version", PolicyArn=it.id, PolicyDocument=it["policy"], SetAsDefault=True)


def _drop_versions(it: It) -> None:
    for version in _old_versions(it):
        run(it, "iam", "delete_policy_version", PolicyArn=it.id, VersionId=version)


def _find_policy(it: It) -> list[str]:
    assert it.named is not None
    arn = f"arn:aws:iam::{it.aws.account}:policy{it.get('path', '/')}{it['name']}"
    found = look(it, "iam", "get_policy", PolicyArn=arn).get("Policy", {})
    return [arn] if from_pairs(found.get("Tags")).get(URN_TAG) == urn_mark(it.named) else []


def _attached(it: It, answer: Any) -> Any:
    arn = it.parts(_SEPARATE, 1)[1]
    return next((p for p in answer["AttachedPolicies"] if p["PolicyArn"] == arn), None)


def _attachment(it: It) -> dict[str, str]:
    role, arn = it.parts(_SEPARATE, 1)
    return {"RoleName": role, "PolicyArn": arn}


def _inline(it: It) -> dict[str, str]:
    role, name = it.parts(":", 1)
    return {"RoleName": role, "PolicyName": name}


def _profile_role(it: It) -> None:
    if it.before.get("role"):
        run(
            it,
            "iam",
            "remove_role_from_instance_profile",
            InstanceProfileName=it.id,
            RoleName=it.before["role"],
        )
    if it.get("role"):
        run(it, "iam", "add_role_to_instance_profile", InstanceProfileName=it.id, RoleName=it["role"])


def _find_service_role(it: It) -> list[str]:
    roles = run(it, "iam", "list_roles", PathPrefix=f"/aws-service-role/{it['awsServiceName']}/")["Roles"]
    suffix = it.get("customSuffix")
    return [r["Arn"] for r in roles if not suffix or r["RoleName"].endswith(f"_{suffix}")]


ROWS = (
    Row(
        type="aws:iam/role:Role",
        service="iam",
        create=Call(
            "create_role",
            lambda it: {"RoleName": it["name"], "AssumeRolePolicyDocument": it["assumeRolePolicy"]},
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("get_role", lambda it: {"RoleName": it.id}),
        at="Role",
        delete=(_strip_role, Call("delete_role", lambda it: {"RoleName": it.id})),
        settings=(
            Setting(
                "assumeRolePolicy",
                Call(
                    "update_assume_role_policy",
                    lambda it: {"RoleName": it.id, "PolicyDocument": it["assumeRolePolicy"]},
                ),
                later=True,
            ),
            Setting(
                "description maxSessionDuration",
                Call(
                    "update_role",
                    lambda it: {
                        "RoleName": it.id,
                        "Description": it.get("description", ""),
                        "MaxSessionDuration": it.get("maxSessionDuration", 3600),
                    },
                ),
            ),
            Setting("permissionsBoundary", _boundary, later=True),
            Setting("managedPolicyArns", _managed_policies),
            Setting("inlinePolicies", _inline_policies),
        ),
        observe={
            "name": "RoleName",
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
        },
        outputs={"arn": "Arn", "createDate": "CreateDate", "uniqueId": "RoleId"},
        local="forceDetachPolicies",
        name="name",
        tags=paired_tags("iam", "role", "RoleName"),
    ),
    Row(
        type="aws:iam/rolePolicy:RolePolicy",
        service="iam",
        create=Call(
            "put_role_policy",
            lambda it: {"RoleName": it["role"], "PolicyName": it["name"], "PolicyDocument": it["policy"]},
        ),
        natural=lambda inputs: f"{inputs['role']}:{inputs['name']}",
        read=Call("get_role_policy", _inline),
        delete=(Call("delete_role_policy", _inline),),
        settings=(
            Setting(
                "policy",
                Call("put_role_policy", lambda it: {**_inline(it), "PolicyDocument": it["policy"]}),
                later=True,
            ),
        ),
        observe={
            "role": "RoleName",
            "name": "PolicyName",
            "policy": "PolicyDocument",
        },
        name="name",
        name_limit=128,
    ),
    Row(
        type="aws:iam/policy:Policy",
        service="iam",
        create=Call("create_policy", lambda it: {"PolicyName": it["name"], "PolicyDocument": it["policy"]}),
        made="Policy.Arn",
        read=Call("get_policy", lambda it: {"PolicyArn": it.id}),
        at="Policy",
        delete=(_drop_versions, Call("delete_policy", lambda it: {"PolicyArn": it.id})),
        settings=(Setting("policy", _new_policy_version, later=True),),
        observe={"name": "PolicyName", "policy": _policy_document},
        outputs={"arn": "Arn", "policyId": "PolicyId"},
        local="delayAfterPolicyCreationInMs",
        name="name",
        name_limit=128,
        tags=paired_tags("iam", "policy", "PolicyArn"),
        search=_find_policy,
    ),
    Row(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        service="iam",
        create=Call("attach_role_policy", lambda it: {"RoleName": it["role"], "PolicyArn": it["policyArn"]}),
        natural=lambda inputs: f"{inputs['role']}{_SEPARATE}{inputs['policyArn']}",
        read=Call("list_attached_role_policies", lambda it: {"RoleName": it.parts(_SEPARATE, 1)[0]}),
        at=_attached,
        delete=(Call("detach_role_policy", _attachment),),
        observe={"role": lambda it, _: it.parts(_SEPARATE, 1)[0]},
    ),
    Row(
        type="aws:iam/instanceProfile:InstanceProfile",
        service="iam",
        create=Call("create_instance_profile", lambda it: {"InstanceProfileName": it["name"]}),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("get_instance_profile", lambda it: {"InstanceProfileName": it.id}),
        at="InstanceProfile",
        delete=(
            Call(
                "remove_role_from_instance_profile",
                lambda it: {"InstanceProfileName": it.id, "RoleName": it["role"]},
                when=lambda it: bool(it.get("role")),
            ),
            Call("delete_instance_profile", lambda it: {"InstanceProfileName": it.id}),
        ),
        settings=(Setting("role", _profile_role),),
        observe={"name": "InstanceProfileName", "role": "Roles[0].RoleName"},
        outputs={"arn": "Arn", "createDate": "CreateDate", "uniqueId": "InstanceProfileId"},
        name="name",
        name_limit=128,
        tags=paired_tags("iam", "instance_profile", "InstanceProfileName"),
    ),
    Row(
        type="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        service="iam",
        create=Call(
            "create_open_id_connect_provider",
            lambda it: {"ClientIDList": it["clientIdLists"], "ThumbprintList": it.get("thumbprintLists")},
        ),
        made="OpenIDConnectProviderArn",
        read=Call("get_open_id_connect_provider", lambda it: {"OpenIDConnectProviderArn": it.id}),
        delete=(Call("delete_open_id_connect_provider", lambda it: {"OpenIDConnectProviderArn": it.id}),),
        settings=(
            Setting(
                "thumbprintLists",
                Call(
                    "update_open_id_connect_provider_thumbprint",
                    lambda it: {"OpenIDConnectProviderArn": it.id, "ThumbprintList": it["thumbprintLists"]},
                ),
                later=True,
            ),
        ),
        observe={
            # AWS keeps the issuer without its scheme.
            "url": lambda it, found: None if str(it.get("url", "")).endswith(found["Url"]) else found["Url"],
            "clientIdLists": "ClientIDList",
            "thumbprintLists": "ThumbprintList",
        },
        outputs={"arn": lambda it, _: it.id},
        # moto cannot add a client id to a provider, so here a change of the list makes another provider.
        replace="clientIdLists url",
        tags=paired_tags("iam", "open_id_connect_provider", "OpenIDConnectProviderArn"),
        search=lambda it: [
            p["Arn"]
            for p in run(it, "iam", "list_open_id_connect_providers")["OpenIDConnectProviderList"]
            if p["Arn"].endswith(it["url"].removeprefix("https://"))
        ],
    ),
    Row(
        type="aws:iam/serviceLinkedRole:ServiceLinkedRole",
        service="iam",
        create=Call("create_service_linked_role"),
        made="Role.Arn",
        read=Call("get_role", lambda it: {"RoleName": it.id.rpartition("/")[2]}),
        at="Role",
        delete=(Call("delete_service_linked_role", lambda it: {"RoleName": it.id.rpartition("/")[2]}),),
        observe={"awsServiceName": lambda it, _: it.parts("/")[2]},
        outputs={
            "arn": "Arn",
            "createDate": "CreateDate",
            "name": "RoleName",
            "path": "Path",
            "uniqueId": "RoleId",
        },
        replace="awsServiceName customSuffix description",
        search=_find_service_role,
    ),
)
