"""What may be said about a model server: vLLM, TGI, or a server of one's own."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from components.core.spec import DNS_LABEL, DnsLabel, Spec
from components.models.architecture import ARCHITECTURES, ArchitectureSpec
from components.models.names import NAMESPACE, TGI_PORT, VLLM_PORT, Engine, host, server_name
from components.models.own import ByoModel
from components.models.shape import AgentUseSpec, GpuServerSpec, ScalingSpec, ServerSpec
from components.models.weights import ImageWeights, S3Weights, Weights

__all__ = [
    "ARCHITECTURES",
    "NAMESPACE",
    "AgentUseSpec",
    "ArchitectureSpec",
    "ByoModel",
    "Engine",
    "GpuServerSpec",
    "ImageWeights",
    "ModelKey",
    "ModelSpec",
    "S3Weights",
    "ScalingSpec",
    "ServerSpec",
    "TgiModel",
    "VllmModel",
    "Weights",
    "host",
    "port",
    "server_name",
]

KEY_LIMIT = 40
"""Leaves room for the engine before it and an agent's name after it, within a Service's 63 characters."""

ModelKey = Annotated[str, StringConstraints(pattern=DNS_LABEL, min_length=1, max_length=KEY_LIMIT)]
"""The model's name in the stack, which is its first public name too: mixtral-8x7b."""

ToolCallParser = Literal[
    "deepseek_v3",
    "deepseek_v31",
    "deepseek_v32",
    "gemma4",
    "glm45",
    "glm47",
    "granite",
    "granite4",
    "hermes",
    "internlm",
    "jamba",
    "kimi_k2",
    "llama3_json",
    "llama4_json",
    "llama4_pythonic",
    "minimax_m2",
    "mistral",
    "olmo3",
    "openai",
    "phi4_mini_json",
    "pythonic",
    "qwen3_coder",
    "qwen3_json",
    "qwen3_xml",
    "seed_oss",
    "xlam",
]
"""Of those that vLLM 0.33.0 has (vllm/tool_parsers); the server ends at once on a name it does not know."""

LoraRank = Literal[8, 16, 32, 64, 128, 256]
"""Ranks that vLLM takes as `--max-lora-rank` (config/lora.py, `MaxLoRARanks`)."""


class AdapterSpec(Spec):
    """A LoRA adapter: a small file that makes another model of the one that is loaded."""

    weights: Weights = Field(description="Where its files are.")
    rank: LoraRank = Field(default=16, description="Its rank, `r` in adapter_config.json.")


class VllmModel(GpuServerSpec):
    """A model that vLLM serves."""

    engine: Literal["vllm"] = Field(description="Served by vLLM.")
    scaling: ScalingSpec | None = Field(
        default=None, description="Servers by queue and cache; left out: always `replicas`."
    )
    pipeline_parallel: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Groups of GPUs that layers are spread over, where tensor_parallel cannot be raised.",
    )
    expert_parallel: bool = Field(
        default=False, description="Whole experts on each GPU instead of a slice of every one. Mixtures only."
    )
    kv_cache_dtype: Literal["auto", "fp8"] = Field(
        default="auto", description="fp8 halves the cache and costs some accuracy; auto: as `dtype`."
    )
    max_num_seqs: int = Field(default=256, ge=1, le=4096, description="Requests that are worked on at once.")
    max_queued: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Requests a server takes, worked on or not; more get 503 and go to the next backend.",
    )
    tool_call_parser: ToolCallParser | None = Field(
        default=None,
        description="How the model writes calls of tools; left out: as the catalogue knows. Agents need one.",
    )
    adapters: dict[DnsLabel, AdapterSpec] = Field(
        default_factory=dict, max_length=32, description="LoRA adapters; each is a public name of its own."
    )

    @property
    def pipeline_stages(self) -> int:
        """As written."""
        return self.pipeline_parallel

    @property
    def cache_bytes(self) -> int:
        """1 with fp8, else that of `dtype`."""
        return 1 if self.kv_cache_dtype == "fp8" else 2

    @property
    def calls_tools_by(self) -> str | None:
        """The parser, as written or as the catalogue knows it; None: agents cannot use this model."""
        return self.tool_call_parser or self.architecture.tool_call_parser

    @model_validator(mode="after")
    def _has_one_answer_to_how_many(self) -> Self:
        if self.scaling is not None and self.replicas is not None:
            raise ValueError(
                f"replicas {self.replicas} and scaling {self.scaling.min} to {self.scaling.max} are two "
                "answers to one question; drop one of them"
            )
        return self

    @model_validator(mode="after")
    def _stages_have_layers(self) -> Self:
        if self.architecture.layers % self.pipeline_parallel:
            raise ValueError(
                f"pipeline_parallel {self.pipeline_parallel} does not divide {self.architecture.layers} layers: "
                "one GPU would hold more than the others; use a divisor"
            )
        return self

    @model_validator(mode="after")
    def _experts_can_be_spread(self) -> Self:
        if self.expert_parallel and self.architecture.experts == 1:
            raise ValueError("expert_parallel needs a mixture of experts, and this model has none; drop it")
        if self.expert_parallel and self.architecture.experts % self.tensor_parallel:
            raise ValueError(
                f"tensor_parallel {self.tensor_parallel} does not divide {self.architecture.experts} experts: "
                "one GPU would hold more than the others"
            )
        return self

    @model_validator(mode="after")
    def _agents_name_adapters_it_has(self) -> Self:
        strange = [
            f"{agent} asks for {use.adapter}"
            for agent, use in self.agents.items()
            if use.adapter is not None and use.adapter not in self.adapters
        ]
        if strange:
            has = ", ".join(sorted(self.adapters)) or "none"
            raise ValueError(f"agents: {'; '.join(strange)}; adapters are: {has}")
        return self

    @model_validator(mode="after")
    def _agents_can_call_tools(self) -> Self:
        if self.agents and self.calls_tools_by is None:
            raise ValueError(
                f"agents {', '.join(sorted(self.agents))} send tools with every request, and this model was not "
                "taught to call any; name another model, or the tool_call_parser of this one"
            )
        return self


_TGI_READS = ("awq", "compressed-tensors", "fp8", "gptq")
"""Of TGI 3.3.7's `--quantize` (launcher/src/main.rs, `Quantization`)."""


class TgiModel(GpuServerSpec):
    """A model that Text Generation Inference serves: deprecated, its repository is archived."""

    engine: Literal["tgi"] = Field(description="Served by TGI; deprecated.")

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if self.quantization is not None and self.quantization not in _TGI_READS:
            raise ValueError(
                f"engine tgi does not read {self.quantization}; it reads {', '.join(_TGI_READS)}; "
                "write engine: vllm"
            )
        return self

    @model_validator(mode="after")
    def _knows_no_adapters(self) -> Self:
        return self.without_adapters()


ModelSpec = Annotated[VllmModel | TgiModel | ByoModel, Field(discriminator="engine")]


def port(spec: VllmModel | TgiModel | ByoModel) -> int:
    """Where its Service and its pods answer."""
    match spec:
        case VllmModel():
            return VLLM_PORT
        case TgiModel():
            return TGI_PORT
        case ByoModel():
            return spec.port
