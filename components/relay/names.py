"""What others call the relay by."""

from __future__ import annotations

from components.charts.pods import labels

NAMESPACE = "ai-gateway"
GATEWAY = "ai-gateway"
GATEWAY_GROUP = "gateway.networking.k8s.io"
NAME = "litellm"
PORT = 4000
LABELS = labels(NAME, NAME)
CRON_LABELS = labels("relay-probe", NAME)
JOB_LABELS = labels("relay-setup", NAME)
BATCH_LABELS = labels("relay-batch", NAME)

PART = "relay"
"""The part of the platform, as flows, namespaces and metrics name it."""

DATABASE_SECRET = "relay-db"  # noqa: S105 - a name
CACHE_SECRET = "relay-cache"  # noqa: S105 - a name
OWN_SECRET = "relay-own"  # noqa: S105 - a name
"""Master key and salt, which nobody but the relay reads."""
GATEWAY_SECRET = "relay-gateway"  # noqa: S105 - a name
GATEWAY_SECRET_KEY = "key"  # noqa: S105 - a name
"""What the gateway shows at the relay's door."""
TENANT_KEYS_SECRET = "relay-tenant-keys"  # noqa: S105 - a name
PROVIDERS_SECRET = "relay-providers"  # noqa: S105 - a name

PROBE = "relay-probe"
"""Who the probe calls as; no tenant may be called this."""

BACKEND = "relay"
"""The relay among the gateway's backends."""
