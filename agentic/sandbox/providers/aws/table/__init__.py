"""All rows, by type token. Importing this costs no boto3: the table is data that other readers may use."""

from __future__ import annotations

from functools import cache

from agentic.sandbox.providers.aws.row import Row


@cache
def rows() -> dict[str, Row]:
    """Give every row by its type token."""
    from agentic.sandbox.providers.aws.table import ec2_network

    return {row.token: row for module in (ec2_network,) for row in module.ROWS}
