"""What Text Generation Inference is told. Flags are those of its launcher at v3.3.7 (launcher/src/main.rs)."""

from __future__ import annotations

from components.models.loading import MODEL_PATH, SCRATCH
from components.models.names import TGI_PORT
from components.models.shape import GpuServerSpec

UID = 0
"""Its Python lies below /root, which only root can read (its Dockerfile: `/root/.local/share/uv`): `baseline`,
with every capability dropped."""

DEPRECATED = (
    "engine tgi is deprecated: maintenance mode since 2025-12-11, repository archived 2026-03-21; "
    "write engine: vllm, which serves the same weights"
)


def arguments(spec: GpuServerSpec) -> list[str]:
    """The launcher's command line; the image's entry point takes it."""
    quantize = ["--quantize", spec.quantization] if spec.quantization else ["--dtype", spec.dtype]
    return [
        "--model-id",
        MODEL_PATH,
        "--port",
        str(TGI_PORT),
        "--hostname",
        "0.0.0.0",  # noqa: S104 - in the pod; policies say who reaches it
        "--num-shard",
        str(spec.tensor_parallel),
        *quantize,
        "--max-total-tokens",
        str(spec.max_model_len),
        # A prompt may fill all but one token.
        "--max-input-tokens",
        str(spec.max_model_len - 1),
        "--cuda-memory-fraction",
        f"{spec.gpu_memory_utilization:g}",
        "--graceful-termination-timeout",
        str(spec.drain_seconds),
        "--usage-stats",
        "off",
        "--json-output",
    ]


def environment() -> dict[str, str]:
    """Nothing is fetched; caches go to the scratch volume."""
    return {
        "HOME": SCRATCH,
        "HF_HOME": f"{SCRATCH}/huggingface",
        "HF_HUB_OFFLINE": "1",
        "TRITON_CACHE_DIR": f"{SCRATCH}/triton",
    }
