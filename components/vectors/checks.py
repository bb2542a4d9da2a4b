"""What of vectors cannot work: models nobody knows, levels that are not there, memory that does not suffice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from components.core.faults import Fault
from components.core.quantities import GIB, parse
from components.milvus.spec import SHARED, ClusterMilvus, Instance, MilvusSpec
from components.vectors.memory import estimate, known_models
from components.vectors.own import COLLECTIONS, own_faults
from components.vectors.spec import CollectionSpec, EmbeddingModelSpec, VectorsSpec
from components.vectors.users import users

SHARE_OF_MEMORY = 0.9
"""Of a query node's limit: above it refuses to load more (queryNode.overloadedMemoryThresholdPercentage)."""


def vector_faults(spec: VectorsSpec, milvus: MilvusSpec, tenants: Collection[str], takes: str) -> list[Fault]:
    """Everything at once; `takes` says what one Milvus as `milvus` would take."""
    here = spec.enabled and milvus.enabled
    found = own_faults(spec, tenants, here=here, takes=takes)
    if not here:
        return found
    found += user_faults(spec, tenants)
    homes = {SHARED: milvus, **{one: spec.dedicated[one.tenant or ""] for one in spec.instances}}
    for name, one in spec.collections.items():
        found += model_faults(f"{COLLECTIONS}.{name}", one, spec.embedding_models)
        for instance, home in homes.items():
            if one.isolation in _LEVELS[instance.tenant is None]:
                found += size_faults(f"{COLLECTIONS}.{name}", one, home, instance)
    return found or [
        fault for instance, home in homes.items() for fault in memory_faults(spec, home, tenants, instance)
    ]


def user_faults(spec: VectorsSpec, tenants: Collection[str]) -> list[Fault]:
    """Tenants who would share a user: `acme` searches as `u_acme_reader`, as which `acme-reader` would write."""
    holders: dict[str, str | None] = {}
    found: list[Fault] = []
    for user in users(spec, sorted(tenants)):
        # The platform's come first, so that whoever is second is a tenant.
        first = holders.setdefault(user.name, user.tenant)
        if first != user.tenant:
            whose = f"tenant {first}" if first else "the platform"
            found.append(
                Fault(
                    f"tenants.{user.tenant}",
                    f"its user of Milvus, {user.name}, would be one of {whose}",
                    "choose another name",
                )
            )
    return found


_LEVELS = {True: ("partition_key", "database"), False: ("database", "dedicated")}
"""What the shared Milvus holds, and what one that is a tenant's."""


def model_faults(path: str, spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec]) -> list[Fault]:
    """A model that nobody knows, and a length that its vectors do not have."""
    models = known_models(own)
    model = models.get(spec.embedding_model)
    if model is None:
        return [
            Fault(
                f"{path}.embedding_model",
                f"nobody says how long the vectors of {spec.embedding_model!r} are",
                f"name one of {', '.join(sorted(models))}, or add it to vectors.embedding_models",
            )
        ]
    if spec.dimensions in (None, model.dimensions, *model.shorter):
        return []
    lengths = ", ".join(str(one) for one in (*sorted(model.shorter), model.dimensions))
    return [
        Fault(
            f"{path}.dimensions",
            f"is {spec.dimensions}, and {spec.embedding_model} makes vectors of {lengths}",
            "write one of these, or leave it out",
        )
    ]


def size_faults(
    path: str, spec: CollectionSpec, milvus: MilvusSpec, instance: Instance = SHARED
) -> list[Fault]:
    """More copies than query nodes, more logs than streaming nodes can share."""
    cluster = isinstance(milvus, ClusterMilvus)
    scaling = milvus.query_node.autoscaling if cluster else None
    query = 1 if not cluster else milvus.query_node.replicas if scaling is None else scaling.min_replicas
    streaming = milvus.streaming_node.replicas if cluster else 1
    found: list[Fault] = []
    if spec.replicas > query:
        found.append(
            Fault(
                f"{path}.replicas",
                f"is {spec.replicas}, and {instance.title} has {query} query node(s) for sure: each copy takes its own",
                f"lower it, or raise {instance.path}.query_node.replicas (autoscaling: min_replicas)",
            )
        )
    if spec.shards > 2 * streaming:
        found.append(
            Fault(
                f"{path}.shards",
                f"is {spec.shards}, and {streaming} streaming node(s) carry two each well: more only wait",
                f"lower it to {2 * streaming}, or raise {instance.path}.streaming_node.replicas",
            )
        )
    return found


def memory_faults(
    spec: VectorsSpec, milvus: MilvusSpec, tenants: Collection[str], instance: Instance = SHARED
) -> list[Fault]:
    """What is expected in one Milvus, all of it, beside the memory its searches have; with the arithmetic."""
    databases = Counter(
        name for tenant in spec.residents(tenants, instance) for name in spec.collections_of(tenant)
    )
    parts = {
        name: estimate(one, spec.embedding_models).gib(one.expected_vectors) * one.replicas * databases[name]
        for name, one in spec.collections.items()
        if databases[name]
    }
    if isinstance(milvus, ClusterMilvus):
        nodes, each = milvus.query_node.most_replicas, milvus.query_node.resources.memory_limit
    else:
        nodes, each = 1, milvus.resources.memory_limit
    have = float(parse(each) / GIB) * nodes * SHARE_OF_MEMORY
    total = sum(parts.values())
    if total <= have:
        return []
    listed = " + ".join(f"{name} {gib:.1f}" for name, gib in sorted(parts.items()) if gib)
    return [
        Fault(
            COLLECTIONS if instance.tenant is None else instance.path,
            f"expects {total:.1f} GiB in memory ({listed}), and {nodes} query node(s) of {each} hold {have:.1f} "
            "before they refuse",
            f"raise {instance.path}.query_node (standalone: resources), expect fewer vectors, or use IVF_SQ8",
        )
    ]
