from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.external_dns.spec import ExternalDnsSpec, twice_faults, zone_faults

ZONE = "Z0123456789ABCDEFGHIJ"


def test_it_is_off_and_without_zones_unless_said() -> None:
    spec = ExternalDnsSpec()
    assert not spec.enabled
    assert spec.zones == {}
    assert zone_faults(spec) == []


def test_without_zones_it_cannot_be_on() -> None:
    assert [str(fault) for fault in zone_faults(ExternalDnsSpec(enabled=True))] == [
        "services.external_dns.zones: is empty, but external-dns is on: it could change no record; name a "
        "zone (`aws route53 list-hosted-zones` shows domains and ids), or set enabled: false"
    ]


def test_zones_that_nobody_would_use_are_a_slip() -> None:
    assert [str(fault) for fault in zone_faults(ExternalDnsSpec(zones={"example.com": ZONE}))] == [
        "services.external_dns.enabled: is false, but zones names example.com: no record would be made in "
        "them; set it to true, or remove the zones"
    ]


def test_on_with_zones_is_right() -> None:
    assert zone_faults(ExternalDnsSpec(enabled=True, zones={"example.com": ZONE})) == []


def test_one_id_for_two_domains_is_a_slip() -> None:
    spec = ExternalDnsSpec(enabled=True, zones={"example.com": ZONE, "example.org": ZONE})
    assert [str(fault) for fault in twice_faults(spec)] == [
        f"services.external_dns.zones.example.org: is {ZONE}, and so is example.com: a hosted zone has one "
        "domain; write the id of each domain's own zone"
    ]


@pytest.mark.parametrize(
    "zone", ["/hostedzone/Z0123456789ABCDEFGHIJ", "z0123456789abcdefghij", "*", "Z0123", f"Z{'0' * 32}"]
)
def test_what_is_no_id_of_a_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        ExternalDnsSpec(zones={"example.com": zone})


@pytest.mark.parametrize("domain", ["*.example.com", "com", "Example.com", "https://example.com"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(ValidationError):
        ExternalDnsSpec(zones={domain: ZONE})
