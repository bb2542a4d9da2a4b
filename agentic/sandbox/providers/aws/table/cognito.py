"""Rows of Cognito: user pools, the servers and clients in them, their login's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting, TagStyle
from agentic.sandbox.providers.aws.shapes import to_api
from agentic.sandbox.providers.aws.styles import look, run
from agentic.sandbox.providers.aws.tags import urn_mark

_SERVICE = "cognito-idp"
_POOL = (
    "accountRecoverySetting adminCreateUserConfig autoVerifiedAttributes deletionProtection mfaConfiguration "
    "passwordPolicy userPoolTier"
)
_CLIENT = (
    "accessTokenValidity allowedOauthFlows allowedOauthFlowsUserPoolClient allowedOauthScopes callbackUrls "
    "enableTokenRevocation explicitAuthFlows idTokenValidity logoutUrls name preventUserExistenceErrors "
    "refreshTokenValidity supportedIdentityProviders tokenValidityUnits"
)


def _stated(it: It, method: str) -> dict[str, Any]:
    """Say all of it as the call has it: what an update leaves out goes back to a default."""
    known = {name: value for name, value in it.inputs.items() if name not in ("tags", "tagsAll")}
    return dict(to_api(it.aws.request_shape(_SERVICE, method), known))


def _policies(it: It) -> dict[str, Any] | None:
    policy = it.get("passwordPolicy")
    return (
        None if policy is None else {"PasswordPolicy": {_member(key): item for key, item in policy.items()}}
    )


def _member(name: str) -> str:
    return name[0].upper() + name[1:]


def _tags_of(it: It) -> dict[str, str]:
    found: Any = look(it, _SERVICE, "describe_user_pool", UserPoolId=it.id).get("UserPool", {})
    return dict(found.get("UserPoolTags") or {})


def _write_pool(it: It, tags: Mapping[str, str] | None = None) -> None:
    """Write the pool as stated, with its tags, which an update without them would take away."""
    kept = _tags_of(it) if tags is None else dict(tags)
    said = {**_stated(it, "update_user_pool"), "UserPoolId": it.id, "UserPoolTags": kept}
    policies = _policies(it)
    run(it, _SERVICE, "update_user_pool", **said, **({"Policies": policies} if policies else {}))


def _second_factor(it: It) -> None:
    asked: dict[str, Any] = it.get("softwareTokenMfaConfiguration") or {}
    enabled = bool(asked.get("enabled"))
    run(
        it,
        _SERVICE,
        "set_user_pool_mfa_config",
        UserPoolId=it.id,
        SoftwareTokenMfaConfiguration={"Enabled": enabled},
        MfaConfiguration=it.get("mfaConfiguration", "OFF"),
    )


def _has_second_factor(it: It, _: Any) -> dict[str, Any] | None:
    found: Any = look(it, _SERVICE, "get_user_pool_mfa_config", UserPoolId=it.id)
    software = found.get("SoftwareTokenMfaConfiguration")
    return None if software is None else {"enabled": software.get("Enabled")}


def _pools(it: It) -> list[str]:
    found = run(it, _SERVICE, "list_user_pools", MaxResults=60)["UserPools"]
    return [str(pool["Id"]) for pool in found]


def _find_pool(it: It) -> list[str]:
    assert it.named is not None
    mark, found = urn_mark(it.named), list[str]()
    for identity in _pools(it):
        pool: Any = look(it, _SERVICE, "describe_user_pool", UserPoolId=identity).get("UserPool", {})
        tags: dict[str, str] = pool.get("UserPoolTags") or {}
        if tags.get(URN_TAG) == mark:
            found.append(identity)
    return found


def _deletable(it: It) -> str | None:
    found: Any = look(it, _SERVICE, "describe_user_pool", UserPoolId=it.id).get("UserPool", {})
    active = found.get("DeletionProtection") == "ACTIVE"
    return "The user pool has deletion protection; switch it off first" if active else None


def _pool_of_client(it: It) -> str:
    """Find the pool of a client by its id alone, which after a crash is all there is."""
    stated = it.get("userPoolId")
    candidates = [str(stated)] if stated else _pools(it)
    for pool in candidates:
        if look(it, _SERVICE, "describe_user_pool_client", UserPoolId=pool, ClientId=it.id):
            return pool
    return candidates[0] if candidates else f"{it.region}_none"


def _find_client(it: It) -> list[str]:
    found: Any = look(it, _SERVICE, "list_user_pool_clients", UserPoolId=it["userPoolId"])
    return [
        str(client["ClientId"])
        for client in found.get("UserPoolClients", [])
        if client["ClientName"] == it["name"]
    ]


def _write_client(it: It) -> None:
    said = {**_stated(it, "update_user_pool_client"), "UserPoolId": it["userPoolId"], "ClientId": it.id}
    run(it, _SERVICE, "update_user_pool_client", **said, ClientName=it["name"])


def _server(it: It) -> dict[str, str]:
    pool, identifier = it.parts("|", 1)
    return {"UserPoolId": pool, "Identifier": identifier}


def _group(it: It) -> dict[str, str]:
    pool, name = it.parts("/", 1)
    return {"UserPoolId": pool, "GroupName": name}


def _scopes(it: It) -> list[dict[str, Any]]:
    stated: list[dict[str, Any]] = it.get("scopes") or []
    return [
        {"ScopeName": scope["scopeName"], "ScopeDescription": scope["scopeDescription"]} for scope in stated
    ]


def _scope_names(_: It, found: Any) -> list[str]:
    scopes: list[dict[str, Any]] = found.get("Scopes") or []
    return [f"{found['Identifier']}/{scope['ScopeName']}" for scope in scopes]


def _delete_domain(it: It) -> None:
    found: Any = look(it, _SERVICE, "describe_user_pool_domain", Domain=it.id).get("DomainDescription", {})
    run(it, _SERVICE, "delete_user_pool_domain", Domain=it.id, UserPoolId=found["UserPoolId"])


ROWS = (
    Row(
        type="aws:cognito/userPool:UserPool",
        service=_SERVICE,
        create=Call("create_user_pool", lambda it: {"PoolName": it["name"], "Policies": _policies(it)}),
        made="UserPool.Id",
        read=Call("describe_user_pool", lambda it: {"UserPoolId": it.id}),
        at="UserPool",
        delete=(Call("delete_user_pool", lambda it: {"UserPoolId": it.id}),),
        settings=(
            Setting(_POOL, lambda it: _write_pool(it), later=True),
            Setting("softwareTokenMfaConfiguration", _second_factor),
        ),
        observe={
            "name": "Name",
            "passwordPolicy": "Policies.PasswordPolicy",
            "softwareTokenMfaConfiguration": _has_second_factor,
        },
        outputs={
            "arn": "Arn",
            "endpoint": lambda it, _: f"cognito-idp.{it.region}.amazonaws.com/{it.id}",
        },
        blocked=_deletable,
        name="name",
        name_limit=128,
        tags=TagStyle(
            at_create=lambda tags: {"UserPoolTags": dict(tags)},
            read=lambda _, found: dict(found.get("UserPoolTags") or {}),
            # moto has no calls for tags; the update that AWS has as well takes them too.
            put=lambda it, tags: _write_pool(it, {**_tags_of(it), **tags}),
            drop=lambda it, keys: _write_pool(
                it, {key: value for key, value in _tags_of(it).items() if key not in keys}
            ),
        ),
        search=_find_pool,
    ),
    Row(
        type="aws:cognito/resourceServer:ResourceServer",
        service=_SERVICE,
        create=Call("create_resource_server", lambda it: {"Scopes": _scopes(it)}),
        natural=lambda inputs: f"{inputs['userPoolId']}|{inputs['identifier']}",
        read=Call("describe_resource_server", _server),
        at="ResourceServer",
        delete=(Call("delete_resource_server", _server),),
        settings=(
            Setting(
                "name scopes",
                Call(
                    "update_resource_server",
                    lambda it: {**_server(it), "Name": it["name"], "Scopes": _scopes(it)},
                ),
                later=True,
            ),
        ),
        outputs={"scopeIdentifiers": _scope_names},
    ),
    Row(
        type="aws:cognito/userGroup:UserGroup",
        service=_SERVICE,
        create=Call("create_group", lambda it: {"GroupName": it["name"]}),
        natural=lambda inputs: f"{inputs['userPoolId']}/{inputs['name']}",
        read=Call("get_group", _group),
        at="Group",
        delete=(Call("delete_group", _group),),
        settings=(
            Setting(
                "description precedence roleArn",
                Call("update_group", lambda it: {**_stated(it, "update_group"), **_group(it)}),
                later=True,
            ),
        ),
        observe={"name": "GroupName"},
    ),
    Row(
        type="aws:cognito/userPoolDomain:UserPoolDomain",
        service=_SERVICE,
        create=Call("create_user_pool_domain"),
        natural=lambda inputs: str(inputs["domain"]),
        read=Call("describe_user_pool_domain", lambda it: {"Domain": it.id}),
        at=lambda _, answer: (
            answer["DomainDescription"] if answer["DomainDescription"].get("UserPoolId") else None
        ),
        delete=(_delete_domain,),
    ),
    Row(
        type="aws:cognito/userPoolClient:UserPoolClient",
        service=_SERVICE,
        create=Call("create_user_pool_client", lambda it: {"ClientName": it["name"]}),
        made="UserPoolClient.ClientId",
        read=Call(
            "describe_user_pool_client", lambda it: {"UserPoolId": _pool_of_client(it), "ClientId": it.id}
        ),
        at="UserPoolClient",
        delete=(
            Call(
                "delete_user_pool_client",
                lambda it: {"UserPoolId": _pool_of_client(it), "ClientId": it.id},
            ),
        ),
        settings=(Setting(_CLIENT, _write_client, later=True),),
        observe={
            "name": "ClientName",
            "allowedOauthFlows": "AllowedOAuthFlows",
            "allowedOauthFlowsUserPoolClient": "AllowedOAuthFlowsUserPoolClient",
            "allowedOauthScopes": "AllowedOAuthScopes",
            "callbackUrls": "CallbackURLs",
            "logoutUrls": "LogoutURLs",
            # A client says what its secret is, not whether it was asked to have one.
            "generateSecret": lambda _, found: "ClientSecret" in found,
        },
        search=_find_client,
    ),
)
