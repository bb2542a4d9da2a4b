"""The one Secret of the monitoring stack: Grafana's first administrator."""

from __future__ import annotations

from components.prometheus.pods import NAMESPACE
from components.secrets.spec import Consumer, Credential, Key

GRAFANA_ADMIN = Credential(
    name="grafana-admin",
    keys=(Key(name="admin-password"),),
    home=NAMESPACE,
    consumers=(Consumer(namespace=NAMESPACE, literals={"admin-user": "admin"}),),
)


def credentials() -> tuple[Credential, ...]:
    """What is generated for Grafana, once."""
    return (GRAFANA_ADMIN,)
