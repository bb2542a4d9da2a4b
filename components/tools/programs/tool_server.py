"""An MCP server with one function: calls an API, searches vectors, or runs code. Standard library only.

Reads TOOL_CONFIG (JSON) once; secrets are files that it reads for every call, so that a new one is used at once.
Speaks MCP's Streamable HTTP without sessions: every request is answered with one JSON object.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, cast

Json = dict[str, Any]
Config = Mapping[str, Any]

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
AUTHORIZATION = "Authorization"
LARGEST_REQUEST = 1024 * 1024
LARGEST_ANSWER = 64 * 1024
SHORTEST_SECRET = 8
LARGEST_FILE = 16 * 1024 * 1024
MOST_PROCESSES = 64
SCRATCH = ("/tmp", "/dev/shm")  # noqa: S108 - all that can be written in its pods


class ToolError(Exception):
    """What the model is told instead of an answer."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is an answer: following it would leave the declared endpoint."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any) -> None:
        """No request."""
        return


OPENER = urllib.request.build_opener(NoRedirect)


def checked(parameters: Json, arguments: Json) -> Json:
    """The arguments with defaults filled in; ToolError names what is missing, unknown or of the wrong type."""
    properties: dict[str, Json] = parameters.get("properties", {})
    missing = [name for name in parameters.get("required", ()) if name not in arguments]
    if missing:
        raise ToolError(f"missing: {', '.join(missing)}")
    unknown = [name for name in arguments if name not in properties]
    if unknown and parameters.get("additionalProperties", True) is False:
        raise ToolError(f"unknown: {', '.join(unknown)}")
    defaults = {name: one["default"] for name, one in properties.items() if "default" in one}
    wrong = [
        name for name, value in arguments.items() if not fits(properties.get(name, {}).get("type"), value)
    ]
    if wrong:
        raise ToolError(f"of the wrong type: {', '.join(wrong)}")
    refused = [
        words for name, value in arguments.items() for words in misfits(properties.get(name, {}), value, name)
    ]
    if refused:
        raise ToolError("; ".join(refused))
    return {**defaults, **arguments}


BOUNDS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "minimum": ("less than", lambda value, bound: value < bound),
    "maximum": ("more than", lambda value, bound: value > bound),
    "exclusiveMinimum": ("not more than", lambda value, bound: value <= bound),
    "exclusiveMaximum": ("not less than", lambda value, bound: value >= bound),
    "minLength": ("shorter than", lambda value, bound: len(value) < bound),
    "maxLength": ("longer than", lambda value, bound: len(value) > bound),
    "minItems": ("fewer items than", lambda value, bound: len(value) < bound),
    "maxItems": ("more items than", lambda value, bound: len(value) > bound),
}
ABOUT: Mapping[str, tuple[str, ...]] = {
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
}


def misfits(schema: Json | bool, value: Any, where: str) -> list[str]:
    """What of a value its schema refuses; combinations (`anyOf` and the like) are the endpoint's to judge."""
    if isinstance(schema, bool):
        return [] if schema else [f"{where} is not allowed"]
    if not fits(schema.get("type"), value):
        return [f"{where} is of the wrong type"]
    found: list[str] = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where} is none of {', '.join(map(str, schema['enum']))}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{where} is not {schema['const']}")
    found += [
        f"{where} is {BOUNDS[name][0]} {schema[name]}"
        for kind, names in ABOUT.items()
        if fits(kind, value)
        for name in names
        if name in schema and BOUNDS[name][1](value, schema[name])
    ]
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where} does not match {schema['pattern']}")
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        items = cast("list[Any]", value)
        found += [
            words
            for index, one in enumerate(items)
            for words in misfits(schema["items"], one, f"{where}[{index}]")
        ]
    if isinstance(value, dict):
        found += _inside(schema, cast("Json", value), where)
    return found


def _inside(schema: Json, value: Json, where: str) -> list[str]:
    properties: dict[str, Json] = schema.get("properties", {})
    found = [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    if schema.get("additionalProperties", True) is False:
        found += [f"{where}.{name} is unknown" for name in value if name not in properties]
    for name, one in value.items():
        found += misfits(properties.get(name, {}), one, f"{where}.{name}")
    return found


def fits(kind: str | list[str] | None, value: object) -> bool:
    """Whether a value is of a JSON Schema type; a type that is not said is any."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = number and (isinstance(value, int) or cast("float", value).is_integer())
    known = {
        "string": isinstance(value, str),
        "integer": whole,
        "number": number,
        "boolean": isinstance(value, bool),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "null": value is None,
    }
    kinds = kind if isinstance(kind, list) else [kind] if kind else []
    return not kinds or any(known.get(one, True) for one in kinds)


def request(
    url: str,
    *,
    method: str,
    timeout: float,
    body: Json | None = None,
    headers: Mapping[str, str] | None = None,
    largest: int = LARGEST_ANSWER,
) -> str:
    """One HTTP call; ToolError says what came instead of an answer. No secret of the headers is in either.

    An API may say what it was told, and what one of a library's errors says is a header's value where that is odd.
    """
    shown = (headers or {}).get(AUTHORIZATION, "").partition(" ")[2]
    known = (shown, shown.partition(":")[2])
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(url, data=data, method=method)  # noqa: S310 - the declared endpoint's scheme
    for name, value in (headers or {}).items():
        sent.add_header(name, value)
    if data is not None:
        sent.add_header("Content-Type", "application/json")
    try:
        with OPENER.open(sent, timeout=timeout) as answer:
            return without(known, str(answer.read(largest), "utf-8", "replace"))
    except urllib.error.HTTPError as error:
        said = error.read(2000).decode(errors="replace")
        raise ToolError(without(known, f"{error.code} {error.reason}: {said}")) from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise ToolError(without(known, f"no answer: {type(error).__name__}: {reason}")) from None
    except (ValueError, http.client.HTTPException) as error:
        raise ToolError(f"no answer: {type(error).__name__}") from None


def without(secrets: Iterable[str], text: str) -> str:
    """The text without these secrets; what is shorter than any secret is a word that a text may have."""
    for one in secrets:
        text = text.replace(one, "[secret]") if len(one) >= SHORTEST_SECRET else text
    return text


def secret(path: str) -> str:
    """A secret's value as it is now."""
    try:
        return Path(path).read_text().strip()
    except OSError:
        raise ToolError(f"the secret {Path(path).name} is not there yet") from None


def bearer(path: str | None) -> dict[str, str]:
    """The header that proves who calls."""
    return {AUTHORIZATION: f"Bearer {secret(path)}"} if path else {}


def call_api(config: Config, arguments: Json) -> str:
    """What the declared endpoint answers."""
    headers = {**config["headers"], **bearer(config.get("token_file"))}
    url, body = config["url"], arguments
    if config["method"] in ("GET", "DELETE"):
        query = urllib.parse.urlencode(arguments, doseq=True)
        url, body = f"{url}?{query}" if query else url, None
    return request(url, method=config["method"], timeout=config["timeout"], body=body, headers=headers)


def search_vectors(config: Config, arguments: Json) -> str:
    """The passages nearest to the question, each with its distance and, where there is one, its source."""
    vector = embedding(config, arguments["query"])
    fields = [config["text_field"], *([config["source_field"]] if config.get("source_field") else [])]
    user, password = secret(config["username_file"]), secret(config["password_file"])
    found = json.loads(
        request(
            f"{config['milvus']}/v2/vectordb/entities/search",
            method="POST",
            timeout=config["timeout"],
            headers={AUTHORIZATION: f"Bearer {user}:{password}"},
            body={
                "dbName": config["database"],
                "collectionName": config["collection"],
                "data": [vector],
                "annsField": config["vector_field"],
                "limit": config["top_k"],
                "outputFields": fields,
                **({"filter": config["filter"]} if config.get("filter") else {}),
            },
            largest=LARGEST_REQUEST,
        )
    )
    if found.get("code") != 0:
        raise ToolError(f"the search failed: {found.get('message', 'without a word')}")
    passages = [
        {
            "text": one.get(config["text_field"]),
            "distance": one.get("distance"),
            **({"source": one.get(config["source_field"])} if config.get("source_field") else {}),
        }
        for one in found.get("data", ())
    ]
    return json.dumps(passages, ensure_ascii=False)


def embedding(config: Config, text: str) -> list[float]:
    """The vector of a text, from the model that made those of the collection."""
    answer = json.loads(
        request(
            f"{config['gateway']}/embeddings",
            method="POST",
            timeout=config["timeout"],
            headers=bearer(config["key_file"]),
            body={**config["embedding"], "input": text},
            largest=LARGEST_REQUEST,
        )
    )
    return answer["data"][0]["embedding"]


SQL = """
import sqlite3, sys
base, statement = sqlite3.connect(":memory:"), ""
for part in sys.stdin.read().split(";"):
    statement += part + ";"
    # A semicolon may stand in a text, or in a trigger.
    if sqlite3.complete_statement(statement):
        cursor, statement = base.execute(statement), ""
        if cursor.description:
            print("\\t".join(column[0] for column in cursor.description))
            for row in cursor:
                print("\\t".join(str(value) for value in row))
if statement.strip("; \\n"):
    raise SystemExit("not a whole statement: " + statement[:100])
"""
ONE_AT_A_TIME = threading.Lock()


def run_code(config: Config, arguments: Json) -> str:
    """What a program prints; it gets an empty directory, no environment, and its share of the pod.

    Nothing of it outlives the answer where `scratch` says that the pod is its own: no process, and no file that the
    next program, of another conversation, would find.
    """
    language = config["language"]
    command = [sys.executable, "-I", "-c", SQL] if language == "sql" else [sys.executable, "-I", "-"]
    with ONE_AT_A_TIME:
        try:
            # Printed into a file: one that prints for ever meets the limit of files and not that of the pod's memory.
            with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as printed:
                program = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                    cwd=directory,
                    env={"PATH": "/usr/bin:/bin", "HOME": directory, "PYTHONIOENCODING": "utf-8"},
                    start_new_session=True,
                    preexec_fn=limited(config),
                )
                with program as ran:
                    try:
                        ran.communicate(arguments["code"].encode(), timeout=config["timeout"])
                    except subprocess.TimeoutExpired:
                        raise ToolError(f"stopped after {config['timeout']} seconds") from None
                    finally:
                        stop(ran)
                printed.seek(0)
                said = printed.read(LARGEST_ANSWER + 1)
        finally:
            if config.get("scratch"):
                sweep(config["scratch"])
    text = said[:LARGEST_ANSWER].decode(errors="replace")
    if len(said) > LARGEST_ANSWER:
        text += f"\n(cut off after {LARGEST_ANSWER} bytes)"
    if ran.returncode:
        raise ToolError(f"ended with {ran.returncode}:\n{text}")
    return text or "(nothing was printed)"


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a program with everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        # It is over, and so is everything it started.
        return


def limited(config: Config) -> Callable[[], None]:
    """Applied in the child before it runs."""

    def apply() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (config["timeout"], config["timeout"] + 1))
        resource.setrlimit(resource.RLIMIT_AS, (config["memory_bytes"], config["memory_bytes"]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if config.get("scratch"):
            # Counted by user, so only where nobody else is that user.
            resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))

    return apply


def adopt() -> None:
    """What a program leaves behind becomes this process's child, and cannot look into this process's memory."""
    libc = ctypes.CDLL(None)
    libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER; as the pod's first process it is that anyway
    libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def sweep(scratch: Iterable[str], patience: float = 5) -> None:
    """No child is left and these directories are empty; where that cannot be had, this process ends and starts anew.

    A program that left its group is not ended with it (`setsid`), and would read what the next one writes.
    """
    deadline = time.monotonic() + patience
    while left := children():
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, os.WNOHANG)
            except (ProcessLookupError, ChildProcessError):
                continue
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(0.01)
    for directory in scratch:
        for entry in Path(directory).iterdir() if Path(directory).is_dir() else ():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)


def children() -> list[int]:
    """The processes whose parent this one is."""
    mine = str(os.getpid())
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # After the name, which may hold anything: state and parent.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[1:2] == [mine]:
                found.append(int(entry.name))
    return found


KINDS: Mapping[str, Callable[[Config, Json], str]] = {
    "api": call_api,
    "retrieval": search_vectors,
    "code": run_code,
}


class Handler(BaseHTTPRequestHandler):
    """POST /mcp is MCP, GET /healthz is for the kubelet, and there is nothing else."""

    protocol_version = "HTTP/1.1"
    config: ClassVar[Config] = {}

    def do_GET(self) -> None:
        """Health; or that no stream of the server's own messages is to be had."""
        if self.path == "/healthz":
            self.answer(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/mcp":
            self.answer(HTTPStatus.METHOD_NOT_ALLOWED, None)
        else:
            self.answer(HTTPStatus.NOT_FOUND, None)

    def do_DELETE(self) -> None:
        """There are no sessions to end."""
        self.answer(HTTPStatus.METHOD_NOT_ALLOWED, None)

    def do_POST(self) -> None:
        """One message of MCP."""
        said = self.headers.get("Content-Length") or "0"
        length = int(said) if said.isdecimal() else -1
        if length < 0:
            self.close_connection = True
            self.answer(HTTPStatus.BAD_REQUEST, None)
            return
        if length > LARGEST_REQUEST:
            self.close_connection = True
            self.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None)
            return
        raw = self.rfile.read(length)
        if self.path != "/mcp":
            self.answer(HTTPStatus.NOT_FOUND, None)
            return
        try:
            read: object = json.loads(raw)
        except ValueError:
            read = None
        message = cast("Json", read) if isinstance(read, dict) else {}
        if not isinstance(message.get("method"), str):
            self.answer(HTTPStatus.BAD_REQUEST, failed(None, -32600, "not a JSON-RPC request"))
        elif "id" not in message:
            self.answer(HTTPStatus.ACCEPTED, None)
        else:
            self.answer(HTTPStatus.OK, answered(self.config, message))

    def answer(self, status: HTTPStatus, body: Json | None) -> None:
        """Writes a response, which is JSON where it has a body."""
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        if data:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *_args: object) -> None:
        """One line for each call is written where it is answered; probes are not worth one."""


def answered(config: Config, message: Json) -> Json:
    """The JSON-RPC response to one request."""
    number, method = message["id"], message["method"]
    params: object = message.get("params") or {}
    if not isinstance(params, dict):
        return failed(number, -32602, "params is not an object")
    given = cast("Json", params)
    if method == "initialize":
        asked = given.get("protocolVersion")
        return result(
            number,
            {
                "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": config["name"], "version": "1"},
            },
        )
    if method == "ping":
        return result(number, {})
    if method == "tools/list":
        listed = {key: config[key] for key in ("name", "description")} | {"inputSchema": config["parameters"]}
        return result(number, {"tools": [listed]})
    if method == "tools/call":
        if given.get("name") != config["name"]:
            return failed(number, -32602, f"no such tool: {given.get('name')}")
        arguments: object = given.get("arguments") or {}
        if not isinstance(arguments, dict):
            return failed(number, -32602, "arguments is not an object")
        return result(number, called(config, cast("Json", arguments)))
    return failed(number, -32601, f"no such method: {method}")


def called(config: Config, arguments: Json) -> Json:
    """What the model is told: an error is an answer to it as well, with which it can do something."""
    try:
        text, wrong = KINDS[config["kind"]](config, checked(config["parameters"], arguments)), False
    except ToolError as error:
        text, wrong = str(error), True
    except (KeyError, IndexError, TypeError, ValueError) as error:
        text, wrong = f"an answer of another form than expected: {type(error).__name__}", True
    print(json.dumps({"tool": config["name"], "failed": wrong, "characters": len(text)}), flush=True)
    return {"content": [{"type": "text", "text": text}], "isError": wrong}


def result(number: object, value: Json) -> Json:
    """A response."""
    return {"jsonrpc": "2.0", "id": number, "result": value}


def failed(number: object, code: int, words: str) -> Json:
    """A response that says what was wrong with the request."""
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": words}}


def serve(config: Config, host: str = "0.0.0.0", port: int = 8080) -> ThreadingHTTPServer:  # noqa: S104
    """A server for one tool; the caller runs and stops it."""
    return ThreadingHTTPServer((host, port), type("Configured", (Handler,), {"config": config}))


if __name__ == "__main__":
    adopt()
    running = serve({**json.loads(Path(os.environ["TOOL_CONFIG"]).read_text()), "scratch": SCRATCH})

    def end(_signal: int, _frame: object) -> None:
        """Waits for nothing here: `shutdown` in this thread would wait for the loop that this interrupts."""
        threading.Thread(target=running.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    running.serve_forever()
