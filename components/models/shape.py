"""What every server says of itself, and what decides whether a model fits a GPU."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.charts.pods import ContainerResources
from components.core.spec import DnsLabel, ModelName, Spec
from components.models.architecture import Architecture
from components.models.weights import Weights

"""What a client writes as `model`."""

Dtype = Literal["bfloat16", "float16"]
Quantization = Literal["awq", "gptq", "fp8", "compressed-tensors", "modelopt", "mxfp4"]
"""Of vLLM 0.33 (model_executor/layers/quantization): the ones whose checkpoints are stored that way."""


class ScalingSpec(Spec):
    """How many servers there are follows from what waits for them, by KEDA and by nothing else."""

    min: int = Field(
        default=1,
        ge=0,
        le=50,
        description="Servers at least. 0: none while nobody asks, and whoever asks first waits for a node.",
    )
    max: int = Field(ge=1, le=50, description="Servers at most; their GPUs count against the grant.")
    waiting_per_replica: int = Field(
        default=4, ge=1, le=1000, description="Requests that wait, for each server there should be."
    )
    kv_cache_percent: int = Field(
        default=80, ge=10, le=95, description="How full the servers' KV caches may be on average."
    )
    idle_seconds: int = Field(
        default=1800,
        ge=300,
        le=86400,
        description="With min 0: how long nobody asks before the last server goes. Each start costs minutes.",
    )
    settle_seconds: int = Field(
        default=600, ge=60, le=3600, description="How long a lower number must hold before a server goes."
    )

    @model_validator(mode="after")
    def _max_is_not_below_min(self) -> Self:
        if self.max < max(self.min, 1):
            raise ValueError(f"max {self.max} is below min {self.min}; raise it, or lower min")
        if self.max == self.min:
            raise ValueError(f"min and max are both {self.max}: nothing scales; write replicas: {self.max}")
        return self


class AgentUseSpec(Spec):
    """One agent that uses this server."""

    adapter: DnsLabel | None = Field(
        default=None, description="The adapter it asks for; left out: the model as it is."
    )


class ServerSpec(Spec):
    """What every server says, whatever it runs."""

    replicas: int | None = Field(
        default=None,
        ge=1,
        le=50,
        description="Servers, always that many; left out: 1, or what `scaling` says.",
    )
    aliases: list[ModelName] = Field(
        default_factory=list[str], max_length=16, description="Further public names; the key is one already."
    )
    runtime: Literal["unified", "dedicated"] = Field(
        default="unified",
        description="One server for all of `agents`, or one for each of them: the plan shows what that costs.",
    )
    agents: dict[DnsLabel, AgentUseSpec] = Field(
        default_factory=dict, max_length=64, description="The agents that use it, by name."
    )
    spare_gpus_for_updates: bool = Field(
        default=False,
        description=(
            "An update starts a server before it ends one, which takes the GPUs of one more. Off: it ends one "
            "first, and a model with a single server is away meanwhile."
        ),
    )
    drain_seconds: int = Field(
        default=600,
        ge=10,
        le=3600,
        description="How long a server that ends may go on answering; not shorter than the longest stream.",
    )

    def without_adapters(self) -> Self:
        """Itself; ValueError where an agent asks for an adapter: for engines that have none."""
        asking = sorted(agent for agent, use in self.agents.items() if use.adapter is not None)
        if asking:
            raise ValueError(f"agents {', '.join(asking)} ask for an adapter; only engine vllm has adapters")
        return self

    @model_validator(mode="after")
    def _dedicated_means_somebody(self) -> Self:
        if self.runtime == "dedicated" and not self.agents:
            raise ValueError(
                "runtime dedicated is one server for each agent, and agents names none; name them"
            )
        return self


class GpuServerSpec(ServerSpec):
    """A server that holds weights in GPUs: what it needs is arithmetic on these numbers."""

    pool: DnsLabel = Field(description="The GPU pool, by its name in `gpu_pools`.")
    resources: ContainerResources | None = Field(
        default=None, description="CPU and memory of a server; left out: by the number of its GPUs."
    )
    architecture: Architecture = Field(
        description="A known model by name (Qwen/Qwen3-8B), or the numbers of its config.json."
    )
    weights: Weights = Field(
        description="Where the weights come from: S3 or an OCI image, never the Internet."
    )
    tensor_parallel: Literal[1, 2, 4, 8] = Field(
        default=1, description="GPUs that share each layer; with pipeline_parallel, the GPUs of a server."
    )
    max_model_len: int = Field(
        ge=512,
        le=10_000_000,
        description="Tokens of prompt and answer together; the KV cache holds them all.",
    )
    full_requests: int = Field(
        default=1,
        ge=1,
        le=1024,
        description="Requests of the full length that have room at once; shorter ones share the same room.",
    )
    dtype: Dtype = Field(
        default="bfloat16", description="Of weights that are not quantized, and of the cache."
    )
    quantization: Quantization | None = Field(
        default=None, description="How the checkpoint is stored, where not in 16 bits."
    )
    weights_gib: float | None = Field(
        default=None,
        gt=0,
        le=4096,
        description="GiB of the files, measured. Needed with quantization; else parameters x 2 bytes.",
    )
    gpu_memory_utilization: float = Field(
        default=0.9, ge=0.5, le=0.95, description="The share of a GPU's memory that the server takes."
    )
    overhead_mib_per_gpu: int = Field(
        default=3072,
        ge=512,
        le=32768,
        description="MiB of each GPU for CUDA, activations and graphs: an assumption, until measured.",
    )
    load_mib_per_second: int = Field(
        default=250,
        ge=10,
        le=100_000,
        description="How fast weights come from S3 and from disk: probes and deadlines follow from it.",
    )

    @property
    def pipeline_stages(self) -> int:
        """Groups of GPUs that layers are spread over; 1 where the engine knows none."""
        return 1

    @property
    def cache_bytes(self) -> int:
        """Of each number in the KV cache."""
        return 2

    @property
    def gpus(self) -> int:
        """Of one server; they are on one node."""
        return self.tensor_parallel * self.pipeline_stages

    @model_validator(mode="after")
    def _quantized_weights_are_measured(self) -> Self:
        if self.quantization and self.weights_gib is None:
            raise ValueError(
                f"quantization {self.quantization} stores some layers in 16 bits and some not, so that their "
                "size is not parameters x bytes; write weights_gib, what the files have together"
            )
        return self

    @model_validator(mode="after")
    def _heads_are_shared_evenly(self) -> Self:
        shape, share = self.architecture, self.tensor_parallel
        if shape.attention_heads % share:
            raise ValueError(
                f"tensor_parallel {share} does not divide {shape.attention_heads} attention heads; "
                f"use one of {_divisors(shape.attention_heads)}"
            )
        if shape.kv_heads % share and share % shape.kv_heads:
            raise ValueError(
                f"tensor_parallel {share} and {shape.kv_heads} KV heads: one must divide the other; "
                f"use one of {_divisors(shape.kv_heads)}"
            )
        return self

    @model_validator(mode="after")
    def _was_made_for_that_length(self) -> Self:
        if self.max_model_len > self.architecture.context:
            raise ValueError(
                f"max_model_len {self.max_model_len} is more than the {self.architecture.context} tokens the "
                "model was made for; lower it"
            )
        return self


def _divisors(number: int) -> str:
    return ", ".join(str(share) for share in (1, 2, 4, 8) if number % share == 0)
