"""What the smoke test and the stack's tenants have to agree on."""

from __future__ import annotations

from collections.abc import Collection

from components.core.faults import Fault
from components.smoke.spec import SmokeSpec

PATH = "services.smoke.tenants"


def smoke_faults(spec: SmokeSpec, tenants: Collection[str]) -> list[Fault]:
    """It names two tenants that there are, and not one of them twice."""
    named = spec.tenants or []
    known = ", ".join(sorted(tenants)) or "none"
    return [
        *(
            Fault(
                f"{PATH}[{at}]",
                f"{name} is no tenant of the stack; it has: {known}",
                "name one of these, or leave services.smoke.tenants out for the first two by name",
            )
            for at, name in enumerate(named)
            if name not in tenants
        ),
        *(
            Fault(
                PATH, f"names {name} {named.count(name)} times", "name another tenant for it to be kept from"
            )
            for name in sorted({*named})
            if named.count(name) > 1
        ),
    ]
