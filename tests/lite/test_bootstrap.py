"""The bootstrap program makes collections that Milvus Lite takes, and finds them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.vectors.spec import CollectionSpec, FlatIndex, IvfFlatIndex, VectorsSpec
from tests.lite.lite import BRIDGE, Lite

SPEC = VectorsSpec(
    collections={
        "agent_knowledge": CollectionSpec(),
        "exact": CollectionSpec(index=FlatIndex(type="FLAT"), isolation="partition_key"),
        "heaps": CollectionSpec(index=IvfFlatIndex(type="IVF_FLAT", nlist=4), isolation="partition_key"),
    }
)


@pytest.fixture(scope="module")
def lite(start: Any, lite_python: Path, milvus_lite: str, tmp_path_factory: pytest.TempPathFactory) -> Lite:
    port = start(str(BRIDGE), env={"MILVUS_LITE": milvus_lite})
    made = Lite(lite_python, milvus_lite, f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("script"))
    done = made.bootstrap(SPEC)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_the_collection_has_the_fields_that_were_asked_for(lite: Lite) -> None:
    found = lite.ask(
        "one = client.describe_collection('agent_knowledge')\n"
        "print(json.dumps([[f['name'], f['type'].name, f['params'], f.get('is_primary', False), "
        "f.get('is_partition_key', False)] for f in one['fields']]))"
    )
    assert found == [
        ["id", "VARCHAR", {"max_length": 64}, True, False],
        ["content", "VARCHAR", {"max_length": 65535}, False, False],
        ["embedding", "FLOAT_VECTOR", {"dim": 1536}, False, False],
        ["metadata", "JSON", {}, False, False],
        ["tenant_id", "VARCHAR", {"max_length": 64}, False, True],
    ]


@pytest.mark.parametrize(
    ("database", "collection", "kind"),
    [("tenant_a", "agent_knowledge", "HNSW"), ("default", "exact", "FLAT"), ("default", "heaps", "IVF_FLAT")],
)
def test_each_index_is_built_and_loaded(lite: Lite, database: str, collection: str, kind: str) -> None:
    found = lite.ask(
        f"one = client.describe_index('{collection}', 'embedding')\n"
        f"print(json.dumps([one['index_type'], one['metric_type'], "
        f"client.get_load_state('{collection}')['state'].name]))",
        database,
    )
    assert found == [kind, "COSINE", "Loaded"]


def test_a_second_run_changes_nothing_and_rows_stay(lite: Lite) -> None:
    lite.ask(
        "client.insert('agent_knowledge', [{'id': '1', 'content': 'one', 'embedding': [0.1] * 1536, "
        "'metadata': {'source': 'x'}, 'tenant_id': 'tenant-a'}])\nprint('null')"
    )
    done = lite.bootstrap(SPEC)
    assert (done.returncode, done.stdout) == (0, "done\n")
    found = lite.ask(
        "hit = client.search('agent_knowledge', data=[[0.1] * 1536], limit=1, "
        "filter='tenant_id == \"tenant-a\"', output_fields=['content', 'metadata'])[0][0]\n"
        "print(json.dumps(hit['entity']))"
    )
    assert found == {"content": "one", "metadata": {"source": "x"}}


def test_a_collection_with_another_model_is_refused_by_what_milvus_says_of_it(lite: Lite) -> None:
    changed = VectorsSpec(collections={"agent_knowledge": CollectionSpec(embedding_model="BAAI/bge-m3")})
    done = lite.bootstrap(changed)
    assert done.returncode == 3
    assert "embedding is FloatVector(1536), wanted is FloatVector(1024)" in done.stdout
