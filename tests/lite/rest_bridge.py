"""The part of Milvus's REST API about databases, collections and indexes, handed on to a Milvus Lite by pymilvus.

Milvus Lite speaks gRPC only. Ours, and as thin as it can be: what a collection is, and what it answers, is Milvus
Lite's business. Index names are kept here, since Milvus Lite calls every index by its field; users and roles it
does not have, so there are none.
"""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from pymilvus import DataType, MilvusClient

TYPES = {"VarChar": DataType.VARCHAR, "FloatVector": DataType.FLOAT_VECTOR, "JSON": DataType.JSON}
NAMES = {value: key for key, value in TYPES.items()}
client = MilvusClient(os.environ["MILVUS_LITE"])
index_names: dict[tuple[str, str], list[str]] = {}
Json = dict[str, Any]


def create(body: Json) -> None:
    asked = body["schema"]
    schema = client.create_schema(auto_id=asked["autoID"], enable_dynamic_field=asked["enableDynamicField"])
    for one in asked["fields"]:
        schema.add_field(
            one["fieldName"],
            TYPES[one["dataType"]],
            is_primary=one.get("isPrimary", False),
            is_partition_key=one.get("isPartitionKey", False),
            **one["elementTypeParams"],
        )
    client.create_collection(
        body["collectionName"],
        schema=schema,
        num_partitions=body["params"]["partitionsNum"],
        num_shards=body["params"]["shardsNum"],
    )


def describe(body: Json) -> Json:
    found = client.describe_collection(body["collectionName"])
    return {
        "fields": [
            {
                "name": one["name"],
                "type": NAMES[one["type"]],
                "primaryKey": one.get("is_primary", False),
                "partitionKey": one.get("is_partition_key", False),
                "params": [{"key": key, "value": str(value)} for key, value in one["params"].items()],
            }
            for one in found["fields"]
        ],
        "properties": [{"key": key, "value": value} for key, value in found["properties"].items()],
    }


def create_index(body: Json) -> None:
    for one in body["indexParams"]:
        params = client.prepare_index_params()
        params.add_index(
            one["fieldName"],
            index_type=one["indexType"],
            metric_type=one["metricType"],
            index_name=one["indexName"],
            params=one["params"],
        )
        client.create_index(body["collectionName"], params)
        index_names.setdefault((body["dbName"], body["collectionName"]), []).append(one["indexName"])


def answer(path: str, body: Json) -> Any:
    if path not in ("databases/list", "databases/create", "users/list", "roles/list"):
        client.use_database(body["dbName"])
    name = body.get("collectionName", "")
    match path:
        case "databases/list":
            return client.list_databases()
        case "databases/create":
            return client.create_database(body["dbName"])
        case "collections/list":
            return client.list_collections()
        case "collections/create":
            return create(body)
        case "collections/describe":
            return describe(body)
        case "collections/alter_properties":
            return client.alter_collection_properties(name, body["properties"])
        case "collections/get_load_state":
            return {"loadState": f"LoadState{client.get_load_state(name)['state'].name}"}
        case "collections/load":
            return client.load_collection(name)
        case "indexes/list":
            return index_names.get((body["dbName"], name), []) if client.list_indexes(name) else []
        case "indexes/create":
            return create_index(body)
        case "users/list" | "roles/list":
            return []
    raise LookupError(f"no such path: {path}")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            said = {"code": 0, "data": answer(self.path.removeprefix("/v2/vectordb/"), body)}
        except Exception as error:
            said = {"code": 65535, "message": f"{type(error).__name__}: {error}"}
        data = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
