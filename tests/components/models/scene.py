"""Models as a stack could have them, and the pools they run on."""

from __future__ import annotations

from typing import Any, TypeVar

import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pydantic import TypeAdapter

from components.core.aws import Place
from components.models.models import Models, ModelsArgs
from components.models.spec import ByoModel, ModelKey, ModelSpec, TgiModel, VllmModel
from components.node_pools.spec import GpuPoolSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
DIGEST = "sha256:" + "ab" * 32
PROMETHEUS = "http://kube-prometheus-stack-prometheus.observability.svc:9090"
BUCKET = "ai-dev-models-111122223333-eu-west-1"

POOLS = {
    "l4": GpuPoolSpec(instance_types=["g6.12xlarge", "g6.48xlarge"], limit_gpus=8),
    "l40s": GpuPoolSpec(instance_types=["g6e.12xlarge", "g6e.48xlarge"], limit_gpus=8),
    "a10g": GpuPoolSpec(instance_types=["g5.48xlarge"], limit_gpus=8),
    "t4": GpuPoolSpec(instance_types=["g4dn.xlarge", "g4dn.12xlarge"], limit_gpus=4),
}
GRANTED = {"l40s": 8, "a10g": 8}

MODELS = TypeAdapter(dict[ModelKey, ModelSpec])


def s3(name: str) -> dict[str, Any]:
    return {"source": "s3", "prefix": f"models/{name}/1"}


QWEN: dict[str, Any] = {
    "engine": "vllm",
    "pool": "l40s",
    "architecture": "Qwen/Qwen3-8B",
    "weights": s3("qwen3-8b"),
    "max_model_len": 16384,
    "full_requests": 4,
    "scaling": {"min": 1, "max": 3},
    "adapters": {"tickets": {"weights": s3("tickets"), "rank": 16}},
    "agents": {"support": {"adapter": "tickets"}, "analyst": {}, "scribe": {}},
}
MIXTRAL: dict[str, Any] = {
    "engine": "vllm",
    "pool": "l40s",
    "architecture": "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "weights": s3("mixtral-8x7b"),
    "tensor_parallel": 4,
    "expert_parallel": True,
    "max_model_len": 32768,
    "full_requests": 4,
}
TGI: dict[str, Any] = {
    "engine": "tgi",
    "pool": "a10g",
    "architecture": "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "weights": s3("mixtral-8x7b"),
    "tensor_parallel": 8,
    "max_model_len": 8192,
}
GRAPH: dict[str, Any] = {
    "engine": "byo",
    "kind": "langgraph",
    "image": f"registry.example/graphs@{DIGEST}",
    "resources": {"cpu": "500m", "memory": "1Gi", "cpu_limit": "1", "memory_limit": "2Gi"},
    "secrets": ["graph-database"],
    "replicas": 2,
}
ALL = {"qwen3-8b": QWEN, "mixtral-8x7b": MIXTRAL, "mixtral": TGI, "triage": GRAPH}

Some = TypeVar("Some", VllmModel, TgiModel, ByoModel)


def models(**raw: dict[str, Any]) -> dict[str, ModelSpec]:
    """Parsed as a stack's section is; a key may not hold hyphens here: `_` stands for one."""
    return MODELS.validate_python({key.replace("_", "-"): one for key, one in raw.items()})


def everything() -> dict[str, ModelSpec]:
    return MODELS.validate_python(ALL)


def vllm(**changes: Any) -> VllmModel:
    """Qwen3-8B alone on one L40S, changed."""
    plain = {key: value for key, value in QWEN.items() if key not in {"scaling", "adapters", "agents"}}
    return VllmModel.model_validate({**plain, **changes})


def mixtral(**changes: Any) -> VllmModel:
    return VllmModel.model_validate({**MIXTRAL, **changes})


def program(specs: dict[str, ModelSpec], **said: Any) -> None:
    """A stack of nothing but models and what they stand on."""
    namespace = k8s.core.v1.Namespace(
        "ai-inference",
        metadata={
            "name": "ai-inference",
            "labels": {
                "pod-security.kubernetes.io/enforce": "baseline",
                "pod-security.kubernetes.io/enforce-version": "v1.35",
            },
        },
    )
    classes = [
        k8s.scheduling.v1.PriorityClass(
            f"gpu-{pool}", metadata={"name": f"gpu-{pool}"}, value=0, preemption_policy="Never"
        )
        for pool in POOLS
    ]
    cluster = aws.eks.Cluster("cluster", role_arn="x", vpc_config={"subnet_ids": []})
    Models(
        "models",
        ModelsArgs(
            **{
                "place": PLACE,
                "models": specs,
                "cluster_name": cluster.name,
                "namespace": namespace.metadata.name,
                "bucket": BUCKET,
                "bucket_key_alias": "alias/ai-dev/data",
                "prometheus_url": PROMETHEUS,
                "routes": {"vllm-qwen3-8b": ("model-qwen3-8b", "model-tickets")},
                "secret_arns": {
                    "graph-database": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:graphs-AbCdEf"
                },
                "after": (namespace, *classes),
                "monitored": True,
                **said,
            }
        ),
    )
