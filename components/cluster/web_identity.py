"""The cluster's issuer as an identity provider of the account: what roles taken by a token stand on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.core.web_identity import WEB_IDENTITY_AUDIENCE


@dataclass(frozen=True, kw_only=True)
class WebIdentityArgs:
    """Whose tokens are to be believed."""

    issuer: Input[str]
    """`Cluster.oidc_issuer`; an output, so the provider follows the cluster and goes before it."""


class WebIdentity(ComponentResource):
    """IAM believes the tokens that this cluster signs for its ServiceAccounts; roles say which of them."""

    issuer: Input[str]
    provider_arn: Output[str]
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: WebIdentityArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cluster:WebIdentity", name, None, opts)
        provider = aws.iam.OpenIdConnectProvider(
            name,
            url=args.issuer,
            client_id_lists=[WEB_IDENTITY_AUDIENCE],
            # No thumbprint: IAM checks EKS's issuers against its own list of authorities, and a pinned one
            # would only be a value that ages (IAM user guide, "Create an OIDC identity provider").
            opts=ResourceOptions(parent=self),
        )
        self.issuer, self.provider_arn = args.issuer, provider.arn
        self.ready = (provider,)
        self.register_outputs({"provider_arn": self.provider_arn})
