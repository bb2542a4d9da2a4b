"""All rows, by type token. Importing this costs no boto3: the table is data that other readers may use."""

from __future__ import annotations

from functools import cache

from agentic.sandbox.providers.aws.row import Row


@cache
def rows() -> dict[str, Row]:
    """Give every row by its type token."""
    from agentic.sandbox.providers.aws.table import (
        backup,
        cognito,
        ec2_network,
        ec2_other,
        ec2_security,
        edge,
        eks,
        elasticache,
        iam,
        platform,
        rds,
        s3,
    )

    modules = (
        ec2_network,
        ec2_security,
        ec2_other,
        iam,
        platform,
        s3,
        eks,
        backup,
        rds,
        elasticache,
        cognito,
        edge,
    )
    return {row.type: row for module in modules for row in module.ROWS}
