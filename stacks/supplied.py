"""The secrets that somebody else supplied and the platform itself reads: the operator's role has to name them."""

from __future__ import annotations

from components.argocd.checks import secrets_by_path
from components.cache.spec import ExternalCacheSpec
from components.identity_provider.spec import ExternalSpec
from components.models.byo import secrets_used
from components.tools.spec import ApiToolSpec
from stacks.config import PlatformConfig
from stacks.parts import parts


def supplied(config: PlatformConfig) -> tuple[str, ...]:
    """ARNs, each once; a tenant's own secrets are not among them: its own role reads those."""
    present = parts(config)
    named: set[str] = set()
    if "argocd" in present:
        named |= set(secrets_by_path(config.services.argocd).values())
    if isinstance(config.data.cache, ExternalCacheSpec):
        named.add(config.data.cache.secret)
    identity = config.identity
    if "login" in present and isinstance(identity, ExternalSpec) and identity.login_client_secret:
        named.add(identity.login_client_secret)
    named |= set(secrets_used(config.models))
    named |= {
        tool.auth.secret
        for tool in config.tools.values()
        if isinstance(tool, ApiToolSpec) and tool.auth and tool.tenant is None
    }
    if "relay" in present:
        named |= set(config.relay.supplied_secrets)
    return tuple(sorted(config.secrets[name].arn for name in named))
