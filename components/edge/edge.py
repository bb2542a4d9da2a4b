"""CloudFront and its firewall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components.core.aws import Place
from components.core.names import policy_name
from components.edge.render import distribution, rules, visibility
from components.edge.spec import REGION, EdgeSpec


@dataclass(frozen=True, kw_only=True)
class EdgeArgs:
    """What is before, and what behind."""

    place: Place
    spec: EdgeSpec
    origin: str
    """gateway.host: the name in the gateway's certificate, that leads to its load balancer."""
    allowed_origins: Sequence[str]


class Edge(ComponentResource):
    """A way to the gateway that a firewall looks at first."""

    domain: Output[str]
    """What `host` has to be an alias of."""

    def __init__(self, name: str, args: EdgeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:edge:Edge", name, None, opts)
        child = ResourceOptions(parent=self)
        acl = policy_name(args.place, "edge")
        firewall = aws.wafv2.WebAcl(
            name,
            name=acl,
            # CloudFront's firewalls are in one region, wherever the stack is.
            region=REGION,
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            rules=cast("Sequence[aws.wafv2.WebAclRuleArgsDict]", rules(args.spec, args.allowed_origins)),
            visibility_config=cast("aws.wafv2.WebAclVisibilityConfigArgsDict", visibility(acl)),
            opts=child,
        )
        made = aws.cloudfront.Distribution(
            name, **distribution(args.spec, args.origin), web_acl_id=firewall.arn, opts=child
        )
        self.domain = made.domain_name
        self.register_outputs({"domain": self.domain})
