"""The set-up script, against a real Postgres where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.postgres.bootstrap import LOGIN_SQL, ROLE_SQL, SCRIPT, files
from components.postgres.spec import USERS, DatabaseUser
from tests.ports import free_port

AWKWARD = "we\"ird';"
PASSWORD = "Password0123456789"


def user(name: str, *extensions: str) -> DatabaseUser:
    return DatabaseUser(name=name, namespace="x", reads="x", needs="x", extensions=extensions)


def test_each_user_is_a_line_with_its_extensions() -> None:
    assert files(USERS)["users"] == "langfuse\nrelay\nkagent vector\n"


def test_names_reach_sql_only_as_psqls_quoted_variables() -> None:
    assert "%s" not in ROLE_SQL
    for text in (ROLE_SQL, LOGIN_SQL):
        assert ":role" not in text.replace(':"role"', "").replace(":'role'", "")


def test_no_password_is_an_argument_or_part_of_a_statement() -> None:
    assert "$password" not in SCRIPT.split("| psql", 1)[1]
    assert "PASSWORD '" not in ROLE_SQL + LOGIN_SQL


@dataclass(frozen=True)
class Server:
    """A Postgres with a master that is no superuser, as in RDS."""

    directory: Path
    port: int

    def psql(self, who: str, password: str, database: str, sql: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-d", database, "-c", sql],
            env=self.environment(who, password),
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self, who: str, password: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": who,
            "PGPASSWORD": password,
        }

    def bootstrap(self, users: tuple[DatabaseUser, ...], suffix: str = "") -> None:
        script, passwords = self.directory / "script", self.directory / "passwords"
        for directory in (script, passwords):
            directory.mkdir(exist_ok=True)
        for name, text in files(users).items():
            (script / name).write_text(text)
        for one in users:
            (passwords / one.name).write_text(f"{one.name[:2]}{PASSWORD}{suffix}")
        environment = {**self.environment("master", PASSWORD), "PGDATABASE": "postgres"}
        subprocess.run(
            # Without a terminal, as in a pod: psql asks there first.
            ["setsid", "-w", "sh", "bootstrap.sh"],
            cwd=script,
            env={**environment, "PASSWORDS": str(passwords)},
            check=True,
            capture_output=True,
        )

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or shutil.which("psql") is None or shutil.which("setsid") is None:
        pytest.skip("no Postgres server is installed: the set-up script was not run")
    return found[-1].parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    binaries, root = _binaries(), tmp_path_factory.mktemp("postgres")
    # Postgres refuses to run as root; its package brings an account.
    account = "postgres" if os.getuid() == 0 else None
    # Not below pytest's own directory, which that account may not enter.
    data = Path(tempfile.mkdtemp(prefix="agentic-postgres-", dir="/tmp"))
    if account:
        shutil.chown(data, account)
    (pwfile := data.with_suffix(".pw")).write_text(PASSWORD)
    pwfile.chmod(0o644)
    port = free_port()

    def run(tool: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / tool), "-D", str(data / "d"), *arguments],
            user=account,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    run("initdb", "-A", "scram-sha-256", "-U", "boss", f"--pwfile={pwfile}")
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c log_statement=all -c fsync=off"
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        made = Server(root, port)
        (root / "log").symlink_to(data / "log")
        done = made.psql(
            "boss",
            PASSWORD,
            "postgres",
            f"CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORD}'",
        )
        assert done.returncode == 0, done.stderr
        (data / "log").write_text("")
        yield made
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(data)
        pwfile.unlink()


def test_a_user_gets_a_database_of_its_own_whatever_its_name(server: Server) -> None:
    server.bootstrap((user("langfuse"), user(AWKWARD)))
    for name in ("langfuse", AWKWARD):
        made = server.psql(name, f"{name[:2]}{PASSWORD}", name, "CREATE TABLE t(); SELECT current_user")
        assert (made.returncode, made.stdout.strip()) == (0, name), made.stderr


def test_running_it_again_changes_nothing_but_a_password_that_changed(server: Server) -> None:
    server.bootstrap((user("again"),))
    server.psql("again", f"ag{PASSWORD}", "again", "CREATE TABLE kept(); ")
    server.bootstrap((user("again"),))
    assert server.psql("again", f"ag{PASSWORD}", "again", "TABLE kept").returncode == 0
    server.bootstrap((user("again"),), suffix="new")
    assert server.psql("again", f"ag{PASSWORD}new", "again", "TABLE kept").returncode == 0
    assert "authentication failed" in server.psql("again", f"ag{PASSWORD}", "again", "SELECT 1").stderr


def test_no_user_may_connect_to_anothers_database(server: Server) -> None:
    server.bootstrap((user("one"), user("two")))
    refused = server.psql("one", f"on{PASSWORD}", "two", "SELECT 1")
    assert 'permission denied for database "two"' in refused.stderr


def test_an_extension_is_made_in_the_users_database(server: Server) -> None:
    server.bootstrap((user("kagent", "pgcrypto"),))
    seen = server.psql("kagent", f"ka{PASSWORD}", "kagent", "SELECT extname FROM pg_extension ORDER BY 1")
    assert seen.stdout.split() == ["pgcrypto", "plpgsql"]


def test_the_servers_log_has_every_statement_and_no_password(server: Server) -> None:
    server.bootstrap((user("logged"),))
    assert "ALTER USER logged PASSWORD 'SCRAM-SHA-256" in server.log
    assert PASSWORD not in server.log
