"""What may be said about the identity provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pulumi import Input
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.core.spec import DnsLabel, Spec

CLAIM = r"^[A-Za-z_][A-Za-z0-9_]*$"
ClaimName = Annotated[str, StringConstraints(pattern=CLAIM, max_length=64)]
"""A claim that CEL can name without quoting."""

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+.-]+$", max_length=128)]

LOCAL = ("http://localhost:", "http://127.0.0.1:")


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{value!r} is not an issuer; write https://host/path, as the tokens' iss has it")
    return value


def _callback(value: str) -> str:
    if not value.startswith(("https://", *LOCAL)) or "#" in value or "*" in value:
        raise ValueError(
            f"{value!r} cannot be called back; write https://..., or http://localhost:<port>/..."
        )
    return value


Issuer = Annotated[str, AfterValidator(_issuer)]
Callback = Annotated[str, AfterValidator(_callback)]


class CognitoSpec(Spec):
    """A user pool of the platform's own. Each tenant has a client in it, and no client has a secret."""

    mode: Literal["cognito"] = Field(default="cognito", description="A Cognito user pool of this stack.")
    callback_urls: list[Callback] = Field(
        default_factory=lambda: ["http://localhost:8400/callback"],
        min_length=1,
        max_length=20,
        description="Where a login of a tenant's user may return to: tools on a laptop, and tenants' own pages.",
    )
    domain_prefix: DnsLabel | None = Field(
        default=None,
        description=(
            "First part of the login's host name in amazoncognito.com, unique in the region. None: made of "
            "cluster and account."
        ),
    )
    access_token_minutes: int = Field(
        default=60, ge=5, le=1440, description="How long a token opens the gateway; it cannot be called back."
    )
    refresh_token_days: int = Field(
        default=30, ge=1, le=3650, description="How long a program goes on without a new login."
    )
    tier: Literal["LITE", "ESSENTIALS", "PLUS"] = Field(
        default="ESSENTIALS", description="Cognito's feature plan; PLUS has threat protection and costs more."
    )
    mfa: Literal["ON", "OPTIONAL"] = Field(
        default="ON", description="Whether a second factor (an authenticator app) is demanded of users."
    )


class ExternalSpec(Spec):
    """An issuer that others run: Okta, Entra ID, Keycloak, a Cognito pool of another account."""

    mode: Literal["external"] = Field(description="An issuer that others run.")
    issuer: Issuer = Field(description="As the tokens' `iss` has it.")
    jwks_uri: Issuer | None = Field(
        default=None, description="Where its keys are. None: <issuer>/.well-known/jwks.json."
    )
    audiences: list[str] = Field(
        min_length=1,
        max_length=16,
        description="Of which a token must be for one; without it any token of the issuer would do.",
    )
    tenant_claim: ClaimName = Field(
        default="tenant", description="The claim that says which tenant a token stands for."
    )
    tenants: dict[str, DnsLabel] = Field(
        default_factory=dict,
        max_length=256,
        description="Values of the claim that differ from the tenant's name, and the tenant each stands for.",
    )
    login_client_id: ClientId | None = Field(
        default=None,
        description="The client by which people log in to pages; needed where gateway.ui is set.",
    )
    login_client_secret: DnsLabel | None = Field(
        default=None,
        description=(
            "Its secret: a name out of the stack's `secrets`, JSON with the key client-secret. None: a public "
            "client, by PKCE alone."
        ),
    )

    @property
    def keys(self) -> tuple[str, str]:
        """Host and path of the issuer's keys."""
        parts = urlsplit(self.jwks_uri or f"{self.issuer.rstrip('/')}/.well-known/jwks.json")
        return parts.hostname or "", parts.path.lstrip("/")

    @model_validator(mode="after")
    def _keys_are_on_443(self) -> Self:
        if urlsplit(self.jwks_uri or self.issuer).port not in {None, 443}:
            raise ValueError(
                "the issuer's keys are not on port 443, which is all that policies let out; use 443"
            )
        return self


IdentitySpec = Annotated[CognitoSpec | ExternalSpec, Field(discriminator="mode")]


@dataclass(frozen=True, kw_only=True)
class Login:
    """What a page's login has to know of the provider."""

    issuer: Input[str]
    client_id: Input[str]
    groups_claim: str
    client_secret_arn: str | None = None
    """None: a public client."""
