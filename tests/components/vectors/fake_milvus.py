"""A Milvus that remembers what it was asked and keeps databases, collections, users and roles in memory.

It is ours: it proves which calls the bootstrap makes, in which order and how often, and not that Milvus takes
them. Stricter than Milvus where a second call would be a mistake: making anything twice is an error.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
PREFIX = "/v2/vectordb/"
READING = ("list", "describe", "get_load_state")


class No(Exception):  # noqa: N818
    pass


@dataclass
class FakeMilvus:
    passwords: dict[str, str] = field(default_factory=lambda: {"root": "rootPassword"})
    databases: dict[str, dict[str, Json]] = field(default_factory=lambda: {"default": {}})
    roles: dict[str, set[tuple[str, str, str]]] = field(
        default_factory=lambda: {"admin": set(), "public": set()}
    )
    has: dict[str, set[str]] = field(default_factory=dict)
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    """Who, what, with what; only what changes something is of interest to most tests."""
    refuse_first: int = 0
    """How many requests are answered 503, as by a server that still starts."""
    uri: str = ""

    def changes(self) -> list[str]:
        return [path for _, path, _ in self.calls if path.rpartition("/")[2] not in READING]

    def answer(self, path: str, body: Json, user: str) -> Any:
        self.calls.append((user, path, body))
        name = path.replace("/", "_")
        handler = getattr(self, f"on_{name}", None)
        if handler is None:
            raise No(f"no such path: {path}")
        return handler(body, user)

    def on_databases_list(self, body: Json, user: str) -> Any:
        return list(self.databases)

    def on_databases_create(self, body: Json, user: str) -> Any:
        if body["dbName"] in self.databases:
            raise No("database already exist")
        self.databases[body["dbName"]] = {}
        return {}

    def on_collections_list(self, body: Json, user: str) -> Any:
        return list(self.databases[body["dbName"]])

    def on_collections_create(self, body: Json, user: str) -> Any:
        assert set(body) == {"dbName", "collectionName", "schema", "params"}
        here = self.databases[body["dbName"]]
        if body["collectionName"] in here:
            raise No("collection already exist")
        here[body["collectionName"]] = {
            "schema": body["schema"],
            "params": body["params"],
            "indexes": {},
            "loaded": False,
            "properties": {},
        }
        return {}

    def _collection(self, body: Json) -> Json:
        return self.databases[body["dbName"]][body["collectionName"]]

    def on_collections_describe(self, body: Json, user: str) -> Any:
        one = self._collection(body)
        return {
            "collectionName": body["collectionName"],
            "fields": [
                {
                    "name": each["fieldName"],
                    "type": each["dataType"],
                    "primaryKey": each.get("isPrimary", False),
                    "partitionKey": each.get("isPartitionKey", False),
                    "params": [
                        {"key": key, "value": str(value)} for key, value in each["elementTypeParams"].items()
                    ],
                }
                for each in one["schema"]["fields"]
            ],
            "properties": [{"key": key, "value": value} for key, value in one["properties"].items()],
        }

    def on_collections_alter_properties(self, body: Json, user: str) -> Any:
        self._collection(body)["properties"].update(body["properties"])
        return {}

    def on_collections_get_load_state(self, body: Json, user: str) -> Any:
        return {"loadState": "LoadStateLoaded" if self._collection(body)["loaded"] else "LoadStateNotLoad"}

    def on_collections_load(self, body: Json, user: str) -> Any:
        one = self._collection(body)
        if not one["indexes"]:
            raise No("index not found")
        one["loaded"] = True
        return {}

    def on_indexes_list(self, body: Json, user: str) -> Any:
        return list(self._collection(body)["indexes"])

    def on_indexes_create(self, body: Json, user: str) -> Any:
        one = self._collection(body)
        for each in body["indexParams"]:
            if any(index["fieldName"] == each["fieldName"] for index in one["indexes"].values()):
                raise No("at most one distinct index is allowed per field")
            one["indexes"][each["indexName"]] = each
        return {}

    def on_users_list(self, body: Json, user: str) -> Any:
        return list(self.passwords)

    def on_users_create(self, body: Json, user: str) -> Any:
        if body["userName"] in self.passwords:
            raise No("user already exists")
        if len(body["userName"]) > 32:
            raise No("user name is too long")
        self.passwords[body["userName"]] = body["password"]
        self.has[body["userName"]] = set()
        return {}

    def on_users_drop(self, body: Json, user: str) -> Any:
        del self.passwords[body["userName"]], self.has[body["userName"]]
        return {}

    def on_users_describe(self, body: Json, user: str) -> Any:
        return sorted(self.has[body["userName"]])

    def on_users_grant_role(self, body: Json, user: str) -> Any:
        assert body["roleName"] in self.roles
        self.has[body["userName"]].add(body["roleName"])
        return {}

    def on_roles_list(self, body: Json, user: str) -> Any:
        return list(self.roles)

    def on_roles_create(self, body: Json, user: str) -> Any:
        if body["roleName"] in self.roles:
            raise No("role already exists")
        self.roles[body["roleName"]] = set()
        return {}

    def on_roles_describe(self, body: Json, user: str) -> Any:
        # As its catalogue lists grants: of the database that is asked for, `default` where none is, all of `*`.
        asked = body.get("dbName") or "default"
        return [
            {"privilege": privilege, "dbName": database, "objectName": name, "objectType": "Global"}
            for privilege, database, name in sorted(self.roles[body["roleName"]])
            if "*" in (asked, database) or asked == database
        ]

    def on_roles_grant_privilege_v2(self, body: Json, user: str) -> Any:
        self.roles[body["roleName"]].add((body["privilege"], body["dbName"], body["collectionName"]))
        return {}

    def on_roles_revoke_privilege_v2(self, body: Json, user: str) -> Any:
        self.roles[body["roleName"]].remove((body["privilege"], body["dbName"], body["collectionName"]))
        return {}


@contextmanager
def serving(milvus: FakeMilvus) -> Iterator[FakeMilvus]:
    """The fake on loopback for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if milvus.refuse_first > 0:
                milvus.refuse_first -= 1
                return self.say(503, {"message": "proxy not ready"})
            user, _, password = self.headers.get("Authorization", "").removeprefix("Bearer ").partition(":")
            if milvus.passwords.get(user) != password:
                return self.say(401, {"code": 1800, "message": "user hasn't authenticated"})
            try:
                return self.say(
                    200, {"code": 0, "data": milvus.answer(self.path.removeprefix(PREFIX), body, user)}
                )
            except No as no:
                return self.say(200, {"code": 65535, "message": str(no)})

        def say(self, status: int, document: Json) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    milvus.uri = f"http://127.0.0.1:{server.server_port}"
    try:
        yield milvus
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
