"""What may be said about the edge, and what it needs of the gateway."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.core.faults import Fault
from components.core.spec import HostName, Spec
from components.gateway.spec import CertificateArn, GatewaySpec, PrefixListId

REGION = "us-east-1"
"""Of certificates and firewalls of CloudFront (CloudFront developer guide, "Requirements for certificates")."""


class EdgeSpec(Spec):
    """CloudFront with a firewall before the gateway. Nothing is cached: answers are each caller's own."""

    enabled: bool = Field(default=False, description="Put CloudFront and WAF before the gateway.")
    host: HostName | None = Field(
        default=None,
        description="The name clients use; gateway.host is then the origin's. Needed when enabled.",
    )
    certificate_arn: CertificateArn | None = Field(
        default=None, description="A certificate of ACM for `host`, in us-east-1. Needed when enabled."
    )
    prefix_list_id: PrefixListId | None = Field(
        default=None,
        description=(
            "The id, in the stack's region, of the managed prefix list com.amazonaws.global.cloudfront."
            "origin-facing: the only addresses the load balancer then takes. Needed when enabled."
        ),
    )
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = Field(
        default="PriceClass_100", description="Where there are edge locations: America and Europe, or more."
    )
    requests_per_5_minutes: int = Field(
        default=3000,
        ge=10,
        le=2_000_000_000,
        description="From one address, before it is blocked for a while.",
    )
    first_byte_seconds: int = Field(
        default=60, ge=1, le=120, description="How long CloudFront waits for a next byte of an answer."
    )


def edge_faults(spec: EdgeSpec, gateway: GatewaySpec, *, partition: str) -> list[Fault]:
    """An edge without a name or a certificate, and ways around its firewall."""
    if not spec.enabled:
        return []
    faults = [
        Fault(f"edge.{name}", "is missing, but edge.enabled is true", "write it, or switch the edge off")
        for name in ("host", "certificate_arn", "prefix_list_id")
        if getattr(spec, name) is None
    ]
    if spec.certificate_arn and f":acm:{REGION}:" not in spec.certificate_arn:
        faults.append(
            Fault(
                "edge.certificate_arn",
                f"is not in {REGION}, where CloudFront looks for certificates",
                f"make one in {REGION}",
            )
        )
    if partition != "aws":
        faults.append(
            Fault(
                "edge.enabled", f"is true in partition {partition}, which has no such edge", "switch it off"
            )
        )
    if not gateway.installed:
        faults.append(
            Fault(
                "edge.enabled",
                "is true, but there is no gateway",
                "write gateway.host, or switch the edge off",
            )
        )
    balancer = gateway.load_balancer
    if balancer.scheme != "internet-facing":
        faults.append(
            Fault(
                "gateway.load_balancer.scheme",
                "is internal, where CloudFront cannot reach it",
                "write internet-facing; only CloudFront's addresses are let in",
            )
        )
    if balancer.source_ranges:
        faults.append(
            Fault(
                "gateway.load_balancer.source_ranges",
                f"lets {', '.join(balancer.source_ranges)} pass by the edge's firewall",
                "leave it out while edge.enabled is true",
            )
        )
    if spec.host is not None and spec.host == gateway.host:
        faults.append(
            Fault("edge.host", "is gateway.host, which CloudFront asks itself: a loop", "give each a name")
        )
    return faults
