"""A model server reads its own files: a prefix of a model is no prefix of another's."""

from __future__ import annotations

from typing import Any

from components.models.policy import read_weights
from components.models.servers import servers
from components.models.spec import VllmModel
from tests.components.models import scene


def statements(spec: VllmModel) -> dict[str, Any]:
    (server,) = servers("qwen3-8b", spec)
    made = read_weights(scene.PLACE, server, bucket=scene.BUCKET, key_alias="alias/models")
    return {one["Sid"]: one for one in made["Statement"]}


ADAPTERS = {name: {"weights": scene.s3(name), "rank": 16} for name in ("tickets", "legal")}


def test_what_is_read_and_listed_is_below_its_own_prefixes() -> None:
    """`models/qwen3-8b/1` without the slash would list `models/qwen3-8b/10` as well."""
    found = statements(scene.vllm(adapters=ADAPTERS))
    below = ["models/legal/1/*", "models/qwen3-8b/1/*", "models/tickets/1/*"]
    assert found["List0"]["Condition"] == {"StringLike": {"s3:prefix": below}}
    assert found["Read0"]["Resource"] == [f"arn:aws:s3:::{scene.BUCKET}/{one}" for one in below]
    assert (found["List0"]["Action"], found["Read0"]["Action"]) == ("s3:ListBucket", "s3:GetObject")


def test_the_key_is_used_through_s3_and_is_the_one_of_these_buckets() -> None:
    conditions = statements(scene.vllm())["Decrypt"]["Condition"]
    assert conditions == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/models"]},
    }
