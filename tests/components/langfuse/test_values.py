from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from components.charts import images, pins
from components.charts.literals import faults
from components.core.aws import Place
from components.langfuse.secrets import CACHE, DATABASE, collector_secret, credentials
from components.langfuse.spec import ClickHouseSpec, LangfuseSpec
from components.langfuse.values import operator_values, values

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
VALUES = values(PLACE, LangfuseSpec(), bucket="ai-dev-langfuse")
LANGFUSE = VALUES["langfuse"]


def references(tree: object) -> Iterator[tuple[str, str]]:
    """Every (Secret, key) that the values name by reference."""
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        if isinstance(node.get("secretKeyRef"), dict):
            yield node["secretKeyRef"]["name"], node["secretKeyRef"]["key"]
        for value in node.values():
            yield from references(value)
    elif isinstance(tree, list):
        items = cast("list[Any]", tree)
        for item in items:
            yield from references(item)


def environment(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in entries}


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert snapshot == {"langfuse": VALUES, "operator": operator_values()}


def test_values_are_literals_without_secrets() -> None:
    spec = LangfuseSpec(host="langfuse.example.com")
    assert faults("langfuse", values(PLACE, spec, bucket="b")) == []
    assert faults("clickhouse-operator", operator_values()) == []


def test_every_bundled_store_is_off() -> None:
    for store in ("postgresql", "redis", "s3", "clickhouse"):
        assert VALUES[store]["deploy"] is False


def test_addresses_of_database_and_cache_come_out_of_secrets() -> None:
    given = environment(LANGFUSE["additionalEnv"])
    assert given["DATABASE_URL"] == {"secretKeyRef": {"name": "langfuse-db", "key": "url"}}
    assert given["REDIS_CONNECTION_STRING"] == {"secretKeyRef": {"name": "langfuse-redis", "key": "url"}}
    assert "host" not in VALUES["postgresql"]
    assert "host" not in VALUES["redis"]


def test_every_secret_that_is_named_is_needed_with_that_key() -> None:
    needed = {one.name: {key.name for key in one.keys} for one in credentials()}
    needed |= {DATABASE: {"url"}, CACHE: {"url"}}
    named = [*references(VALUES), ("langfuse-clickhouse", VALUES["clickhouse"]["auth"]["existingSecretKey"])]
    assert len(named) >= 8
    for secret, key in named:
        assert key in needed[secret], f"{secret}/{key}"


def test_the_collectors_header_is_made_of_the_projects_own_keys() -> None:
    made = collector_secret(PLACE)
    assert [one["remoteRef"] for one in made["data"]] == [
        {"key": "ai-dev/langfuse-init", "property": "public-key"},
        {"key": "ai-dev/langfuse-init", "property": "secret-key"},
    ]
    assert made["target"]["name"] == "otel-langfuse"


def test_an_encryption_key_is_64_hex_digits() -> None:
    (app, *_) = credentials()
    key = next(key for key in app.keys if key.name == "encryption-key")
    assert (key.length, key.charset) == (64, "hex")


def test_nothing_is_told_to_the_makers_and_nobody_signs_up() -> None:
    assert LANGFUSE["features"] == {"telemetryEnabled": False, "signUpDisabled": True}


def test_the_bucket_is_reached_without_keys() -> None:
    assert not {"accessKeyId", "secretAccessKey"} & set(VALUES["s3"])
    assert VALUES["s3"]["endpoint"] == "https://s3.eu-west-1.amazonaws.com"
    assert VALUES["s3"]["forcePathStyle"] is False


def test_pods_have_no_token_for_the_kubernetes_api() -> None:
    assert LANGFUSE["serviceAccount"]["automountServiceAccountToken"] is False


def test_an_upload_limit_is_text() -> None:
    assert VALUES["s3"]["mediaUpload"]["maxContentLength"] == "1000000000"


def test_the_first_start_makes_one_project_and_one_administrator() -> None:
    given = environment(LANGFUSE["web"]["pod"]["additionalEnv"])
    assert given["LANGFUSE_INIT_ORG_ID"] == "platform", "without it the others are passed over"
    pairs = {"PROJECT_PUBLIC_KEY", "PROJECT_SECRET_KEY", "USER_PASSWORD"}
    assert {f"LANGFUSE_INIT_{pair}" for pair in pairs} <= set(given)


def test_a_host_becomes_the_address_that_browsers_return_to() -> None:
    named = values(PLACE, LangfuseSpec(host="langfuse.example.com"), bucket="b")["langfuse"]["nextauth"]
    assert named["url"] == "https://langfuse.example.com"
    assert LANGFUSE["nextauth"]["url"] == "http://localhost:3000"


def test_the_operator_sees_one_namespace_and_keeps_its_definitions() -> None:
    operator = operator_values()
    assert operator["watchNamespaces"] == ["observability"]
    assert operator["crd"] == {"enable": True, "keep": True}
    assert operator["manager"]["image"]["tag"].removeprefix("v") == pins.CLICKHOUSE_OPERATOR.version


def test_web_and_worker_are_one_version_and_so_are_server_and_keeper() -> None:
    assert images.LANGFUSE_WEB.tag == images.LANGFUSE_WORKER.tag
    assert images.CLICKHOUSE_SERVER.tag == images.CLICKHOUSE_KEEPER.tag


def test_clickhouse_is_a_build_that_langfuse_has_no_workaround_for() -> None:
    version = tuple(int(part) for part in images.CLICKHOUSE_SERVER.tag.split("."))
    assert (26, 4, 1, 1005) <= version < (26, 5), "langfuse lists bugs in builds before and after"


@pytest.mark.parametrize("keepers", [2, 4])
def test_a_quorum_is_odd(keepers: int) -> None:
    with pytest.raises(ValidationError, match="Input should be 1 or 3"):
        ClickHouseSpec.model_validate({"keeper_replicas": keepers})


def test_a_cache_of_our_own_authority_is_trusted_by_the_certificate_in_its_secret() -> None:
    made = values(PLACE, LangfuseSpec(), bucket="b", cache_authority=True)
    (volume,) = made["langfuse"]["extraVolumes"]
    (mount,) = made["langfuse"]["extraVolumeMounts"]
    assert volume["secret"] == {"secretName": CACHE, "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    given = environment(made["langfuse"]["additionalEnv"])
    assert given["REDIS_TLS_ENABLED"] == "true"
    assert given["REDIS_TLS_CA_PATH"] == f"{mount['mountPath']}/ca.crt"
    assert "extraVolumes" not in LANGFUSE
    assert faults("langfuse", made) == []
