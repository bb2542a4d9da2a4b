"""The tool server, run as its pods run it and asked over HTTP as agents ask it."""

from __future__ import annotations

import http.client
import importlib.util
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.tools.render import PROGRAM, adapted, config
from tests.components.agents.scene import TOOLS, tool_wiring

_SPEC = importlib.util.spec_from_file_location("tool_server", PROGRAM)
assert _SPEC is not None
assert _SPEC.loader is not None
tool_server: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool_server)

Ask = Callable[..., Any]
Serving = Callable[[dict[str, Any]], AbstractContextManager[Ask]]


@contextmanager
def running(server: ThreadingHTTPServer) -> Generator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(told: dict[str, Any]) -> Generator[Ask]:
    with running(tool_server.serve(told, "127.0.0.1", 0)) as port:

        def ask(method: str, **params: Any) -> Any:
            return post(port, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})[1]

        yield ask


def post(port: int, body: Any, path: str = "/mcp") -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            raw = answer.read()
            return answer.status, json.loads(raw) if raw else None
    except urllib.error.HTTPError as error:
        raw = error.read()
        return error.code, json.loads(raw) if raw else None


class Recorder(ThreadingHTTPServer):
    """An API that answers what it was asked, and remembers it."""

    def __init__(self, answers: dict[str, tuple[int, Any]] | None = None) -> None:
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.answers = answers or {}
        super().__init__(("127.0.0.1", 0), _Recording)


class _Recording(BaseHTTPRequestHandler):
    server: Recorder  # pyright: ignore[reportIncompatibleVariableOverride] - it is one

    def _take(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw else None
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, answer = self.server.answers.get(self.path.partition("?")[0], (200, {"echo": body}))
        data = json.dumps(answer).encode()
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _take  # noqa: N815 - the base class calls them so

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def told(name: str, **instead: Any) -> dict[str, Any]:
    tool = adapted(TOOLS[name])
    assert tool is not None
    return {**config(name, tool, tool_wiring()), **instead}


def text(answer: Any) -> str:
    return answer["result"]["content"][0]["text"]


def test_it_introduces_itself_as_mcp_asks() -> None:
    with serving(told("web-search")) as ask:
        hello = ask("initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo={})["result"]
        assert hello["protocolVersion"] == "2025-03-26"
        assert hello["capabilities"] == {"tools": {}}
        assert ask("initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-06-18"
        assert ask("ping")["result"] == {}
        (listed,) = ask("tools/list")["result"]["tools"]
        assert listed["name"] == "web-search"
        assert listed["inputSchema"]["required"] == ["query"]
        assert ask("prompts/list")["error"]["code"] == -32601


def test_notifications_are_taken_without_an_answer_and_nonsense_is_refused() -> None:
    with running(tool_server.serve(told("web-search"), "127.0.0.1", 0)) as port:
        assert post(port, {"jsonrpc": "2.0", "method": "notifications/initialized"}) == (202, None)
        assert post(port, b"nonsense")[0] == 400
        assert post(port, [1, 2])[0] == 400
        assert post(port, {"method": "ping", "id": 1}, "/other")[0] == 404
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.putrequest("POST", "/mcp")
        connection.putheader("Content-Length", str(1024 * 1024 + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413, "before any of it is read"
        connection.close()


def test_an_api_is_called_with_defaults_token_and_json(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    api = Recorder()
    with running(api) as port:
        url = f"http://127.0.0.1:{port}/api/search"
        with serving(told("web-search", url=url, token_file=str(token))) as ask:
            answer = ask("tools/call", name="web-search", arguments={"query": "서울 날씨"})
            token.write_text("second")
            ask("tools/call", name="web-search", arguments={"query": "x", "max_results": 3})
    assert answer["result"]["isError"] is False
    method, path, headers, body = api.asked[0]
    assert (method, path) == ("POST", "/api/search")
    assert body == {"query": "서울 날씨", "max_results": 10}
    assert headers["Authorization"] == "Bearer first"
    assert api.asked[1][2]["Authorization"] == "Bearer second", "a new token is used at once"


def test_a_get_says_its_arguments_in_the_address() -> None:
    api = Recorder()
    with (
        running(api) as port,
        serving(told("create-ticket", url=f"http://127.0.0.1:{port}/t", method="GET")) as ask,
    ):
        ask("tools/call", name="create-ticket", arguments={"subject": "a b", "body": "c"})
    assert api.asked[0][:2] == ("GET", "/t?priority=normal&subject=a+b&body=c")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "missing: query"),
        ({"query": "x", "site": "y"}, "unknown: site"),
        ({"query": 3}, "of the wrong type: query"),
        ({"query": "x", "max_results": True}, "of the wrong type: max_results"),
    ],
)
def test_arguments_that_do_not_fit_reach_no_api(arguments: dict[str, Any], words: str) -> None:
    api = Recorder()
    with (
        running(api) as port,
        serving(told("web-search", url=f"http://127.0.0.1:{port}/", token_file=None)) as ask,
    ):
        answer = ask("tools/call", name="web-search", arguments=arguments)
    assert answer["result"]["isError"] is True
    assert words in text(answer)
    assert api.asked == []


def test_an_answer_that_points_elsewhere_is_not_followed() -> None:
    api = Recorder({"/here": (302, {})})
    with (
        running(api) as port,
        serving(told("web-search", url=f"http://127.0.0.1:{port}/here", token_file=None)) as ask,
    ):
        answer = ask("tools/call", name="web-search", arguments={"query": "x"})
    assert answer["result"]["isError"] is True
    assert "302" in text(answer)
    assert len(api.asked) == 1


def test_errors_are_answers_without_secrets(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("hush")
    api = Recorder({"/api": (503, {"why": "busy"})})
    with (
        running(api) as port,
        serving(told("web-search", url=f"http://127.0.0.1:{port}/api", token_file=str(token))) as ask,
    ):
        answer = ask("tools/call", name="web-search", arguments={"query": "x"})
        token.unlink()
        later = ask("tools/call", name="web-search", arguments={"query": "x"})
    assert "503" in text(answer)
    assert "busy" in text(answer)
    assert "hush" not in json.dumps(answer)
    assert text(later) == "the secret token is not there yet"


def secrets(directory: Path) -> dict[str, str]:
    for name, value in (("key", "k"), ("username", "reader"), ("password", "p")):
        (directory / name).write_text(value)
    return {f"{name}_file": str(directory / name) for name in ("key", "username", "password")}


def test_a_search_embeds_the_question_and_asks_one_collection(tmp_path: Path) -> None:
    found = [{"content": "도움말", "metadata": {"page": "faq.md"}, "distance": 0.9}]
    both = Recorder(
        {
            "/v1/embeddings": (200, {"data": [{"embedding": [0.1, 0.2]}]}),
            "/v2/vectordb/entities/search": (200, {"code": 0, "data": found}),
        }
    )
    with running(both) as port:
        here = f"http://127.0.0.1:{port}"
        instead = {"gateway": f"{here}/v1", "milvus": here, **secrets(tmp_path)}
        with serving(told("search-knowledge-base", **instead)) as ask:
            answer = ask("tools/call", name="search-knowledge-base", arguments={"query": "반품"})
    assert json.loads(text(answer)) == [{"text": "도움말", "distance": 0.9, "source": {"page": "faq.md"}}]
    embedded, searched = both.asked
    assert embedded[2]["Authorization"] == "Bearer k"
    assert embedded[3] == {"model": "text-embedding-3-small", "input": "반품"}
    assert searched[2]["Authorization"] == "Bearer reader:p"
    assert searched[3] == {
        "dbName": "default",
        "collectionName": "support_docs",
        "data": [[0.1, 0.2]],
        "annsField": "embedding",
        "limit": 5,
        "outputFields": ["content", "metadata"],
        "filter": 'tenant_id == "support"',
    }


def test_what_milvus_refuses_is_said(tmp_path: Path) -> None:
    both = Recorder(
        {
            "/v1/embeddings": (200, {"data": [{"embedding": [0.1]}]}),
            "/v2/vectordb/entities/search": (200, {"code": 100, "message": "collection not found"}),
        }
    )
    with running(both) as port:
        here = f"http://127.0.0.1:{port}"
        instead = {"gateway": f"{here}/v1", "milvus": here, **secrets(tmp_path)}
        with serving(told("search-knowledge-base", **instead)) as ask:
            answer = ask("tools/call", name="search-knowledge-base", arguments={"query": "x"})
    assert text(answer) == "the search failed: collection not found"


def run(code: str, **instead: Any) -> Any:
    with serving(told("run-python", memory_bytes=512 * 2**20, **instead)) as ask:
        return ask("tools/call", name="run-python", arguments={"code": code})["result"]


def test_a_program_says_what_it_prints() -> None:
    assert run("print(sum(range(10)))") == {"content": [{"type": "text", "text": "45\n"}], "isError": False}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(3)", "ended with 3"),
        ("1/0", "ZeroDivisionError"),
        ("x = bytearray(2 * 2**30)", "MemoryError"),
        ("open('big', 'wb').write(b'0' * (17 * 2**20))", "ended with"),
    ],
)
def test_a_program_that_fails_says_how(code: str, words: str) -> None:
    result = run(code)
    assert result["isError"] is True
    assert words in result["content"][0]["text"]


def test_a_program_that_does_not_end_is_ended_with_what_it_started() -> None:
    code = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    result = run(code, timeout=1)
    assert result["content"][0]["text"] == "stopped after 1 seconds"


def test_a_program_inherits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hush")
    result = run("import os; print(sorted(os.environ)); print(os.listdir('.'))")
    assert "TOKEN" not in result["content"][0]["text"]
    assert "[]" in result["content"][0]["text"]


def test_sql_runs_on_an_empty_database() -> None:
    sql = "create table t (a int); insert into t values (1), (2); select sum(a) as total from t"
    assert run(sql, language="sql")["content"][0]["text"] == "total\n3\n"


def test_it_needs_nothing_but_the_standard_library() -> None:
    import ast
    import sys

    tree = ast.parse(PROGRAM.read_text())
    used = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert used <= set(sys.stdlib_module_names)
