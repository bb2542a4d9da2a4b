"""A relay with everything that it can have."""

from __future__ import annotations

from pulumi import Input

from components.core.aws import Place
from components.prices.spec import PricesSpec
from components.relay.config import CacheAddress
from components.relay.relay import Relay, RelayArgs
from components.relay.spec import RelaySpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:relay-provider"
TENANTS = ("tenant-a", "tenant-b")
SPEC = RelaySpec.model_validate(
    {
        "enabled": True,
        "providers": {
            "relay-provider": {"secret": "relay-provider", "base_url": "https://api.holysheep.ai/v1"}
        },
        "budgets": {"tenants": {"tenant-b": "7.50"}},
        "batch": {"enabled": True, "start": "01:30", "end": "05:00"},
    }
)
CACHE = CacheAddress(authority=True)


def relay(
    spec: RelaySpec = SPEC,
    *,
    tenants: tuple[str, ...] = TENANTS,
    cache: CacheAddress = CACHE,
    namespace: Input[str] = "ai-gateway",
) -> Relay:
    return Relay(
        "relay",
        RelayArgs(
            place=PLACE,
            spec=spec,
            prices=PricesSpec(),
            tenants=tenants,
            namespace=namespace,
            secret_arns={"relay-provider": ARN},
            cache=cache,
            after=(),
            monitored=True,
        ),
    )
