"""Who calls, and what they may use: what the identity provider and the tenants tell the gateway."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input

PLATFORM = "platform"
"""Who the platform's own agents call as; no tenant may be called this."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What one tenant may use."""

    tier: str
    models: tuple[str, ...] | None = None
    """The public model names it may ask for; None: all."""


@dataclass(frozen=True, kw_only=True)
class Callers:
    """Whose tokens are taken, and which tenant each of them stands for."""

    issuer: Input[str]
    jwks_host: str
    jwks_path: Input[str]
    claim: str
    """The claim of a verified token that says who calls."""
    tenants: tuple[tuple[Input[str], str], ...]
    """Value of the claim -> tenant."""
    audiences: tuple[str, ...] = ()
    """None: the tokens have no audience, and `requires` says what else makes them fit."""
    requires: tuple[str, ...] = ()
    """What else has to be true of a token, as CEL."""
    groups_claim: str | None = None
    """The claim with the groups of whoever logged in, the tenant's among them; None: `claim` alone says who it is."""
    machines: tuple[str, ...] = ()
    """Of the values of `claim` those behind which is no user, and so no group."""
