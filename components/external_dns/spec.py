"""What may be said about names."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.faults import Fault
from components.core.spec import HostedZoneId, HostName, Spec

PATH = "services.external_dns"


class ExternalDnsSpec(Spec):
    """Which hosted zones records are made in; zones themselves are never made or deleted here."""

    enabled: bool = Field(
        default=False,
        description="Install external-dns. It needs zones; without it records are made by hand.",
    )
    zones: dict[HostName, HostedZoneId] = Field(
        default_factory=dict[str, str],
        max_length=20,
        description=(
            "Hosted zones by domain, for example `example.com: Z0123456789ABCDEFGHIJ`: all it may list or "
            "change. Of a public and a private zone of one domain, the one that is named."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="256Mi"),
        description="Of its one pod; memory grows with the records of the zones.",
    )


def zone_faults(spec: ExternalDnsSpec) -> list[Fault]:
    """external-dns without zones would look for all of them, and zones without external-dns mean nothing."""
    if spec.enabled and not spec.zones:
        return [
            Fault(
                f"{PATH}.zones",
                "is empty, but external-dns is on: it could change no record",
                "name a zone (`aws route53 list-hosted-zones` shows domains and ids), or set enabled: false",
            )
        ]
    if spec.zones and not spec.enabled:
        return [
            Fault(
                f"{PATH}.enabled",
                f"is false, but zones names {', '.join(sorted(spec.zones))}: no record would be made in them",
                "set it to true, or remove the zones",
            )
        ]
    return []


def twice_faults(spec: ExternalDnsSpec) -> list[Fault]:
    """A zone is one domain's: an id written twice is a slip of the pen."""
    seen: dict[str, str] = {}
    found: list[Fault] = []
    for domain, zone in sorted(spec.zones.items()):
        other = seen.setdefault(zone, domain)
        if other != domain:
            found.append(
                Fault(
                    f"{PATH}.zones.{domain}",
                    f"is {zone}, and so is {other}: a hosted zone has one domain",
                    "write the id of each domain's own zone",
                )
            )
    return found
