"""The Secrets that Langfuse and ClickHouse read; their values never pass through the program."""

from __future__ import annotations

from components.charts.secret_needs import Generated, SecretNeed
from components.langfuse.names import NAMESPACE

APP = SecretNeed(
    name="langfuse-app",
    namespace=NAMESPACE,
    generated={
        # Lost, every API key is void and what was encrypted stays so: both are backed up, neither rotates.
        "salt": Generated(length=44),
        "encryption-key": Generated(length=64, alphabet="hex"),
        "nextauth-secret": Generated(length=44),
    },
)
CLICKHOUSE = SecretNeed(
    name="langfuse-clickhouse",
    namespace=NAMESPACE,
    # Migrations break on % @ : & # ? $ in it (langfuse-k8s, TROUBLESHOOTING.md).
    generated={"password": Generated(length=32)},
)
DATABASE = SecretNeed(name="langfuse-db", namespace=NAMESPACE, supplied=("url",))
"""`url`: postgresql://user:password@host:5432/langfuse?sslmode=require, with the password URL-encoded."""

CACHE = SecretNeed(name="langfuse-redis", namespace=NAMESPACE, supplied=("url",))
"""`url`: redis://user:password@host:6379/0, or rediss:// where the cache speaks TLS. Eviction must be off."""

FIRST_START = SecretNeed(
    name="langfuse-init",
    namespace=NAMESPACE,
    generated={
        "public-key": Generated(length=36, prefix="pk-lf-"),
        "secret-key": Generated(length=36, prefix="sk-lf-"),
        "admin-password": Generated(length=32),
    },
)
COLLECTOR = SecretNeed(
    name="otel-langfuse",
    namespace=NAMESPACE,
    derived={"LANGFUSE_BASIC": ("langfuse-init/public-key", "langfuse-init/secret-key")},
)
"""`LANGFUSE_BASIC`: base64 of `public-key:secret-key`, for the header of the collectors' requests."""


def secrets_needed() -> tuple[SecretNeed, ...]:
    """Every Secret that must exist before the first pod; the collectors' one included."""
    return APP, CLICKHOUSE, DATABASE, CACHE, FIRST_START, COLLECTOR
