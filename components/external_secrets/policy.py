"""What the operator may do in AWS: read the platform's secrets, add missing ones, become a tenant's reader."""

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


CREATE_ACTIONS = ("secretsmanager:CreateSecret", "secretsmanager:TagResource")
"""What a PushSecret with `updatePolicy: IfNotExists` calls for a secret that is not there. No PutSecretValue
and no DeleteSecret: what Secrets Manager has, the cluster can neither overwrite nor take away."""


def operator_rights(place: Place, supplied: Sequence[str] = ()) -> PolicyDocument:
    """Read under the platform's prefix and the `supplied` secrets, create there, become a tenant's reader.

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
            "Sid": "CreatePlatformSecrets",
            "Effect": "Allow",
            "Action": list(CREATE_ACTIONS),
            "Resource": [secret_arn_pattern(place)],
            # The tag by which the operator knows its own secrets; it sets it with the creation, never later.
            "Condition": {"StringEquals": {"aws:RequestTag/managed-by": "external-secrets"}},
        },
        {
            "Sid": "BecomeTenantReaders",
            "Effect": "Allow",
            # The session tags that Pod Identity sets are transitive, so the second role is tagged as well.
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Resource": [tenant_role_arn_pattern(place)],
        },
    )
