"""What holds data in a stack, and who brings it back, as its components declare it."""

from __future__ import annotations

from components.buckets.spec import stateful as buckets
from components.core.stateful import Stateful
from components.elasticache.spec import stateful as elasticache
from components.langfuse.stateful import stateful as langfuse
from components.milvus.stateful import stateful as milvus
from components.postgres.spec import stateful as postgres
from components.prometheus.stateful import stateful as prometheus
from components.valkey.spec import ValkeySpec
from components.valkey.spec import stateful as valkey
from stacks.config import PlatformConfig
from stacks.own_milvus import own_buckets, own_milvuses
from stacks.parts import parts


def declared_stateful(config: PlatformConfig) -> tuple[Stateful, ...]:
    """Everything of every part that the stack has, by part."""
    cache = config.data.cache
    by_part = {
        "buckets": buckets(own_buckets(config)),
        "elasticache": elasticache(),
        "langfuse": langfuse(),
        "milvus": (*milvus(), *(one for instance in own_milvuses(config) for one in milvus(instance))),
        "postgres": postgres(),
        "prometheus": prometheus(),
        **({"valkey": valkey(cache)} if isinstance(cache, ValkeySpec) else {}),
    }
    return tuple(one for part in sorted(parts(config)) for one in by_part.get(part, ()))
