"""The bootstrap program makes collections that Milvus Lite takes, and finds them again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.vectors.render import files
from components.vectors.spec import CollectionSpec, FlatIndex, IvfFlatIndex, VectorsSpec

ROOT = Path(__file__).parents[2]
SPEC = VectorsSpec(
    collections={
        "agent_knowledge": CollectionSpec(),
        "exact": CollectionSpec(index=FlatIndex(type="FLAT"), isolation="partition_key"),
        "heaps": CollectionSpec(index=IvfFlatIndex(type="IVF_FLAT", nlist=4), isolation="partition_key"),
    }
)
ASK = """
import json, os, sys
from pymilvus import MilvusClient
client = MilvusClient(os.environ["MILVUS_LITE"], db_name=os.environ["DATABASE"])
{program}
"""


@dataclass
class Lite:
    python: Path
    uri: str
    bridge: str
    directory: Path

    def bootstrap(self, spec: VectorsSpec = SPEC) -> subprocess.CompletedProcess[str]:
        for name, text in files(spec, ("tenant-a",)).items():
            (self.directory / name).write_text(text)
        wanted = json.loads((self.directory / "wanted.json").read_text())
        # Milvus Lite has no users; tests/components/vectors/test_bootstrap.py is about those.
        (self.directory / "wanted.json").write_text(json.dumps({**wanted, "users": []}))
        (self.directory / "root").write_text("unused")
        return subprocess.run(
            [sys.executable, "-I", "-B", "bootstrap.py"],
            cwd=self.directory,
            env={
                "PATH": os.environ["PATH"],
                "MILVUS_URI": self.bridge,
                "PASSWORDS": str(self.directory),
                "ROOT_PASSWORD_FILE": str(self.directory / "root"),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, program: str, database: str = "tenant_a") -> Any:
        """What a client of Milvus itself finds: pymilvus, and nothing of ours."""
        done = subprocess.run(
            [str(self.python), "-c", ASK.format(program=program)],
            env={"PATH": os.environ["PATH"], "MILVUS_LITE": self.uri, "DATABASE": database},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def lite(start: Any, lite_python: Path, milvus_lite: str, tmp_path_factory: pytest.TempPathFactory) -> Lite:
    port = start(str(ROOT / "tests/lite/rest_bridge.py"), env={"MILVUS_LITE": milvus_lite})
    made = Lite(lite_python, milvus_lite, f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("script"))
    done = made.bootstrap()
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
    done = lite.bootstrap()
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
