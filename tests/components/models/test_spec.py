from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.models.architecture import ARCHITECTURES
from components.models.spec import ByoModel
from tests.components.models import scene

NUMBERS = ARCHITECTURES["Qwen/Qwen3-8B"].model_dump()


def words(base: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        scene.MODELS.validate_python({"m": {**base, **changes}})
    return "\n".join(detail["msg"] for detail in refused.value.errors())


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "two answers to how many": (
        scene.QWEN,
        {"replicas": 2},
        "replicas 2 and scaling 1 to 3 are two answers to one question; drop one of them",
    ),
    "max below min": (
        scene.QWEN,
        {"scaling": {"min": 3, "max": 2}},
        "max 2 is below min 3; raise it, or lower min",
    ),
    "nothing to scale": (
        scene.QWEN,
        {"scaling": {"min": 2, "max": 2}},
        "min and max are both 2: nothing scales; write replicas: 2",
    ),
    "an unknown model": (
        scene.QWEN,
        {"architecture": "qwen/qwen3-9b"},
        "'qwen/qwen3-9b' is not in the catalogue of 2026-11-30; name one of Qwen/Qwen3-8B",
    ),
    "heads that cannot be shared": (
        scene.QWEN,
        {"architecture": "Qwen/Qwen2.5-7B-Instruct", "tensor_parallel": 8, "adapters": {}, "agents": {}},
        "tensor_parallel 8 does not divide 28 attention heads; use one of 1, 2, 4",
    ),
    "KV heads that cannot be shared": (
        scene.QWEN,
        {"architecture": {**NUMBERS, "kv_heads": 6, "attention_heads": 24}, "tensor_parallel": 4},
        "tensor_parallel 4 and 6 KV heads: one must divide the other; use one of 1, 2",
    ),
    "longer than it was made for": (
        scene.QWEN,
        {"max_model_len": 50_000},
        "max_model_len 50000 is more than the 40960 tokens the model was made for; lower it",
    ),
    "quantized and not measured": (
        scene.QWEN,
        {"quantization": "awq"},
        "size is not parameters x bytes; write weights_gib, what the files have together",
    ),
    "layers that cannot be split": (
        scene.QWEN,
        {"pipeline_parallel": 8},
        "pipeline_parallel 8 does not divide 36 layers",
    ),
    "experts of a model without": (
        scene.QWEN,
        {"expert_parallel": True},
        "expert_parallel needs a mixture of experts, and this model has none; drop it",
    ),
    "experts that cannot be shared": (
        scene.MIXTRAL,
        {"architecture": {**NUMBERS, "experts": 6}, "tensor_parallel": 4},
        "tensor_parallel 4 does not divide 6 experts: one GPU would hold more than the others",
    ),
    "an adapter it does not have": (
        scene.QWEN,
        {"agents": {"support": {"adapter": "billing"}}},
        "agents: support asks for billing; adapters are: tickets",
    ),
    "agents on a model that calls no tools": (
        scene.MIXTRAL,
        {"agents": {"support": {}}},
        "agents support send tools with every request, and this model was not taught to call any",
    ),
    "a server for each of nobody": (
        scene.MIXTRAL,
        {"runtime": "dedicated"},
        "runtime dedicated is one server for each agent, and agents names none; name them",
    ),
    "a parser vLLM does not have": (
        scene.QWEN,
        {"tool_call_parser": "chatgpt"},
        "Input should be 'deepseek_v3'",
    ),
    "an adapter for TGI": (
        scene.TGI,
        {"agents": {"support": {"adapter": "tickets"}}},
        "agents support ask for an adapter; only engine vllm has adapters",
    ),
    "scaling of TGI": (scene.TGI, {"scaling": {"max": 2}}, "Extra inputs are not permitted"),
    "a checkpoint TGI cannot read": (
        scene.TGI,
        {"quantization": "mxfp4", "weights_gib": 20},
        "engine tgi does not read mxfp4; it reads awq, compressed-tensors, fp8, gptq; write engine: vllm",
    ),
    "three GPUs": (scene.QWEN, {"tensor_parallel": 3}, "Input should be 1, 2, 4 or 8"),
    "weights from the Internet": (
        scene.QWEN,
        {"weights": {"source": "huggingface", "repository": "Qwen/Qwen3-8B"}},
        "does not match any of the expected tags: 's3', 'image'",
    ),
    "a prefix that would copy into nowhere": (
        scene.QWEN,
        {"weights": {"source": "s3", "prefix": "models/qwen/"}},
        "'models/qwen/' is not a path of files; write it without a slash at either end: models/qwen3-8b/9c925d6",
    ),
    "an image of weights by tag": (
        scene.QWEN,
        {"weights": {"source": "image", "image": "registry.example/qwen:latest"}},
        "'registry.example/qwen:latest' is not an image by digest; write registry/name@sha256:<64 hex digits>",
    ),
    "a bucket with a path": (
        scene.QWEN,
        {"weights": {"source": "s3", "prefix": "a", "bucket": "s3://mine/a"}},
        "'s3://mine/a' is not the name of a bucket; write the name alone, without s3:// and without a path",
    ),
    "a key that is no alias": (
        scene.QWEN,
        {"weights": {"source": "s3", "prefix": "a", "bucket": "mine", "key_alias": "mine"}},
        "'mine' is not the alias of a key; write for example alias/weights",
    ),
    "an image of one's own by tag": (
        scene.GRAPH,
        {"image": "registry.example/graphs:1"},
        "'registry.example/graphs:1' is not an image by digest",
    ),
    "GPUs of no pool": (scene.GRAPH, {"gpus": 1}, "gpus and pool go together; write both or neither"),
    "a pool and no GPUs": (scene.GRAPH, {"pool": "l4"}, "gpus and pool go together; write both or neither"),
    "a secret in plain sight": (
        scene.GRAPH,
        {"env": {"LANGSMITH_API_KEY": "x"}},
        "env LANGSMITH_API_KEY would hold a secret, which everybody reads in a plan; keep it in Secrets Manager",
    ),
    "environment of the platform": (
        scene.GRAPH,
        {"env": {"PORT": "1", "HOME": "/root"}},
        "env HOME, PORT is set by the platform; leave it out",
    ),
    "a port that policies do not open": (scene.GRAPH, {"port": 3000}, "Input should be 8000 or 8080"),
    "root": (scene.GRAPH, {"uid": 0}, "Input should be greater than or equal to 1"),
    "an engine that does not exist": (scene.QWEN, {"engine": "sglang"}, "'vllm', 'tgi', 'byo'"),
    "limits below requests": (
        scene.QWEN,
        {"resources": {"cpu": "4", "memory": "8Gi", "cpu_limit": "2", "memory_limit": "8Gi"}},
        "cpu_limit 2 is below cpu 4; raise it to at least that",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_work_is_refused_and_says_what_to_write(name: str) -> None:
    base, changes, expected = BAD[name]
    assert expected in words(base, **changes)


def test_the_model_serves_only_under_names_a_service_can_have() -> None:
    for key in ("Qwen", "a.b", "x" * 41):
        with pytest.raises(ValidationError):
            scene.MODELS.validate_python({key: scene.QWEN})


def test_numbers_may_be_written_in_full() -> None:
    assert scene.vllm(architecture=NUMBERS) == scene.vllm()


def test_the_parser_is_the_catalogues_unless_it_is_written() -> None:
    assert scene.vllm().calls_tools_by == "hermes"
    assert scene.vllm(tool_call_parser="qwen3_json").calls_tools_by == "qwen3_json"
    assert scene.mixtral().calls_tools_by is None


def test_each_kind_of_own_server_knows_its_probe() -> None:
    def probe(kind: str) -> str | None:
        (spec,) = scene.models(own={**scene.GRAPH, "kind": kind}).values()
        assert isinstance(spec, ByoModel)
        return spec.answers_at

    assert (probe("bentoml"), probe("langgraph"), probe("langserve")) == ("/readyz", "/ok", None)


def test_the_union_has_a_schema_for_editors() -> None:
    schema = scene.MODELS.json_schema()
    assert set(schema["$defs"]) >= {"VllmModel", "TgiModel", "ByoModel", "S3Weights", "ImageWeights"}
