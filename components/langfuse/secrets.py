"""The Secrets that Langfuse and ClickHouse read; their values never pass through the program."""

from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.langfuse.names import NAMESPACE
from components.secrets.spec import Charset, Consumer, Credential, Key, Remote, read_back, remote_key

_HERE = (Consumer(namespace=NAMESPACE),)

APP = Credential(
    name="langfuse-app",
    # Lost, every API key is void and what was encrypted stays so: backed up, and never rotated.
    keys=(
        Key(name="salt", length=44),
        Key(name="encryption-key", length=64, charset=Charset.HEX),
        Key(name="nextauth-secret", length=44),
    ),
    home=NAMESPACE,
    consumers=_HERE,
)
CLICKHOUSE = Credential(
    name="langfuse-clickhouse",
    # URL-safe: migrations break on % @ : & # ? $ in it (langfuse-k8s, TROUBLESHOOTING.md).
    keys=(Key(name="password"),),
    home=NAMESPACE,
    consumers=_HERE,
)
FIRST_START = Credential(
    name="langfuse-init",
    keys=(Key(name="public-key", length=36), Key(name="secret-key", length=36), Key(name="admin-password")),
    home=NAMESPACE,
    consumers=_HERE,
)

DATABASE = "langfuse-db"
"""The Secret whose `url` is postgresql://user:password@host:5432/langfuse?sslmode=require, with the password
URL-encoded: only AWS knows host and password, so whoever makes the database makes this too."""

CACHE = "langfuse-redis"
"""The Secret whose `url` is redis://user:password@host:6379/0, or rediss:// where the cache speaks TLS. Its
cache must not evict: queues live in it."""

COLLECTOR = "otel-langfuse"
"""The Secret whose `LANGFUSE_BASIC` authorises the collectors."""


def credentials() -> tuple[Credential, ...]:
    """What is generated for Langfuse, once."""
    return APP, CLICKHOUSE, FIRST_START


def collector_secret(place: Place) -> dict[str, Any]:
    """The spec of the ExternalSecret that turns the project's key pair into what an HTTP header carries."""
    pair = remote_key(place, FIRST_START.name)
    return read_back(
        COLLECTOR,
        {
            "public": Remote(key=pair, property="public-key"),
            "secret": Remote(key=pair, property="secret-key"),
        },
        template={"LANGFUSE_BASIC": '{{ printf "%s:%s" .public .secret | b64enc }}'},
    )
