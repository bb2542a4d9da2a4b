"""The deletion of conversations, run by a real Postgres where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.agents.sessions import script
from tests.components.agents.scene import AGENTS

SUPPORT, RESEARCH = "ai_agents__NS__customer_support_agent", "ai_agents__NS__research_agent"
TABLES = """
CREATE TABLE session (id text, user_id text, agent_id text, created_at timestamptz, updated_at timestamptz,
                      PRIMARY KEY (id, user_id));
CREATE TABLE event (id text, user_id text, session_id text);
CREATE TABLE task (id text PRIMARY KEY, session_id text);
CREATE TABLE push_notification (id text, task_id text);
CREATE TABLE lg_checkpoint (user_id text, thread_id text);
CREATE TABLE lg_checkpoint_write (user_id text, thread_id text);
CREATE TABLE crewai_flow_state (user_id text, thread_id text);
CREATE TABLE crewai_agent_memory (user_id text, thread_id text);
"""
Run = Callable[[str], str]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Run]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or shutil.which("psql") is None:
        pytest.skip("no Postgres server is installed: the deletion of conversations was not run")
    # Postgres refuses to run as root; its package brings an account.
    account = "postgres" if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="agentic-sessions-") as name:
        directory = Path(name)
        if account:
            shutil.chown(directory, account)

        def run(tool: str, *arguments: str) -> None:
            command = [str(found[-1].parent / tool), "-D", f"{name}/data", *arguments]
            subprocess.run(command, user=account, cwd="/", check=True, stdout=subprocess.DEVNULL)

        def sql(text: str) -> str:
            command = ["psql", "-h", name, "-U", "boss", "-d", "postgres", "-XAtq", "-v", "ON_ERROR_STOP=1"]
            done = subprocess.run(
                command, input=text, capture_output=True, text=True, check=False, user=account
            )
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        run("initdb", "-A", "trust", "-U", "boss")
        run(
            "pg_ctl",
            "-w",
            "-l",
            f"{name}/log",
            "-o",
            f"-k {name} -c listen_addresses='' -c fsync=off",
            "start",
        )
        try:
            sql(TABLES)
            yield sql
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def conversation(run: Run, name: str, user: str, agent: str, silent_seconds: int) -> None:
    run(
        f"INSERT INTO session VALUES ('{name}', '{user}', '{agent}', now() - interval '9 days', "
        f"now() - interval '{silent_seconds} seconds');"
        f"INSERT INTO event VALUES ('e-{name}-{user}', '{user}', '{name}');"
        f"INSERT INTO lg_checkpoint VALUES ('{user}', '{name}');"
        f"INSERT INTO crewai_agent_memory VALUES ('{user}', '{name}');"
        f"INSERT INTO task VALUES ('t-{name}', '{name}') ON CONFLICT DO NOTHING;"
        f"INSERT INTO push_notification VALUES ('p-{name}', 't-{name}');"
    )


def test_silent_conversations_go_whole_and_no_other_does(postgres: Run) -> None:
    conversation(postgres, "old", "ann", SUPPORT, 3700)
    conversation(postgres, "new", "ann", SUPPORT, 3500)
    conversation(postgres, "slow", "ann", RESEARCH, 3700)
    conversation(postgres, "theirs", "ann", "tenant_b__NS__other", 999_999)
    # Two people, one id, and only one of them silent.
    conversation(postgres, "same", "ann", SUPPORT, 3700)
    conversation(postgres, "same", "bob", SUPPORT, 60)
    for _ in range(2):
        postgres(script(AGENTS))
        assert postgres("SELECT id || '/' || user_id FROM session ORDER BY 1").split() == [
            "new/ann",
            "same/bob",
            "slow/ann",
            "theirs/ann",
        ]
        assert postgres("SELECT id FROM event ORDER BY 1").split() == [
            "e-new-ann",
            "e-same-bob",
            "e-slow-ann",
            "e-theirs-ann",
        ]
        assert postgres("SELECT thread_id FROM lg_checkpoint ORDER BY 1").split() == [
            "new",
            "same",
            "slow",
            "theirs",
        ]
        remembered = postgres(
            "SELECT thread_id || '/' || user_id FROM crewai_agent_memory ORDER BY 1"
        ).split()
        assert remembered == ["new/ann", "same/bob", "slow/ann", "theirs/ann"]
        assert postgres("SELECT id FROM task ORDER BY 1").split() == ["t-new", "t-same", "t-slow", "t-theirs"]
        assert "p-old" not in postgres("SELECT id FROM push_notification")
