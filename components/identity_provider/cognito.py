"""A user pool, the gateway as a resource server in it, and one client for each tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.core.aws import Place
from components.gateway.spec import Callers
from components.identity_provider.render import (
    FULL_SCOPE,
    GROUPS_CLAIM,
    RESOURCE_SERVER,
    SCOPE,
    client,
    cognito_callers,
    domain_prefix,
    jwks_host,
    token_endpoint,
)
from components.identity_provider.spec import CognitoSpec, Login


@dataclass(frozen=True, kw_only=True)
class CognitoArgs:
    """Whose clients the pool has."""

    place: Place
    spec: CognitoSpec
    tenants: Mapping[str, Sequence[str]]
    """Tenant -> ids of clients made outside this stack that stand for it too."""
    login_host: str | None = None
    """Where pages send people to log in; None: there are no pages."""
    page_groups: Sequence[str] = ()
    """Who may see pages."""
    protect: bool = False


class Cognito(ComponentResource):
    """Every tenant has a client and a group of its own, and no secret of any client is known here."""

    callers: Callers
    login: Login | None
    client_ids: dict[str, Output[str]]
    """By tenant."""
    token_endpoint: str
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: CognitoArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:identity_provider:Cognito", name, None, opts)
        child = ResourceOptions(parent=self)
        spec, place = args.spec, args.place
        pool = aws.cognito.UserPool(
            name,
            name=f"{place.cluster_name}-gateway",
            user_pool_tier=spec.tier,
            deletion_protection="ACTIVE" if args.protect else "INACTIVE",
            username_attributes=["email"],
            auto_verified_attributes=["email"],
            # Whoever finds the page does not make themselves an account.
            admin_create_user_config={"allow_admin_create_user_only": True},
            mfa_configuration=spec.mfa,
            software_token_mfa_configuration={"enabled": True},
            password_policy={
                "minimum_length": 14,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": False,
                "temporary_password_validity_days": 3,
            },
            account_recovery_setting={"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]},
            # Users are data: a destroy with protection on stops here.
            opts=ResourceOptions(parent=self, protect=args.protect),
        )
        server = aws.cognito.ResourceServer(
            name,
            user_pool_id=pool.id,
            identifier=RESOURCE_SERVER,
            name=RESOURCE_SERVER,
            scopes=[{"scope_name": SCOPE, "scope_description": "Ask models and agents"}],
            opts=child,
        )
        domain = aws.cognito.UserPoolDomain(
            name, user_pool_id=pool.id, domain=domain_prefix(place, spec), opts=child
        )
        made = {
            tenant: aws.cognito.UserPoolClient(
                f"{name}-{tenant}",
                name=tenant,
                user_pool_id=pool.id,
                **client(spec, callbacks=spec.callback_urls, scopes=["openid", FULL_SCOPE]),
                opts=ResourceOptions(parent=self, depends_on=[server]),
            )
            for tenant in args.tenants
        }
        groups = [
            # A client's id is no secret: who may use it is said by the group of its name.
            aws.cognito.UserGroup(
                f"{name}-{tenant}",
                name=tenant,
                user_pool_id=pool.id,
                description="Users of the tenant",
                opts=child,
            )
            for tenant in args.tenants
        ]
        groups += [
            aws.cognito.UserGroup(
                f"{name}-pages-{group}",
                name=group,
                user_pool_id=pool.id,
                description="Who may see pages",
                opts=child,
            )
            for group in args.page_groups
            if args.login_host and group not in args.tenants
        ]
        self.client_ids = {tenant: one.id for tenant, one in made.items()}
        issuer = Output.concat(f"https://{jwks_host(place)}/", pool.id)
        self.callers = cognito_callers(
            place,
            issuer,
            Output.concat(pool.id, "/.well-known/jwks.json"),
            clients=[(one, tenant) for tenant, one in self.client_ids.items()],
            machines=[(one, tenant) for tenant, ids in args.tenants.items() for one in ids],
        )
        self.login = self._login(name, args, pool, issuer) if args.login_host else None
        self.token_endpoint = token_endpoint(place, spec)
        self.ready = (pool, server, domain, *made.values(), *groups)
        self.register_outputs({"token_endpoint": self.token_endpoint})

    def _login(self, name: str, args: CognitoArgs, pool: aws.cognito.UserPool, issuer: Output[str]) -> Login:
        pages = aws.cognito.UserPoolClient(
            f"{name}-pages",
            name="pages",
            user_pool_id=pool.id,
            **client(
                args.spec,
                callbacks=[f"https://{args.login_host}/oauth2/callback"],
                scopes=["openid", "email", "profile"],
            ),
            opts=ResourceOptions(parent=self),
        )
        return Login(issuer=issuer, client_id=pages.id, groups_claim=GROUPS_CLAIM)
