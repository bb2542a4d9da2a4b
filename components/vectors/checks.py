"""What of vectors cannot work: models nobody knows, levels that are not there, memory that does not suffice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from components.charts.pods import PodClass
from components.core.faults import Fault
from components.core.quantities import GIB, parse
from components.milvus.spec import ClusterMilvus, MilvusSpec
from components.vectors.memory import estimate, known_models
from components.vectors.spec import CollectionSpec, EmbeddingModelSpec, VectorsSpec

PATH = "vectors.collections"
SHARE_OF_MEMORY = 0.9
"""Of a query node's limit: above it refuses to load more (queryNode.overloadedMemoryThresholdPercentage)."""


def vector_faults(
    spec: VectorsSpec, milvus: MilvusSpec, tenants: Collection[str], milvus_pods: Iterable[PodClass]
) -> list[Fault]:
    """Everything at once; `milvus_pods` is what one Milvus takes."""
    if not spec.enabled or not milvus.enabled:
        return []
    found: list[Fault] = []
    taken = tuple(milvus_pods)
    for name, one in spec.collections.items():
        found += model_faults(f"{PATH}.{name}", one, spec.embedding_models)
        found += dedicated_faults(f"{PATH}.{name}", one, taken)
        found += size_faults(f"{PATH}.{name}", one, milvus)
    return found or memory_faults(spec, milvus, tenants)


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


def dedicated_faults(path: str, spec: CollectionSpec, milvus_pods: tuple[PodClass, ...]) -> list[Fault]:
    """A Milvus of its own is a stack of its own; said with what it takes."""
    if spec.isolation != "dedicated":
        return []
    number = sum(pod.replicas or 1 for pod in milvus_pods)
    cpu = sum(((pod.replicas or 1) * pod.requests("cpu") for pod in milvus_pods), Fraction(0))
    memory = sum(((pod.replicas or 1) * pod.requests("memory") for pod in milvus_pods), Fraction(0)) / GIB
    return [
        Fault(
            f"{path}.isolation",
            f"dedicated takes a second Milvus: {number} pods with {float(cpu):g} CPUs and {float(memory):g} GiB "
            "as data.milvus has them, a bucket and an etcd; one stack runs one",
            "give it a stack of its own with this collection at the level database, or write database here",
        )
    ]


def size_faults(path: str, spec: CollectionSpec, milvus: MilvusSpec) -> list[Fault]:
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
                f"is {spec.replicas}, and Milvus has {query} query node(s) for sure: each copy takes its own",
                "lower it, or raise data.milvus.query_node.replicas (autoscaling: min_replicas)",
            )
        )
    if spec.shards > 2 * streaming:
        found.append(
            Fault(
                f"{path}.shards",
                f"is {spec.shards}, and {streaming} streaming node(s) carry two each well: more only wait",
                f"lower it to {2 * streaming}, or raise data.milvus.streaming_node.replicas",
            )
        )
    return found


def memory_faults(spec: VectorsSpec, milvus: MilvusSpec, tenants: Collection[str]) -> list[Fault]:
    """What is expected, all of it, beside the memory that searches have; said with the arithmetic."""
    databases = {"partition_key": 1, "database": len(tenants)}
    parts = {
        name: estimate(one, spec.embedding_models).gib(one.expected_vectors)
        * one.replicas
        * databases[one.isolation]
        for name, one in spec.collections.items()
        if one.isolation in databases
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
            PATH,
            f"expects {total:.1f} GiB in memory ({listed}), and {nodes} query node(s) of {each} hold {have:.1f} "
            "before they refuse",
            "raise data.milvus.query_node (standalone: resources), expect fewer vectors, or use IVF_SQ8",
        )
    ]
