"""From a pool or an issuer to what the gateway and the login have to know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pulumi import Input

from components.core.aws import Place
from components.core.faults import Fault
from components.core.names import bounded
from components.gateway.spec import Callers
from components.identity_provider.spec import CognitoSpec, ExternalSpec, Login

RESOURCE_SERVER = "gateway"
SCOPE = "invoke"
GROUPS_CLAIM = "cognito:groups"
"""In access tokens too (developer guide, "Understanding the access token")."""
FULL_SCOPE = f"{RESOURCE_SERVER}/{SCOPE}"
"""The one scope: a token that was not asked for the gateway does not open it."""

DOMAIN_LIMIT = 63
RESERVED_IN_DOMAINS = ("aws", "amazon", "cognito")
"""Words that Cognito refuses in a domain prefix (developer guide, "Adding a user pool domain")."""


def domain_prefix(place: Place, spec: CognitoSpec) -> str:
    """The first part of the login's host name; the account makes it nobody else's."""
    return spec.domain_prefix or bounded(f"{place.cluster_name}-{place.account_id}", DOMAIN_LIMIT)


def token_endpoint(place: Place, spec: CognitoSpec) -> str:
    """Where a code or a refresh token becomes an access token."""
    return f"https://{domain_prefix(place, spec)}.auth.{place.region}.amazoncognito.com/oauth2/token"


def jwks_host(place: Place) -> str:
    """Where Cognito keeps the keys of every pool of the region."""
    return f"cognito-idp.{place.region}.{place.dns_suffix}"


def client(spec: CognitoSpec, *, callbacks: Iterable[str], scopes: Iterable[str]) -> dict[str, Any]:
    """What an app client is made with: a public one, by code and PKCE.

    Without a secret there is none to leak: a client of Cognito that has one answers with it, and it would stand in
    the stack's state for good. Machines outside the cluster that need one get a client made by hand (docs/gateway.md).
    """
    return {
        "generate_secret": False,
        "allowed_oauth_flows_user_pool_client": True,
        "allowed_oauth_flows": ["code"],
        "allowed_oauth_scopes": list(scopes),
        "callback_urls": sorted(callbacks),
        "supported_identity_providers": ["COGNITO"],
        # Only by the hosted login: no password is sent to an API from a program of ours or theirs.
        "explicit_auth_flows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "prevent_user_existence_errors": "ENABLED",
        "enable_token_revocation": True,
        "access_token_validity": spec.access_token_minutes,
        "id_token_validity": spec.access_token_minutes,
        "refresh_token_validity": spec.refresh_token_days,
        "token_validity_units": {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"},
    }


def cognito_callers(
    place: Place,
    issuer: Input[str],
    path: Input[str],
    *,
    clients: Sequence[tuple[Input[str], str]],
    machines: Sequence[tuple[str, str]],
) -> Callers:
    """Access tokens of the pool, by the client they were made for; people are in their tenant's group besides.

    Cognito's access tokens have no audience: the kind of token and the scope stand in its place.
    """
    return Callers(
        issuer=issuer,
        jwks_host=jwks_host(place),
        jwks_path=path,
        claim="client_id",
        tenants=(*clients, *machines),
        requires=(
            'jwt.token_use == "access"',
            f'jwt.scope.split(" ").exists(s, s == "{FULL_SCOPE}")',
        ),
        groups_claim=GROUPS_CLAIM,
        machines=tuple(one for one, _ in machines),
    )


def external_callers(spec: ExternalSpec, tenants: Iterable[str]) -> Callers:
    """Tokens of another's issuer, by the claim that names the tenant."""
    host, path = spec.keys
    known = {tenant: tenant for tenant in tenants} | dict(spec.tenants)
    return Callers(
        issuer=spec.issuer,
        jwks_host=host,
        jwks_path=path,
        claim=spec.tenant_claim,
        tenants=tuple(sorted(known.items())),
        audiences=tuple(spec.audiences),
    )


def external_login(spec: ExternalSpec, secret_arns: Mapping[str, str]) -> Login | None:
    """What pages need of another's issuer; None where the stack names no client there."""
    if spec.login_client_id is None:
        return None
    return Login(
        issuer=spec.issuer,
        client_id=spec.login_client_id,
        groups_claim="groups",
        client_secret_arn=secret_arns[spec.login_client_secret] if spec.login_client_secret else None,
    )


def identity_faults(
    place: Place,
    spec: CognitoSpec | ExternalSpec,
    client_ids: Mapping[str, Iterable[str]],
    *,
    pages: bool,
    secrets: Collection[str] = (),
    page_groups: Iterable[str] = (),
) -> list[Fault]:
    """Names that Cognito refuses, ids that stand for two tenants, tenants that do not exist."""
    faults: list[Fault] = []
    if isinstance(spec, CognitoSpec):
        prefix = domain_prefix(place, spec)
        faults += [
            Fault(
                "identity.domain_prefix",
                f"{prefix} has {word!r} in it, which Cognito refuses",
                "write another domain_prefix",
            )
            for word in RESERVED_IN_DOMAINS
            if word in prefix
        ]
        faults += [
            Fault(
                f"login.allowed_groups[{index}]",
                f"is {group!r}, the group of that tenant's users, and pages show what every tenant does",
                "name a group of the platform's own people",
            )
            for index, group in enumerate(page_groups)
            if pages and group in client_ids
        ]
    else:
        faults += [
            Fault(f"identity.tenants.{value}", f"names no tenant: {tenant}", "add the tenant, or drop it")
            for value, tenant in spec.tenants.items()
            if tenant not in client_ids
        ]
        if spec.login_client_secret is not None and spec.login_client_secret not in secrets:
            faults.append(
                Fault(
                    "identity.login_client_secret",
                    f"nothing provides the secret {spec.login_client_secret!r}",
                    f"declare it under secrets with its arn; declared: {', '.join(sorted(secrets)) or 'none'}",
                )
            )
        if pages and spec.login_client_id is None:
            faults.append(
                Fault(
                    "identity.login_client_id",
                    "is missing, but gateway.ui shows pages",
                    "write the client's id",
                )
            )
    holder: dict[str, str] = {}
    for tenant, ids in client_ids.items():
        for one in ids:
            other = holder.setdefault(one, tenant)
            if other != tenant:
                faults.append(
                    Fault(
                        f"tenants.{tenant}.client_ids",
                        f"{one} stands for tenant {other} already",
                        "a client is one tenant's: make another",
                    )
                )
    return faults
