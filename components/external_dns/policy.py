"""What external-dns may do in AWS: change ordinary records of the zones that are named, and no other's."""

from __future__ import annotations

from collections.abc import Collection

from components.core.aws import Place
from components.core.identity import PolicyDocument, document

RECORD_TYPES = ("A", "AAAA", "CNAME", "TXT")
"""Addresses, and the texts by which it knows its own. Not NS and SOA, which would give the zone away, and not
MX: nothing it reads asks for one."""


def zone_rights(place: Place, zones: Collection[str]) -> PolicyDocument:
    """The published policy, with the named zones in place of all of them."""
    resources = [place.arn("route53", f"hostedzone/{zone}", region="", account="") for zone in sorted(zones)]
    return document(
        {
            "Sid": "ReadRecords",
            "Effect": "Allow",
            "Action": ["route53:ListResourceRecordSets"],
            "Resource": resources,
        },
        {
            "Sid": "ChangeOrdinaryRecords",
            "Effect": "Allow",
            "Action": ["route53:ChangeResourceRecordSets"],
            "Resource": resources,
            "Condition": {
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsRecordTypes": list(RECORD_TYPES)
                }
            },
        },
        {
            "Sid": "FindZones",
            "Effect": "Allow",
            "Action": ["route53:ListHostedZones"],
            # Takes no resource; it lists every zone even where a filter names one.
            "Resource": "*",
        },
    )
