"""What vLLM is told. Flags and environment are those of vLLM 0.33.0 (engine/arg_utils.py, envs.py)."""

from __future__ import annotations

from components.models.loading import MODEL_PATH, SCRATCH, adapter_path
from components.models.names import VLLM_PORT
from components.models.servers import Server
from components.models.sizing import startup_seconds
from components.models.spec import VllmModel

COMMAND = ["vllm", "serve"]
UID = 2000
"""The image's own user `vllm`; what it needs of a home is on the scratch volume."""


def arguments(server: Server, spec: VllmModel) -> list[str]:
    """The command line: only what differs from a default, and every default that we fight."""
    said: list[str] = [
        MODEL_PATH,
        "--served-model-name",
        *server.public,
        "--host",
        "0.0.0.0",  # noqa: S104 - in the pod; policies say who reaches it
        "--port",
        str(VLLM_PORT),
        # Never pickles, which run code when they are read: `auto` would take them where there is nothing else.
        "--load-format",
        "safetensors",
        "--dtype",
        spec.dtype,
        "--max-model-len",
        str(spec.max_model_len),
        "--gpu-memory-utilization",
        f"{spec.gpu_memory_utilization:g}",
        "--max-num-seqs",
        str(spec.max_num_seqs),
        # Streams end before the process does; by default they are cut off.
        "--shutdown-timeout",
        str(spec.drain_seconds),
    ]
    if spec.gpus > 1:
        # One node: worker processes, and no Ray.
        said += ["--distributed-executor-backend", "mp"]
    if spec.tensor_parallel > 1:
        said += ["--tensor-parallel-size", str(spec.tensor_parallel)]
    if spec.pipeline_parallel > 1:
        said += ["--pipeline-parallel-size", str(spec.pipeline_parallel)]
    if spec.expert_parallel:
        said += ["--enable-expert-parallel"]
    if spec.quantization:
        said += ["--quantization", spec.quantization]
    if spec.kv_cache_dtype != "auto":
        said += ["--kv-cache-dtype", spec.kv_cache_dtype]
    if spec.max_queued is not None:
        said += ["--max-num-queued-reqs", str(spec.max_queued)]
    if spec.calls_tools_by:
        # kagent sends `tools` and `tool_choice: auto` with every turn, which is a 400 without both.
        said += ["--enable-auto-tool-choice", "--tool-call-parser", spec.calls_tools_by]
    return [*said, *_adapters(server)]


def environment(spec: VllmModel) -> dict[str, str]:
    """Nothing is fetched, nothing is reported, and everything that is written goes to the scratch volume."""
    return {
        "HOME": SCRATCH,
        # `getpass.getuser` ends the process where a uid has no name.
        "USER": "vllm",
        "LOGNAME": "vllm",
        "HF_HOME": f"{SCRATCH}/huggingface",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "VLLM_CACHE_ROOT": f"{SCRATCH}/vllm",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        # By default it gives up on its own engine after ten minutes, whatever the probe allows.
        "VLLM_ENGINE_READY_TIMEOUT_S": str(startup_seconds(spec)),
    }


def _adapters(server: Server) -> list[str]:
    if not server.adapters:
        return []
    rank = max(adapter.rank for adapter in server.adapters.values())
    modules = [f"{name}={adapter_path(name)}" for name in server.adapters]
    # All of them at once: an adapter that has to be swapped in makes somebody wait. None is loaded later: that
    # would need VLLM_ALLOW_RUNTIME_LORA_UPDATING, with which callers load what they like.
    return [
        "--enable-lora",
        "--max-loras",
        str(len(server.adapters)),
        "--max-lora-rank",
        str(rank),
        "--lora-modules",
        *modules,
    ]
