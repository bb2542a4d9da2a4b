"""What the RAG agent talks to besides Milvus, both ours: an OpenAI-compatible API, and kagent's controller.

The model is no model: its vectors are counts of words, and what it answers is fixed. So a test knows which passages
are near, and reads what the agent showed it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
DIMENSIONS = 1536
KEY = "key-of-the-gateway"
TOKEN = "token.of-the.pod"
"""A JWT has three parts; whose it is, kagent does not check."""
AGENT = "ai_agents__NS__rag"
USER = "ada"


def vector(text: str) -> list[float]:
    """Each word counts in a place of its own; length 1."""
    counts = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        counts[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
    length = math.sqrt(sum(one * one for one in counts)) or 1
    return [one / length for one in counts]


@dataclass
class StandIns:
    """Both servers on one port, what they were asked, and what they are to answer."""

    prompts: list[Json] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    users: set[str | None] = field(default_factory=set)
    """For whom the controller was asked."""
    answer: str = "It is Tuesday [1]."
    failing: bool = False
    tasks: dict[str, Json] = field(default_factory=dict)
    checkpoints: dict[str, list[Json]] = field(default_factory=dict)
    port: int = 0

    def post(self, path: str, body: Json, headers: Any) -> tuple[int, Json]:
        if path.startswith("/v1/"):
            if headers.get("Authorization") != f"Bearer {KEY}":
                return 401, {"error": {"message": "no such key"}}
            return self.embeddings(body) if path == "/v1/embeddings" else self.chat(body)
        if not self.known(headers):
            return 401, {}
        if path == "/api/tasks":
            self.tasks[body["id"]] = body
            return 201, {"error": False, "data": body, "message": ""}
        if path == "/api/langgraph/checkpoints":
            self.checkpoints.setdefault(body["thread_id"], []).append(body)
            return 201, {"error": False, "data": None, "message": ""}
        if path == "/api/langgraph/checkpoints/writes":
            return 201, {"error": False, "data": None, "message": ""}
        return 404, {"error": True, "message": path}

    def known(self, headers: Any) -> bool:
        """As a controller of `trusted-proxy` judges an agent (v0.9.12, httpserver/auth/proxy_authn.go)."""
        if headers.get("Authorization") != f"Bearer {TOKEN}" or headers.get("X-Agent-Name") != AGENT:
            self.refused.append(headers.get("Authorization") or "nothing")
            return False
        self.users.add(headers.get("X-User-Id"))
        return True

    def get(self, path: str, query: dict[str, list[str]], headers: Any) -> tuple[int, Json]:
        if not self.known(headers):
            return 401, {}
        if path == "/api/langgraph/checkpoints":
            kept = self.checkpoints.get(query["thread_id"][0], [])
            return 200, {"error": False, "data": kept[-1:], "message": ""}
        task = self.tasks.get(path.rpartition("/")[2])
        return (200, {"error": False, "data": task, "message": ""}) if task else (404, {"error": True})

    def embeddings(self, body: Json) -> tuple[int, Json]:
        data = [
            {"object": "embedding", "index": index, "embedding": vector(text)}
            for index, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return 200, {"object": "list", "model": body["model"], "data": data, "usage": usage}

    def chat(self, body: Json) -> tuple[int, Json]:
        self.prompts.append(body)
        if self.failing:
            return 500, {"error": {"message": "the model is on fire"}}
        message = {"role": "assistant", "content": self.answer}
        return 200, {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }


@contextmanager
def serving(stand_ins: StandIns) -> Iterator[StandIns]:
    """On loopback for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            # A client may send in chunks; ours all say how long.
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.say(*stand_ins.post(urlsplit(self.path).path, body, self.headers))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.say(*stand_ins.get(parts.path, parse_qs(parts.query), self.headers))

        def say(self, status: int, document: Json) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_ins.port = server.server_port
    try:
        yield stand_ins
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
