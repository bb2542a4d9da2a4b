"""A tenant's own way to Secrets Manager: a role, a store that reads with it, and the Secrets made of what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import PolicyDocument, document, to_json
from components.core.names import role_arn, role_name, secret_prefix, tenant_role_purpose

API_VERSION = "external-secrets.io/v1"


@dataclass(frozen=True, kw_only=True)
class TenantReader:
    """What one tenant reads, as what, and into which Secrets of its namespace."""

    tenant: str
    part: str = ""
    """Whose secrets they are, for example `cache`; empty: those that the tenant itself declared."""
    what: str
    """In the role's description: `Reads the <what> of tenant ...`."""
    policy: str
    """The name of the role's one policy."""
    allows: PolicyDocument
    store: str
    """The SecretStore, as the namespace has it."""
    store_resource: str
    """The same, as the program has it."""
    secrets: Mapping[str, Mapping[str, Any]]
    """As the program has them -> the specs of ExternalSecrets; where they read from is said here."""
    labels: Mapping[str, str]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


def reads(resources: str | Sequence[str]) -> PolicyDocument:
    """Read exactly these secrets, and nothing about any other."""
    return document({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": resources})


def credential_arn(place: Place, credential: str) -> str:
    """A secret of the platform's own making; Secrets Manager adds six characters to each ARN."""
    return place.arn("secretsmanager", f"secret:{secret_prefix(place)}{credential}-??????")


def store_spec(place: Place, role: str) -> dict[str, Any]:
    """The spec of a SecretStore that reads with this role (`provider.aws.role`), and nothing else's.

    There is no `auth`: Pod Identity belongs to the operator's own pod and cannot be named here.
    """
    return {"provider": {"aws": {"service": "SecretsManager", "region": place.region, "role": role}}}


def read_by_tenant(
    place: Place,
    reader: TenantReader,
    *,
    namespace: Input[str],
    trust: PolicyDocument,
    after: Sequence[Resource],
    parent: Resource,
) -> tuple[Resource, ...]:
    """The Secrets of one tenant, by a role of its own: the platform's store serves no tenant.

    `trust` lets External Secrets take the role and nobody else; `after` is the operator, which brings the
    kinds, and whoever else has to stay until the Secrets are gone.
    """
    purpose = tenant_role_purpose(reader.tenant, reader.part)
    name = f"{reader.tenant}-{reader.part}" if reader.part else reader.tenant
    role = aws.iam.Role(
        name,
        name=role_name(place, purpose),
        description=f"Reads the {reader.what} of tenant {reader.tenant} for External Secrets",
        assume_role_policy=to_json(trust),
        tags=dict(reader.tags) or None,
        opts=ResourceOptions(parent=parent),
    )
    grant = aws.iam.RolePolicy(
        name,
        name=reader.policy,
        role=role.name,
        policy=to_json(reader.allows),
        opts=ResourceOptions(parent=parent),
    )

    def made(
        logical: str, kind: str, secret: str, spec: Mapping[str, Any], waits: list[Resource]
    ) -> Resource:
        return CustomResource(
            logical,
            api_version=API_VERSION,
            kind=kind,
            metadata={"name": secret, "namespace": namespace, "labels": dict(reader.labels)},
            spec=dict(spec),
            opts=ResourceOptions(parent=parent, depends_on=waits),
        )

    # The operator tries the role as soon as it meets the store, and brings the store's kind; both are
    # dependencies that Pulumi cannot see.
    spec = store_spec(place, role_arn(place, purpose))
    store = made(reader.store_resource, "SecretStore", reader.store, spec, [grant, *after])
    by_it = {"secretStoreRef": {"kind": "SecretStore", "name": reader.store}}
    # The store goes last: until then the operator can finish what it owns.
    return tuple(
        made(logical, "ExternalSecret", one["target"]["name"], {**one, **by_it}, [store])
        for logical, one in reader.secrets.items()
    )
