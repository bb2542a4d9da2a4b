"""A provider that answers as its requests tell it to, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAUSE_SECONDS = 0.4


class Upstream:
    """OpenAI's API, as far as the relay asks for it."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/v1"
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.last_piece_at = 0.0
        self.answers: dict[str, tuple[int, str]] = {}
        """By model: the status and words of an error."""


@contextmanager
def running() -> Iterator[Upstream]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    upstream = Upstream(server.server_address[1])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            upstream.asked.append(said)
            upstream.keys.append(self.headers["authorization"])
            if said["model"] in upstream.answers:
                status, words = upstream.answers[said["model"]]
                self.plain(status, {"error": {"message": words, "type": "upstream", "code": "x"}})
            elif self.path.endswith("/embeddings"):
                self.plain(200, vectors(said))
            elif said.get("stream"):
                self.stream(said)
            else:
                self.plain(200, completion(said))

        def plain(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def stream(self, said: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            for piece in ("one ", "two ", "three"):
                delta = {"role": "assistant", "content": piece}
                upstream.last_piece_at = time.monotonic()
                self.event(said, choices=[{"index": 0, "delta": delta, "finish_reason": None}])
                time.sleep(PAUSE_SECONDS)
                if piece == "one " and "break" in json.dumps(said["messages"]):
                    leaked = self.headers["authorization"]
                    self.wfile.write(
                        f'data: {{"error": {{"message": "{leaked}", "code": 500}}}}\n\n'.encode()
                    )
                    self.wfile.flush()
                    return
            self.event(said, choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
            usage = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
            self.event(said, choices=[], usage=usage)
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def event(self, said: dict[str, Any], **more: Any) -> None:
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": said["model"],
                **more,
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def vectors(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "object": "list",
        "model": said["model"],
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5] * said.get("dimensions", 1536)}],
        "usage": {"prompt_tokens": 1000, "total_tokens": 1000},
    }


def completion(said: dict[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": f"answer {time.time_ns()}"}
    body: dict[str, Any] = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": said["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }
    if "no usage" not in json.dumps(said["messages"]):
        body["usage"] = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
    return body
