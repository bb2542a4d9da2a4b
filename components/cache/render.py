"""What each user of the cache is told, put together in the cluster: the program knows no password."""

from __future__ import annotations

from typing import Any

from pulumi import Input, Output

from components.cache.spec import TENANT_PART, CacheEndpoint, CacheUser, credential_name, tenant_user
from components.core.aws import Place
from components.core.labels import managed_labels
from components.core.tenant_reader import TenantReader, credential_arn, reads
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


def tenant_reader(place: Place, endpoint: CacheEndpoint, tenant: str) -> TenantReader:
    """The same for a tenant, who reads its own password and nothing else."""
    user = tenant_user(tenant)
    return TenantReader(
        tenant=tenant,
        part=TENANT_PART,
        what="cache password",
        policy="read-cache-password",
        allows=reads(credential_arn(place, credential_name(user.name))),
        store=user.reads,
        store_resource=f"{tenant}-cache-secretstore",
        secrets={f"{tenant}-cache-externalsecret": told(place, endpoint, user)},
        labels=managed_labels("cache"),
    )


def told_from_outside(arn: str, user: CacheUser) -> dict[str, Any]:
    """The spec of the ExternalSecret that hands on the URL of a cache that somebody else runs."""
    return read_back(user.reads, {"url": Remote(key=arn, property="url")})
