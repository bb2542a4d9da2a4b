"""The one Secret of OpenCost: what makes its changing endpoints ask who is there."""

from __future__ import annotations

from components.opencost.pods import NAMESPACE
from components.secrets.spec import Consumer, Credential, Key

ADMIN = Credential(
    name="opencost-admin",
    # The chart's default key, and the name of the variable.
    keys=(Key(name="ADMIN_TOKEN", length=48),),
    home=NAMESPACE,
    consumers=(Consumer(namespace=NAMESPACE),),
)


def credentials() -> tuple[Credential, ...]:
    """What is generated for OpenCost, once."""
    return (ADMIN,)
