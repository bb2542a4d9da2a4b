"""The RAG example from end to end: its process, asked over A2A, with Milvus Lite as its store.

The collection is made by the platform's own bootstrap program. The model and kagent's controller are stand-ins of
ours (see stand_ins); LangGraph, kagent's server, OpenAI's client and pymilvus are the real packages.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.vectors.spec import CollectionSpec, VectorsSpec
from tests.lite.lite import BRIDGE, ROOT, Lite
from tests.lite.stand_ins import KEY, TOKEN, USER, StandIns, serving

EXAMPLE = ROOT / "examples" / "rag"
SPEC = VectorsSpec(collections={"support_docs": CollectionSpec(isolation="partition_key")})
DOCUMENTS = {
    "tenant-a": "Parcels leave the depot on Tuesday.\n\nReturns are free within thirty days.",
    "tenant-b": "Parcels of tenant b leave the depot on Friday, which is a secret.",
}


@dataclass
class Agent:
    """The running agent, and those it talks to."""

    port: int
    others: StandIns

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read(), "utf-8")

    def ask(self, text: str, context: str | None = None) -> dict[str, Any]:
        """The task that one message becomes."""
        message = {
            "kind": "message",
            "role": "user",
            "messageId": str(uuid.uuid4()),
            "contextId": context or str(uuid.uuid4()),
            "parts": [{"kind": "text", "text": text}],
        }
        body = {"jsonrpc": "2.0", "id": "1", "method": "message/send", "params": {"message": message}}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-User-Id": USER},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = json.load(answer)
        result: dict[str, Any] = said["result"]
        return result

    def text(self, text: str, context: str | None = None) -> str:
        return "\n".join(
            part["text"] for artifact in self.ask(text, context)["artifacts"] for part in artifact["parts"]
        )


def environment(lite: Lite, others: StandIns, tenant: str) -> dict[str, str]:
    """What the platform tells an agent; kagent adds the last three."""
    here = f"http://127.0.0.1:{others.port}"
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(EXAMPLE),
        "OPENAI_BASE_URL": f"{here}/v1",
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "gpt-4",
        "OPENAI_TEMPERATURE": "0.1",
        "OPENAI_MAX_TOKENS": "256",
        "MILVUS_URI": lite.uri,
        "MILVUS_DATABASE": "default",
        "MILVUS_COLLECTION": "support_docs",
        "TENANT": tenant,
        "KAGENT_URL": here,
        "KAGENT_NAME": "rag",
        "KAGENT_NAMESPACE": "ai-agents",
    }


@pytest.fixture(scope="module")
def lite(start: Any, lite_python: Path, milvus_lite: str, tmp_path_factory: pytest.TempPathFactory) -> Lite:
    port = start(str(BRIDGE), env={"MILVUS_LITE": milvus_lite})
    made = Lite(lite_python, milvus_lite, f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("script"))
    done = made.bootstrap(SPEC)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def agent(start: Any, lite: Lite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    with serving(StandIns()) as others:
        for tenant, text in DOCUMENTS.items():
            file = tmp_path_factory.mktemp(tenant) / f"{tenant}.md"
            file.write_text(text)
            for _ in range(2):  # put again, it replaces its own
                put(lite, others, tenant, str(file))
        token = tmp_path_factory.mktemp("token") / "kagent-token"
        token.write_text(f"{TOKEN}\n")
        told = environment(lite, others, "tenant-a") | {"KAGENT_TOKEN_FILE": str(token)}
        port = start("-m", "rag", "serve", env=told)
        yield Agent(port, others)


def put(lite: Lite, others: StandIns, tenant: str, *files: str) -> str:
    done = subprocess.run(
        [str(lite.python), "-m", "rag", "put", *files],
        env=environment(lite, others, tenant),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def _fresh(agent: Agent) -> None:
    agent.others.prompts.clear()
    agent.others.failing = False


def test_an_answer_comes_from_passages_and_names_them(agent: Agent) -> None:
    assert agent.text("When do parcels leave the depot?") == "It is Tuesday [1].\n\n[1] tenant-a.md"
    (prompt,) = agent.others.prompts
    system, question = prompt["messages"]
    assert "[1] Parcels leave the depot on Tuesday." in system["content"]
    assert question == {"role": "user", "content": "When do parcels leave the depot?"}
    assert (prompt["model"], prompt["temperature"], prompt["max_tokens"]) == ("gpt-4", 0.1, 256)


def test_passages_of_another_tenant_are_never_shown_to_the_model(agent: Agent) -> None:
    agent.text("Parcels of tenant b leave the depot on Friday, is that a secret?")
    assert "Friday" not in agent.others.prompts[0]["messages"][0]["content"]
    assert "Tuesday" in agent.others.prompts[0]["messages"][0]["content"]


def test_where_nothing_is_found_the_model_is_not_asked(agent: Agent) -> None:
    said = agent.text("Who won the chess tournament?")
    assert said == "I found nothing about that in the documents I may read."
    assert agent.others.prompts == []


def test_a_conversation_goes_on_where_it_was(agent: Agent) -> None:
    context = str(uuid.uuid4())
    agent.text("When do parcels leave the depot?", context)
    agent.text("Are returns free within thirty days?", context)
    turns = [one["role"] for one in agent.others.prompts[1]["messages"]]
    assert turns == ["system", "user", "assistant", "user"]
    assert context in agent.others.checkpoints


def test_the_controller_knows_the_agent_and_for_whom_it_asks(agent: Agent) -> None:
    """kagent answers 401 to an agent without the token of its pod, and believes the user that it names."""
    agent.others.users.clear()
    agent.text("When do parcels leave the depot?")
    assert agent.others.refused == []
    assert agent.others.users == {USER}


def test_another_conversation_knows_nothing_of_it(agent: Agent) -> None:
    agent.text("When do parcels leave the depot?")
    agent.text("Are returns free within thirty days?")
    assert [one["role"] for one in agent.others.prompts[1]["messages"]] == ["system", "user"]


def test_what_was_put_twice_is_there_once(lite: Lite, agent: Agent) -> None:
    rows = lite.ask(
        "rows = client.query('support_docs', filter='tenant_id == \"tenant-a\"', output_fields=['id'], limit=100)\n"
        "print(len(rows))",
        "default",
    )
    assert rows == 2


def test_a_model_that_fails_fails_the_task_and_tells_no_key(agent: Agent) -> None:
    agent.others.failing = True
    task = agent.ask("When do parcels leave the depot?")
    assert task["status"]["state"] == "failed"
    assert KEY not in json.dumps(task)


def test_the_agent_is_ready_when_its_card_is_there(agent: Agent) -> None:
    card = json.loads(agent.get("/.well-known/agent-card.json"))
    assert card["name"] == "rag"
    assert card["capabilities"]["streaming"] is True
    assert agent.get("/health") == "OK"


def test_turns_are_counted_by_what_became_of_them(agent: Agent) -> None:
    agent.text("When do parcels leave the depot?")
    agent.text("Who won the chess tournament?")
    counted = agent.get("/metrics")
    for outcome in ("answered", "declined"):
        assert f'rag_turns_total{{outcome="{outcome}"}}' in counted
    assert "rag_passages_bucket" in counted


def test_what_is_missing_is_named_all_at_once(lite_python: Path) -> None:
    done = subprocess.run(
        [str(lite_python), "-m", "rag", "serve"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(EXAMPLE), "OPENAI_MODEL": "gpt-4"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "set OPENAI_BASE_URL, OPENAI_API_KEY, MILVUS_URI, TENANT" in done.stderr
