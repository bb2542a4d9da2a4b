from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from components.milvus.pods import pods as milvus_pods
from components.milvus.room import summary
from components.milvus.spec import (
    SHARED,
    AutoscalingSpec,
    ClusterMilvus,
    Instance,
    MilvusSpec,
    QueryNodeSpec,
    StandaloneMilvus,
)
from components.vectors.checks import vector_faults
from components.vectors.embeddings import CATALOGUE
from components.vectors.memory import MILLION, estimate
from components.vectors.spec import (
    CollectionSpec,
    EmbeddingModelSpec,
    FlatIndex,
    HnswIndex,
    IvfFlatIndex,
    IvfSq8Index,
    VectorsSpec,
)
from components.vectors.users import USER_NAME_LIMIT, credentials, platform_reader, users

STANDALONE = StandaloneMilvus(mode="standalone")
CLUSTER = ClusterMilvus(mode="cluster")
TENANTS = ("tenant-a", "tenant-b")


def said(spec: VectorsSpec, milvus: StandaloneMilvus | ClusterMilvus = STANDALONE) -> list[str]:
    return [
        str(fault) for fault in vector_faults(spec, milvus, TENANTS, summary(milvus, milvus_pods(milvus)))
    ]


def one(**collection: Any) -> VectorsSpec:
    return VectorsSpec.model_validate({"collections": {"agent_knowledge": collection}})


@pytest.mark.parametrize("milvus", [STANDALONE, CLUSTER])
def test_the_defaults_are_sound(milvus: StandaloneMilvus | ClusterMilvus) -> None:
    assert said(VectorsSpec(), milvus) == []


def test_the_default_collection_is_found_by_hnsw_and_cosine() -> None:
    (collection,) = VectorsSpec().collections.values()
    assert collection.isolation == "database"
    assert collection.index == HnswIndex(metric="COSINE", m=16, ef_construction=256)
    assert CATALOGUE[collection.embedding_model].dimensions == 1536


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ({"type": "HNSW", "m": 1}, "greater than or equal to 2"),
        ({"type": "HNSW", "m": 2049, "ef_construction": 4000}, "less than or equal to 2048"),
        ({"type": "HNSW", "ef_construction": 0}, "greater than or equal to 1"),
        (
            {"type": "HNSW", "m": 64, "ef_construction": 32},
            "ef_construction 32 is below m 64: links would be missing; raise it",
        ),
        ({"type": "IVF_FLAT", "nlist": 0}, "greater than or equal to 1"),
        ({"type": "IVF_SQ8", "nlist": 65_537}, "less than or equal to 65536"),
        ({"type": "IVF_FLAT", "m": 16}, "Extra inputs are not permitted"),
        ({"type": "HNSW", "nlist": 128}, "Extra inputs are not permitted"),
        ({"type": "FLAT", "nlist": 128}, "Extra inputs are not permitted"),
        ({"type": "DISKANN"}, "does not match any of the expected tags"),
        ({"type": "HNSW", "metric": "JACCARD"}, "Input should be 'COSINE', 'IP' or 'L2'"),
    ],
)
def test_each_index_takes_its_own_parameters_in_their_range(index: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        one(index=index)


@pytest.mark.parametrize("name", ["agent-knowledge", "1st", "a b", "ä"])
def test_a_name_that_milvus_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=re.escape("^[A-Za-z_][A-Za-z0-9_]*$")):
        VectorsSpec.model_validate({"collections": {name: {}}})


def test_a_model_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    (fault,) = said(one(embedding_model="text-embedding-4"))
    assert fault.startswith(
        "vectors.collections.agent_knowledge.embedding_model: nobody says how long the vectors of "
        "'text-embedding-4' are; name one of BAAI/bge-m3, amazon.titan-embed-text-v2:0, "
    )
    assert fault.endswith("or add it to vectors.embedding_models")


def test_a_stack_may_know_a_model_of_its_own() -> None:
    own = EmbeddingModelSpec(dimensions=384, source="our own", recorded_on=date(2026, 11, 23))
    spec = VectorsSpec(
        embedding_models={"house-model": own},
        collections={"a": CollectionSpec(embedding_model="house-model")},
    )
    assert said(spec) == []
    assert estimate(spec.collections["a"], spec.embedding_models).vector == 4 * 384


def test_a_length_that_the_model_does_not_make_is_refused_with_those_it_makes() -> None:
    assert said(one(dimensions=1000)) == [
        "vectors.collections.agent_knowledge.dimensions: is 1000, and text-embedding-3-small makes vectors of "
        "512, 1536; write one of these, or leave it out"
    ]
    assert said(one(dimensions=512)) == []


def test_a_collection_for_milvuses_that_nobody_has_is_refused_with_what_one_takes() -> None:
    assert said(one(isolation="dedicated")) == [
        "vectors.collections.agent_knowledge.isolation: is dedicated, and no tenant has a Milvus of its own; name "
        "one under vectors.dedicated (as data.milvus it takes 2 pods with 1.2 CPUs and 4.5 GiB, 20 GiB of volumes, "
        "and a bucket), or write database here"
    ]
    (fault,) = said(one(isolation="dedicated"), CLUSTER)
    assert "it takes 13 pods with 13.5 CPUs and 43 GiB, 60 GiB of volumes, and a bucket" in fault


def own(*tenants: str, milvus: MilvusSpec = STANDALONE, **said: Any) -> VectorsSpec:
    return one(**said).model_copy(update={"dedicated": dict.fromkeys(tenants, milvus)})


def test_a_milvus_of_a_tenant_that_there_is_not_is_refused() -> None:
    assert said(own("tenant-x")) == [
        "vectors.dedicated.tenant-x: names no tenant; the stack has: tenant-a, tenant-b; add tenants.tenant-x, or "
        "drop it"
    ]


def test_a_milvus_of_ones_own_in_a_stack_without_vectors_is_refused() -> None:
    off = StandaloneMilvus(mode="standalone", enabled=False)
    words = (
        "vectors.dedicated.tenant-a: has a Milvus of its own, and vectors.enabled or data.milvus.enabled is false; "
        "switch both on, or drop it"
    )
    assert said(own("tenant-a"), off) == [words]
    assert said(own("tenant-a").model_copy(update={"enabled": False})) == [words]


def test_a_milvus_of_ones_own_that_is_switched_off_is_refused() -> None:
    off = StandaloneMilvus(mode="standalone", enabled=False)
    assert said(own("tenant-a", milvus=off)) == [
        "vectors.dedicated.tenant-a.enabled: is false: a Milvus that is not there; leave the tenant out instead"
    ]


def test_a_milvus_in_the_namespace_of_another_tenant_is_refused() -> None:
    found = vector_faults(own("a"), STANDALONE, ("a", "ai-data-a"), "")
    assert [str(fault) for fault in found] == [
        "vectors.dedicated.a: its Milvus would run in ai-data-a, the namespace of the tenant of that name; rename "
        "one of the two tenants"
    ]


def test_a_milvus_of_ones_own_with_nothing_in_it_is_refused() -> None:
    assert said(own("tenant-a", isolation="partition_key")) == [
        "vectors.dedicated.tenant-a: has a Milvus of its own and no collection in it: all are at the level "
        "partition_key; put a collection at database or dedicated, or drop it"
    ]


def test_each_milvus_is_held_against_what_is_in_it() -> None:
    """Half as many expected vectors in the shared one, and the tenant's own is asked by itself."""
    assert said(one(expected_vectors=250_000, mean_content_bytes=1000)) == []
    crowded = one(expected_vectors=400_000)
    assert said(crowded)[0].startswith("vectors.collections: expects 5.5 GiB in memory")
    assert said(crowded.model_copy(update={"dedicated": {"tenant-a": STANDALONE}})) == []
    too_much = one(expected_vectors=600_000).model_copy(update={"dedicated": {"tenant-a": STANDALONE}})
    assert said(too_much, CLUSTER) == [
        "vectors.dedicated.tenant-a: expects 4.1 GiB in memory (agent_knowledge 4.1), and 1 query node(s) of 4Gi "
        "hold 3.6 before they refuse; raise vectors.dedicated.tenant-a.query_node (standalone: resources), expect "
        "fewer vectors, or use IVF_SQ8"
    ]


def test_copies_and_logs_are_held_against_every_milvus_that_has_the_collection() -> None:
    assert said(own("tenant-a", replicas=2, shards=3), CLUSTER) == [
        "vectors.collections.agent_knowledge.replicas: is 2, and the Milvus of tenant-a has 1 query node(s) for "
        "sure: each copy takes its own; lower it, or raise vectors.dedicated.tenant-a.query_node.replicas "
        "(autoscaling: min_replicas)",
        "vectors.collections.agent_knowledge.shards: is 3, and 1 streaming node(s) carry two each well: more only "
        "wait; lower it to 2, or raise vectors.dedicated.tenant-a.streaming_node.replicas",
    ]
    assert said(own("tenant-a", milvus=CLUSTER, isolation="dedicated", replicas=2)) == []


def test_a_tenant_is_in_one_milvus_and_the_platform_in_the_shared_one() -> None:
    spec = own("tenant-a", isolation="dedicated")
    assert spec.residents(TENANTS, SHARED) == (None, "tenant-b")
    assert spec.residents(TENANTS, Instance("tenant-a")) == ("tenant-a",)
    assert {tenant: list(spec.collections_of(tenant)) for tenant in (None, *TENANTS)} == {
        None: [],
        "tenant-a": ["agent_knowledge"],
        "tenant-b": [],
    }
    assert {user.instance for user in users(spec, TENANTS)} == {Instance("tenant-a")}


def test_more_copies_than_query_nodes_are_refused() -> None:
    assert said(one(replicas=2)) == [
        "vectors.collections.agent_knowledge.replicas: is 2, and Milvus has 1 query node(s) for sure: each copy "
        "takes its own; lower it, or raise data.milvus.query_node.replicas (autoscaling: min_replicas)"
    ]
    assert said(one(replicas=2), CLUSTER) == []
    scaled = ClusterMilvus(
        mode="cluster", query_node=QueryNodeSpec(autoscaling=AutoscalingSpec(min_replicas=1, max_replicas=9))
    )
    assert "has 1 query node(s) for sure" in said(one(replicas=2), scaled)[0]


def test_more_shards_than_streaming_nodes_carry_are_refused() -> None:
    assert said(one(shards=3)) == [
        "vectors.collections.agent_knowledge.shards: is 3, and 1 streaming node(s) carry two each well: more only "
        "wait; lower it to 2, or raise data.milvus.streaming_node.replicas"
    ]
    assert said(one(shards=4), CLUSTER) == []


def test_more_vectors_than_memory_holds_are_refused_with_the_sum() -> None:
    assert said(one(expected_vectors=500_000)) == [
        "vectors.collections: expects 6.9 GiB in memory (agent_knowledge 6.9), and 1 query node(s) of 4Gi hold "
        "3.6 before they refuse; raise data.milvus.query_node (standalone: resources), expect fewer vectors, or "
        "use IVF_SQ8"
    ]


def test_without_milvus_nothing_is_asked_of_it() -> None:
    off = StandaloneMilvus(mode="standalone", enabled=False)
    assert vector_faults(one(isolation="dedicated"), off, TENANTS, "") == []
    assert vector_faults(VectorsSpec(enabled=False), STANDALONE, TENANTS, "") == []


def test_a_million_vectors_of_1536_take_what_the_arithmetic_says() -> None:
    bare = estimate(CollectionSpec(mean_content_bytes=1), {})
    assert bare.vector == 6144
    # 32 links below, 16/15 of 16 above: 4 bytes each.
    assert bare.index == pytest.approx(4 * (32 + 16 / 15))
    assert (bare.vector + bare.index) * MILLION / 2**30 == pytest.approx(5.845, abs=0.001)


@pytest.mark.parametrize(
    ("index", "vector", "links"),
    [
        (FlatIndex(type="FLAT"), 6144, 0),
        (IvfFlatIndex(type="IVF_FLAT"), 6144, 0),
        (IvfSq8Index(type="IVF_SQ8"), 1536, 0),
        (HnswIndex(m=32), 6144, 4 * (64 + 32 / 31)),
    ],
)
def test_memory_follows_the_index(index: Any, vector: int, links: float) -> None:
    row = estimate(CollectionSpec(index=index), {})
    assert (row.vector, row.index) == (vector, pytest.approx(links))


def test_every_model_of_the_catalogue_says_who_says_so_and_when() -> None:
    for name, model in CATALOGUE.items():
        assert len(model.source) > 20, name
        assert date(2026, 11, 23) <= model.recorded_on <= date(2026, 12, 1), name
        assert all(shorter < model.dimensions for shorter in model.shorter), name


def test_users_have_names_that_milvus_takes_and_nobody_shares() -> None:
    long = tuple(f"a-very-long-name-of-a-tenant-number-{number}" for number in range(3))
    found = users(VectorsSpec(), (*TENANTS, *long))
    assert len({user.name for user in found}) == len(found) == 10
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", user.name) for user in found)
    assert max(len(user.name) for user in found) <= USER_NAME_LIMIT


@pytest.mark.parametrize(
    ("first", "tenant", "whose"),
    [("acme", "acme-reader", "tenant acme"), ("acme", "default-reader", "the platform")],
)
def test_a_tenant_who_would_be_another_ones_user_is_refused(first: str, tenant: str, whose: str) -> None:
    user = f"u_{tenant.replace('-', '_')}"
    collections: dict[str, Any] = {"notes": {}, "docs": {"isolation": "partition_key"}}
    spec = VectorsSpec.model_validate({"collections": collections})
    assert [str(fault) for fault in vector_faults(spec, STANDALONE, (tenant, first), "")] == [
        f"tenants.{tenant}: its user of Milvus, {user}, would be one of {whose}; choose another name"
    ]


def test_each_user_has_a_password_of_its_own() -> None:
    names = [one.name for one in credentials(VectorsSpec(), TENANTS)]
    assert names == [
        "milvus-u-tenant-a",
        "milvus-u-tenant-a-reader",
        "milvus-u-tenant-b",
        "milvus-u-tenant-b-reader",
    ]
    assert credentials(VectorsSpec(enabled=False), TENANTS) == ()


def test_the_platforms_tools_search_as_its_reader_where_there_is_something_of_its_own() -> None:
    shared = one(isolation="partition_key")
    reader = platform_reader(shared)
    assert reader is not None
    assert (reader.name, reader.credential) == ("u_default_reader", "milvus-u-default-reader")
    assert platform_reader(VectorsSpec()) is None
    assert platform_reader(shared.model_copy(update={"enabled": False})) is None


def test_a_question_is_embedded_as_the_rows_were() -> None:
    assert CollectionSpec().embedding == {"model": "text-embedding-3-small"}
    cut = CollectionSpec(embedding_model="text-embedding-3-large", dimensions=1024)
    assert cut.embedding == {"model": "text-embedding-3-large", "dimensions": 1024}
