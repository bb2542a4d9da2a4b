"""The base of everything a user may say in stack config, and the constrained strings it is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

DNS_LABEL = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
"""An RFC 1035 label: what a Namespace, a Service and most AWS names accept alike."""


class Spec(BaseModel):
    """Plain data from stack YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


DnsLabel = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=1, max_length=63)]
"""A name that becomes a Namespace or an object's name: at most 63 characters (RFC 1123)."""

EnvironmentName = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=2, max_length=12)]
"""Short on purpose: it is a part of every physical name."""

ClusterName = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=2, max_length=32)]
"""EKS allows 100 characters; 32 leaves room for the names derived from it (IAM roles: 64, S3: 63)."""

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""Quoted in YAML: a bare account id with a leading zero is read as an octal number."""

Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
Zone = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]

VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]

IamPrincipalArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+$", max_length=2048)
]
"""A role or a user. An assumed-role session ARN (`sts`) is refused: EKS access entries take the role."""

SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$", max_length=2048
    ),
]
