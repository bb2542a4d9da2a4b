"""What each user of the cache is told, put together in the cluster: the program knows no password."""

from __future__ import annotations

from typing import Any

from pulumi import Input, Output

from components.cache.spec import CacheEndpoint, CacheUser, credential_name
from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.secrets.spec import Remote, read_back, remote_key

DATABASE = 0
"""The only one there is in cluster mode, and the one that users' prefixes are about."""


def told(place: Place, endpoint: CacheEndpoint, user: CacheUser) -> dict[str, Any]:
    """The spec of the ExternalSecret that a user reads: `url`, its parts, and `ca.crt` where one is needed."""
    username = endpoint.username(user)
    spec = read_back(
        user.reads,
        {"password": Remote(key=remote_key(place, credential_name(user.name)), property="password")},
        template={
            "url": _url(username, endpoint),
            "host": endpoint.host,
            "port": str(endpoint.port),
            "username": username,
        },
    )
    if endpoint.authority is not None:
        spec["data"].append(
            {
                "secretKey": "ca.crt",
                "remoteRef": {"key": endpoint.authority.secret, "property": endpoint.authority.property},
                "sourceRef": {"storeRef": {"kind": "ClusterSecretStore", "name": endpoint.authority.store}},
            }
        )
    return spec


def _url(username: str, endpoint: CacheEndpoint) -> Input[str]:
    """Passwords are letters and digits: nothing in one has to be escaped in a URL."""
    head, tail = f"rediss://{username}:{{{{ .password }}}}@", f":{endpoint.port}/{DATABASE}"
    if isinstance(endpoint.host, str):
        return f"{head}{endpoint.host}{tail}"
    return Output.concat(head, endpoint.host, tail)


def told_to_tenant(place: Place, endpoint: CacheEndpoint, user: CacheUser) -> dict[str, Any]:
    """The same for a tenant, by the store of its own: the platform's serves no tenant."""
    store = {"kind": "SecretStore", "name": user.reads}
    return {**told(place, endpoint, user), "secretStoreRef": store}


def tenant_store(place: Place, role_arn: str) -> dict[str, Any]:
    """The spec of a SecretStore that reads with a role which may read one secret."""
    return {"provider": {"aws": {"service": "SecretsManager", "region": place.region, "role": role_arn}}}


def password_reader(place: Place, user: CacheUser) -> PolicyDocument:
    """Read this user's password and nothing else; Secrets Manager adds six characters to each ARN."""
    secret = f"secret:{remote_key(place, credential_name(user.name))}-??????"
    return document(
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": place.arn("secretsmanager", secret),
        }
    )


def tenant_role_purpose(tenant: str) -> str:
    """Below what External Secrets may take; with a dot, which no tenant's name has, it is nobody else's."""
    return f"tenant-{tenant}.cache"


def told_from_outside(arn: str, user: CacheUser) -> dict[str, Any]:
    """The spec of the ExternalSecret that hands on the URL of a cache that somebody else runs."""
    return read_back(user.reads, {"url": Remote(key=arn, property="url")})
