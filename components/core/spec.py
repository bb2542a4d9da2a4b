"""The base of everything a user may say in stack config, and the constrained strings it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

DNS_LABEL = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
"""An RFC 1035 label: what a Namespace, a Service and most AWS names accept alike."""

PUBLIC_NAME = r"^[A-Za-z0-9]([A-Za-z0-9._:/-]*[A-Za-z0-9])?$"
"""A model as clients write it."""

IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]*$"
"""What Milvus takes for a collection."""

TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

# Digits are [0-9]: \d would take those of every script.
_ACCOUNT_ID = r"^[0-9]{12}$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
_ZONE = r"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$"
_VPC_ID = r"^vpc-[0-9a-f]{8,17}$"
_SUBNET_ID = r"^subnet-[0-9a-f]{8,17}$"
_ZONE_ID = r"^Z[A-Z0-9]{6,31}$"
_PRINCIPAL_ARN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$"
_HOST_NAME = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"
_SECRETS_MANAGER_ARN = r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9_/+=.@-]+$"

SHAPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        DNS_LABEL: (
            "is not a DNS label",
            "use lower-case letters, digits and hyphens, with a letter first and no hyphen last",
        ),
        PUBLIC_NAME: (
            "is not a model's name",
            "use letters, digits, dots, slashes, colons, underscores and hyphens, with a letter or digit at either end",
        ),
        IDENTIFIER: (
            "is not a plain name",
            "use letters, digits and underscores, with no digit first and no hyphen",
        ),
        TIME_OF_DAY: ("is not a time of day", 'write HH:MM of 24 hours, in quotes: "01:00"'),
        _ACCOUNT_ID: ("is not an account id", "write its 12 digits, in quotes"),
        _REGION: ("is not a region", "write for example us-east-1"),
        _ZONE: ("is not an availability zone", "write for example us-east-1a"),
        _VPC_ID: ("is not the id of a VPC", "write for example vpc-0123456789abcdef0"),
        _SUBNET_ID: ("is not the id of a subnet", "write for example subnet-0123456789abcdef0"),
        _ZONE_ID: (
            "is not the id of a hosted zone",
            "write for example Z0123456789ABCDEFGHIJ, without /hostedzone/ before it",
        ),
        _PRINCIPAL_ARN: (
            "is not the ARN of an IAM role or user",
            "write for example arn:aws:iam::111122223333:role/deployer; for a session, the role behind it",
        ),
        _HOST_NAME: (
            "is not a host name",
            "write it without scheme, port or path, for example grafana.example.com",
        ),
        _SECRETS_MANAGER_ARN: (
            "is not the ARN of a secret in Secrets Manager",
            "write the reference, never the value: arn:aws:secretsmanager:<region>:<account>:secret:<name>",
        ),
    }
)
"""What is said where a pattern does not match: the rule and the remedy, since nobody reads patterns."""


class Spec(BaseModel):
    """Plain data from stack YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


ModelName = Annotated[str, StringConstraints(pattern=PUBLIC_NAME, max_length=128)]
"""The public name of a model."""

DnsLabel = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=1, max_length=63)]
"""A name that becomes a Namespace or an object's name: at most 63 characters (RFC 1123)."""

EnvironmentName = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=2, max_length=12)]
"""Short on purpose: it is a part of every physical name."""

ClusterName = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=2, max_length=32)]
"""EKS allows 100 characters; 32 leaves room for the names derived from it (IAM roles: 64, S3: 63)."""

AccountId = Annotated[str, StringConstraints(pattern=_ACCOUNT_ID)]
"""Quoted in YAML: a bare account id with a leading zero is read as an octal number."""

Region = Annotated[str, StringConstraints(pattern=_REGION)]
Zone = Annotated[str, StringConstraints(pattern=_ZONE)]

VpcId = Annotated[str, StringConstraints(pattern=_VPC_ID)]
SubnetId = Annotated[str, StringConstraints(pattern=_SUBNET_ID)]

HostedZoneId = Annotated[str, StringConstraints(pattern=_ZONE_ID)]
"""Route 53's name for a zone: at most 32 characters (API reference, `HostedZone`)."""

IamPrincipalArn = Annotated[str, StringConstraints(pattern=_PRINCIPAL_ARN, max_length=2048)]
"""A role or a user. An assumed-role session ARN (`sts`) is refused: EKS access entries take the role."""

SecretArn = Annotated[str, StringConstraints(pattern=_SECRETS_MANAGER_ARN, max_length=2048)]

HostName = Annotated[str, StringConstraints(pattern=_HOST_NAME, max_length=253)]
"""A fully qualified name in lower case (RFC 1123), as browsers and certificates have it."""
