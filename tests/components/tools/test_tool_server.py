"""The tool server, run as its pods run it and asked over HTTP as agents ask it."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
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
        with urllib.request.urlopen(request, timeout=60) as answer:
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
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
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
        ({"query": "x", "max_results": 1.5}, "of the wrong type: max_results"),
        ({"query": "x", "max_results": 51}, "max_results is more than 50"),
        ({"query": "x", "max_results": 10**400}, "max_results is more than 50"),
        ({"query": ""}, "query is shorter than 1"),
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


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"enum": ["low", "high"]}, "urgent", ["a is none of low, high"]),
        ({"const": 3}, 4, ["a is not 3"]),
        ({"type": "string", "maxLength": 2}, "abc", ["a is longer than 2"]),
        ({"type": "string", "pattern": "^x"}, "abc", ["a does not match ^x"]),
        ({"type": "number", "minimum": 1}, 0, ["a is less than 1"]),
        ({"type": "number", "exclusiveMinimum": 1}, 1, ["a is not more than 1"]),
        ({"type": "number", "exclusiveMaximum": 1}, 1, ["a is not less than 1"]),
        ({"type": "array", "minItems": 1}, [], ["a is fewer items than 1"]),
        ({"type": "array", "maxItems": 1, "items": {"type": "string"}}, [1, "b"], ["a is more items than 1"]),
        ({"type": "array", "items": {"type": "string"}}, ["b", 1], ["a[1] is of the wrong type"]),
        ({"type": "object", "required": ["b"]}, {}, ["a.b is missing"]),
        ({"type": "object", "additionalProperties": False}, {"b": 1}, ["a.b is unknown"]),
        ({"properties": {"b": {"type": "string"}}}, {"b": 1}, ["a.b is of the wrong type"]),
        ({"type": ["string", "null"], "minLength": 1}, None, []),
        ({"properties": {"b": False}}, {"b": 1}, ["a.b is not allowed"]),
        ({}, {"anything": [1]}, []),
    ],
)
def test_a_value_is_held_to_its_schema(schema: dict[str, Any], value: object, words: list[str]) -> None:
    found = tool_server.misfits(schema, value, "a")
    assert found[: len(words)] == words
    assert bool(found) == bool(words)


@pytest.mark.parametrize(
    "said", [{"name": "web-search", "arguments": [1]}, {"name": "web-search", "arguments": "x"}, [1]]
)
def test_a_call_of_another_form_is_refused_and_the_server_goes_on(said: object) -> None:
    with running(tool_server.serve(told("web-search"), "127.0.0.1", 0)) as port:
        status, answer = post(port, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": said})
        assert (status, answer["error"]["code"]) == (200, -32602)
        assert "is not an object" in answer["error"]["message"]


@pytest.mark.parametrize("length", ["-1", "many", "1_0"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    with running(tool_server.serve(told("web-search"), "127.0.0.1", 0)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest("POST", "/mcp")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 400
        connection.close()


@pytest.mark.parametrize("token", ["first-line\nsecond-line", "a-token-that-is-echoed"])
def test_no_answer_holds_the_token_whatever_the_api_or_a_library_says_of_it(
    tmp_path: Path, token: str
) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    for status in (200, 401):
        api = Recorder({"/api": (status, {"you sent": f"Bearer {token}"})})
        with (
            running(api) as port,
            serving(told("web-search", url=f"http://127.0.0.1:{port}/api", token_file=str(file))) as ask,
        ):
            answer = ask("tools/call", name="web-search", arguments={"query": "x"})
        assert "line" not in text(answer)
        assert "echoed" not in text(answer)


def test_what_is_no_http_is_an_answer_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-nothing\r\n\r\n")

        threading.Thread(target=babble, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with serving(told("web-search", url=url, token_file=None)) as ask:
            answer = ask("tools/call", name="web-search", arguments={"query": "x"})
    assert answer["result"]["isError"] is True
    assert text(answer) == "no answer: BadStatusLine"


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
    assert embedded[3] == {"model": "text-embedding-3-small", "dimensions": 512, "input": "반품"}
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


def test_a_program_that_leaves_something_behind_is_not_waited_for() -> None:
    started = time.monotonic()
    code = "import subprocess; subprocess.Popen(['sleep', '100'], start_new_session=True); print('done')"
    assert run(code, timeout=90)["content"][0]["text"] == "done\n"
    assert time.monotonic() - started < 60


def test_a_program_that_prints_for_ever_costs_no_memory() -> None:
    result = run("while True: print('x' * 1000)", timeout=20)
    (content,) = result["content"]
    assert result["isError"] is True
    assert "cut off after 65536 bytes" in content["text"]
    assert len(content["text"]) < 66_000


HARNESS = """
import importlib.util, json, os, sys
spec = importlib.util.spec_from_file_location("tool_server", {program!r})
server = importlib.util.module_from_spec(spec)
spec.loader.exec_module(server)
server.adopt()
server.MOST_PROCESSES = {most}
config = json.loads({config!r})
print(json.dumps([server.run_code(config, {{"code": code}}) for code in {codes!r}] + [server.children()]))
"""


def alone(tmp_path: Path, *codes: str, most: int | None = None) -> list[Any]:
    """Programs one after the other in a server that has its pod to itself.

    The limit on processes is by user, and in a pod nobody else is that user; whoever runs the tests has others already.
    """
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1] if most is None else most
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    config = json.dumps(told("run-python", memory_bytes=512 * 2**20, timeout=60, scratch=[str(scratch)]))
    harness = HARNESS.format(program=str(PROGRAM), most=most, config=config, codes=list(codes))
    ran = subprocess.run(
        [sys.executable, "-c", harness],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(scratch)},
    )
    return json.loads(ran.stdout)


def test_nothing_that_a_program_started_outlives_its_answer(tmp_path: Path) -> None:
    escape = (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.setsid(); os.closerange(0, 3); time.sleep(60)\n"
        "    os.closerange(0, 3); time.sleep(60)\n"
        "print('left one')"
    )
    assert alone(tmp_path, escape) == ["left one\n", []]


def test_no_program_finds_what_the_one_before_it_wrote(tmp_path: Path) -> None:
    place = str(tmp_path / "scratch")
    write = f"import os; os.makedirs('{place}/a/b'); open('{place}/c', 'w').write('secret'); print('kept')"
    read = f"import os; print([one for one in os.listdir('{place}') if one in 'ac'])"
    assert alone(tmp_path, write, read)[:2] == ["kept\n", "[]\n"]


def test_a_program_has_so_many_processes_and_no_more(tmp_path: Path) -> None:
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_NPROC))"
    assert tool_server.MOST_PROCESSES == 64
    assert alone(tmp_path, code, most=tool_server.MOST_PROCESSES)[0] == "(64, 64)\n"


def test_a_program_inherits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hush")
    result = run("import os; print(sorted(os.environ)); print(os.listdir('.'))")
    assert "TOKEN" not in result["content"][0]["text"]
    assert "[]" in result["content"][0]["text"]


def test_sql_runs_on_an_empty_database() -> None:
    sql = "create table t (a int); insert into t values (1), (2); select sum(a) as total from t"
    assert run(sql, language="sql")["content"][0]["text"] == "total\n3\n"


def test_a_semicolon_within_a_text_ends_no_statement() -> None:
    assert run("select 'a;b' as x; select 2 as y", language="sql")["content"][0]["text"] == "x\na;b\ny\n2\n"
    result = run("select 'a", language="sql")
    assert "not a whole statement: select 'a" in result["content"][0]["text"]


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
