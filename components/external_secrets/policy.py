"""What the operator may do in AWS: read the platform's own secrets, and become a tenant's reader."""

from __future__ import annotations

from collections.abc import Sequence

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.core.names import secret_arn_pattern, tenant_role_arn_pattern

READ_ACTIONS = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecretVersionIds",
)
"""No ListSecrets: it takes no resource, and only `dataFrom.find` needs it."""


def reader(place: Place, supplied: Sequence[str] = ()) -> PolicyDocument:
    """Read under the platform's prefix and the `supplied` secrets, and become a reader of one tenant.

    A tenant's secrets are out of reach of this role: the tenant's store names its own role, which alone
    reads them.
    """
    return document(
        {
            "Sid": "ReadPlatformSecrets",
            "Effect": "Allow",
            "Action": list(READ_ACTIONS),
            "Resource": [secret_arn_pattern(place), *sorted(supplied)],
        },
        {
            "Sid": "BecomeTenantReaders",
            "Effect": "Allow",
            # The session tags that Pod Identity sets are transitive, so the second role is tagged as well.
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Resource": [tenant_role_arn_pattern(place)],
        },
    )
