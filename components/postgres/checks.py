"""What the database needs of the rest of a config, and the rest of it."""

from __future__ import annotations

from collections.abc import Collection

from components.core.faults import Fault
from components.postgres.spec import USERS, PostgresSpec

PATH = "data.postgres"


def postgres_faults(spec: PostgresSpec, *, parts: Collection[str]) -> list[Fault]:
    """What is wrong with this database in a stack with these parts."""
    wanted = sorted({user.needs for user in USERS} & set(parts))
    if not spec.enabled:
        if not wanted:
            return []
        return [
            Fault(
                f"{PATH}.enabled",
                f"is off, and {', '.join(wanted)} cannot do without a database",
                "switch it on, or switch off who needs it",
            )
        ]
    if "external_secrets" not in parts:
        return [
            Fault(
                PATH,
                "its passwords come through External Secrets, which is off",
                "set services.external_secrets.enabled: true, or data.postgres.enabled: false",
            )
        ]
    return []
