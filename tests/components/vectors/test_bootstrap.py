"""The bootstrap program itself, run as the job runs it, against a recording Milvus of ours (see fake_milvus)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.vectors.render import files, program
from components.vectors.spec import CollectionSpec, HnswIndex, VectorsSpec
from components.vectors.users import users
from tests.components.vectors.fake_milvus import FakeMilvus, serving

TENANTS = ("tenant-a", "tenant-b")
SPEC = VectorsSpec(
    collections={
        "agent_knowledge": CollectionSpec(),
        "support_docs": CollectionSpec(isolation="partition_key"),
    }
)


@dataclass
class Bootstrap:
    """The job's directory, and the server it is pointed at."""

    directory: Path
    milvus: FakeMilvus

    def run(
        self, spec: VectorsSpec = SPEC, tenants: tuple[str, ...] = TENANTS, generation: int = 1
    ) -> subprocess.CompletedProcess[str]:
        for name, text in files(spec, tenants).items():
            (self.directory / name).write_text(text)
        passwords = self.directory / "passwords"
        passwords.mkdir(exist_ok=True)
        for user in users(spec, tenants):
            (passwords / user.name).write_text(f"{user.name}-password-{generation}")
        (self.directory / "root").write_text("rootPassword\n")
        self.milvus.calls.clear()
        return subprocess.run(
            # -I: nothing of this environment, as in the image.
            [sys.executable, "-I", "-B", "bootstrap.py"],
            cwd=self.directory,
            env={
                "PATH": os.environ["PATH"],
                "MILVUS_URI": self.milvus.uri,
                "PASSWORDS": str(passwords),
                "ROOT_PASSWORD_FILE": str(self.directory / "root"),
                "PATIENCE_SECONDS": "5",
                "PAUSE_SECONDS": "0.05",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def bootstrap(tmp_path: Path) -> Iterator[Bootstrap]:
    with serving(FakeMilvus()) as milvus:
        yield Bootstrap(tmp_path, milvus)


def test_the_program_needs_nothing_but_the_standard_library() -> None:
    names = {
        line.split()[1].partition(".")[0]
        for line in program().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= sys.stdlib_module_names


def test_everything_is_made_with_its_index_and_loaded(bootstrap: Bootstrap) -> None:
    done = bootstrap.run()
    assert done.returncode == 0, done.stdout + done.stderr
    milvus = bootstrap.milvus
    assert {name: set(inside) for name, inside in milvus.databases.items()} == {
        "default": {"support_docs"},
        "tenant_a": {"agent_knowledge"},
        "tenant_b": {"agent_knowledge"},
    }
    made = milvus.databases["tenant_a"]["agent_knowledge"]
    assert made["loaded"]
    assert made["indexes"] == {
        "embedding_hnsw_cosine_16_256": {
            "fieldName": "embedding",
            "indexName": "embedding_hnsw_cosine_16_256",
            "indexType": "HNSW",
            "metricType": "COSINE",
            "params": {"M": 16, "efConstruction": 256},
        }
    }
    assert made["params"]["partitionsNum"] == 16


def test_a_tenants_users_may_do_things_in_its_own_database_and_nowhere_else(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    milvus = bootstrap.milvus
    assert milvus.roles["agentic_u_tenant_a"] == {
        ("CollectionReadWrite", "tenant_a", "*"),
        ("DatabaseReadOnly", "tenant_a", "*"),
    }
    assert milvus.roles["agentic_u_tenant_a_reader"] == {
        ("CollectionReadOnly", "tenant_a", "*"),
        ("DatabaseReadOnly", "tenant_a", "*"),
    }
    assert milvus.has["u_tenant_a"] == {"agentic_u_tenant_a"}
    assert not [grant for grants in milvus.roles.values() for grant in grants if grant[1] == "*"]


def test_a_second_run_changes_nothing(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    before = json.dumps(bootstrap.milvus.databases, sort_keys=True)
    done = bootstrap.run()
    assert done.returncode == 0
    assert bootstrap.milvus.changes() == []
    assert json.dumps(bootstrap.milvus.databases, sort_keys=True) == before
    assert done.stdout == "done\n"


@pytest.mark.parametrize("calls", [1, 4, 9, 13, 22])
def test_a_run_that_was_cut_off_is_finished_by_the_next(bootstrap: Bootstrap, calls: int) -> None:
    answer, left = bootstrap.milvus.answer, [calls]

    def dying(path: str, body: dict[str, Any], user: str) -> Any:
        if path not in ("databases/list",):
            left[0] -= 1
        if left[0] < 0:
            raise ConnectionResetError
        return answer(path, body, user)

    bootstrap.milvus.answer = dying  # type: ignore[method-assign]
    assert bootstrap.run().returncode == 1
    bootstrap.milvus.answer = answer  # type: ignore[method-assign]
    done = bootstrap.run()
    assert done.returncode == 0, done.stdout
    assert bootstrap.run().stdout == "done\n"


def test_one_tenant_more_is_only_that_tenant(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    bootstrap.run(tenants=(*TENANTS, "tenant-c"))
    touched = {
        body.get("dbName") or body.get("userName") or body.get("roleName")
        for _, path, body in bootstrap.milvus.calls
        if path in bootstrap.milvus.changes()
    }
    assert touched == {
        "tenant_c",
        "u_tenant_c",
        "u_tenant_c_reader",
        "agentic_u_tenant_c",
        "agentic_u_tenant_c_reader",
    }


def test_a_tenant_that_left_gets_in_no_more_and_its_rows_stay(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    done = bootstrap.run(tenants=("tenant-b",))
    assert "user u_tenant_a: dropped, nobody wants it; its data stays" in done.stdout
    assert set(bootstrap.milvus.passwords) == {
        "root",
        "u_default",
        "u_default_reader",
        "u_tenant_b",
        "u_tenant_b_reader",
    }
    assert "agent_knowledge" in bootstrap.milvus.databases["tenant_a"]


def test_users_that_somebody_else_made_are_left_alone(bootstrap: Bootstrap) -> None:
    bootstrap.milvus.passwords["analyst"] = "x"
    bootstrap.milvus.has["analyst"] = {"analysts"}
    bootstrap.milvus.roles["analysts"] = {("CollectionReadOnly", "default", "*")}
    bootstrap.run()
    assert bootstrap.milvus.passwords["analyst"] == "x"
    assert bootstrap.milvus.roles["analysts"] == {("CollectionReadOnly", "default", "*")}


def test_a_password_that_changed_is_told_to_milvus_and_rights_stay(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    done = bootstrap.run(generation=2)
    assert "user u_tenant_a: has the new password" in done.stdout
    assert bootstrap.milvus.passwords["u_tenant_a"] == "u_tenant_a-password-2"
    assert bootstrap.milvus.has["u_tenant_a"] == {"agentic_u_tenant_a"}
    assert "roles/create" not in bootstrap.milvus.changes()


def test_rights_that_a_role_should_not_have_are_taken_away(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    bootstrap.milvus.roles["agentic_u_tenant_a_reader"].add(("CollectionAdmin", "tenant_b", "*"))
    done = bootstrap.run()
    assert "role agentic_u_tenant_a_reader: revoke CollectionAdmin on tenant_b.*" in done.stdout
    assert bootstrap.milvus.changes() == ["roles/revoke_privilege_v2"]


def test_another_schema_is_refused_and_everything_else_is_done(bootstrap: Bootstrap) -> None:
    bootstrap.run(tenants=("tenant-a",))
    changed = VectorsSpec(
        collections={
            **SPEC.collections,
            "agent_knowledge": CollectionSpec(embedding_model="text-embedding-3-large"),
        }
    )
    done = bootstrap.run(changed, ("tenant-a", "tenant-b"))
    assert done.returncode == 3
    assert (
        "refused: collection tenant_a.agent_knowledge differs: embedding is FloatVector(1536), "
        "wanted is FloatVector(3072). Give the new one another name and fill it, or drop this one with all its rows"
    ) in done.stdout
    assert "agent_knowledge" in bootstrap.milvus.databases["tenant_b"]
    assert "u_tenant_b" in bootstrap.milvus.passwords


def test_another_index_is_refused_since_searches_would_stop(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    changed = VectorsSpec(collections={"agent_knowledge": CollectionSpec(index=HnswIndex(m=32))})
    done = bootstrap.run(changed)
    assert done.returncode == 3
    assert (
        "has the index embedding_hnsw_cosine_16_256, wanted is embedding_hnsw_cosine_32_256." in done.stdout
    )


def test_more_copies_are_set_on_a_collection_that_is_there(bootstrap: Bootstrap) -> None:
    bootstrap.run()
    changed = VectorsSpec(
        collections={
            **SPEC.collections,
            "support_docs": CollectionSpec(isolation="partition_key", replicas=2),
        }
    )
    done = bootstrap.run(changed)
    assert "collection default.support_docs: collection.replica.number = 2" in done.stdout
    assert bootstrap.milvus.changes() == ["collections/alter_properties"]


def test_a_milvus_that_still_starts_is_waited_for(bootstrap: Bootstrap) -> None:
    bootstrap.milvus.refuse_first = 3
    assert bootstrap.run().returncode == 0


def test_a_wrong_root_password_ends_at_once_and_says_so(bootstrap: Bootstrap) -> None:
    bootstrap.milvus.passwords["root"] = "another"
    done = bootstrap.run()
    assert done.returncode == 1
    assert "failed: user or password is not right" in done.stdout


def test_no_password_is_ever_printed(bootstrap: Bootstrap) -> None:
    said = bootstrap.run().stdout + bootstrap.run(generation=2).stdout
    assert "-password-" not in said
    assert "rootPassword" not in said


def test_it_gives_up_on_a_milvus_that_never_answers(bootstrap: Bootstrap) -> None:
    bootstrap.milvus.refuse_first = 1000
    done = bootstrap.run()
    assert done.returncode == 1
    assert "Milvus does not answer after 5 s" in done.stderr
