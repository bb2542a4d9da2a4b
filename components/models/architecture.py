"""What a model is made of, as far as its memory depends on it, and the models that are known here.

The numbers are those of each repository's `config.json`, and `SOURCES` says where it was read; the count of parameters
follows from them, which a test checks. How each calls tools is vLLM's documentation ("Tool Calling", v0.10) and, for
Qwen3, Qwen's.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BeforeValidator, Field

from components.core.spec import Spec

AS_OF = "2026-11-30"


class ArchitectureSpec(Spec):
    """A decoder with grouped attention: every number is one of the model's `config.json`."""

    parameters: int = Field(gt=0, description="All of them, experts that are idle for a token included.")
    layers: int = Field(gt=0, le=1000, description="`num_hidden_layers`.")
    attention_heads: int = Field(gt=0, le=1024, description="`num_attention_heads`; GPUs share them evenly.")
    kv_heads: int = Field(gt=0, le=1024, description="`num_key_value_heads`: what the KV cache holds.")
    head_dim: int = Field(gt=0, le=1024, description="`head_dim`, or hidden_size / num_attention_heads.")
    hidden: int = Field(gt=0, description="`hidden_size`: the width that LoRA adapters attach to.")
    intermediate: int = Field(gt=0, description="`intermediate_size` of the (one) feed-forward block.")
    context: int = Field(gt=0, description="`max_position_embeddings`: tokens it was made for.")
    experts: int = Field(default=1, ge=1, le=1024, description="Experts of a layer; 1: not a mixture.")
    tool_call_parser: str | None = Field(
        default=None, description="How it writes calls of tools; left out: it was not taught to call any."
    )


ARCHITECTURES: Mapping[str, ArchitectureSpec] = MappingProxyType(
    {
        "Qwen/Qwen3-8B": ArchitectureSpec(
            parameters=8_190_735_360,
            layers=36,
            attention_heads=32,
            kv_heads=8,
            head_dim=128,
            hidden=4096,
            intermediate=12288,
            context=40960,
            tool_call_parser="hermes",
        ),
        "Qwen/Qwen2.5-7B-Instruct": ArchitectureSpec(
            parameters=7_615_616_512,
            layers=28,
            attention_heads=28,
            kv_heads=4,
            head_dim=128,
            hidden=3584,
            intermediate=18944,
            context=32768,
            tool_call_parser="hermes",
        ),
        "meta-llama/Llama-3.1-8B-Instruct": ArchitectureSpec(
            parameters=8_030_261_248,
            layers=32,
            attention_heads=32,
            kv_heads=8,
            head_dim=128,
            hidden=4096,
            intermediate=14336,
            context=131072,
            tool_call_parser="llama3_json",
        ),
        "meta-llama/Llama-3.3-70B-Instruct": ArchitectureSpec(
            parameters=70_553_706_496,
            layers=80,
            attention_heads=64,
            kv_heads=8,
            head_dim=128,
            hidden=8192,
            intermediate=28672,
            context=131072,
            tool_call_parser="llama3_json",
        ),
        # v0.1 was never taught to call tools: there is no parser that would make an agent work with it.
        "mistralai/Mixtral-8x7B-Instruct-v0.1": ArchitectureSpec(
            parameters=46_702_792_704,
            layers=32,
            attention_heads=32,
            kv_heads=8,
            head_dim=128,
            hidden=4096,
            intermediate=14336,
            context=32768,
            experts=8,
        ),
    }
)

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "Qwen/Qwen3-8B": "copied whole by https://huggingface.co/thejaminator/qwen-hook-layer-9, commit 478fb72",
        "Qwen/Qwen2.5-7B-Instruct": "https://huggingface.co/osllmai-community/Qwen2.5-7B-Instruct, whose "
        "`_name_or_path` is the original",
        # Meta's own repositories are shown to nobody who has not signed.
        "meta-llama/Llama-3.1-8B-Instruct": "https://huggingface.co/NbAiLab/nb-llama-3.1-8B/blob/main/config.json, "
        "trained on meta-llama/Llama-3.1-8B",
        "meta-llama/Llama-3.3-70B-Instruct": "https://huggingface.co/Triangle104/Set-70b/raw/main/config.json, "
        "trained on Llama 3.3 70B",
        "mistralai/Mixtral-8x7B-Instruct-v0.1": "as transformers prints it (`_name_or_path` is the original); 46.7 "
        "billion parameters also in https://mistral.ai/news/mixtral-of-experts",
    }
)
"""Where each `config.json` was read, on the day of `AS_OF`."""


def _known(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value in ARCHITECTURES:
        return ARCHITECTURES[value].model_dump()
    names = list(ARCHITECTURES)
    folded = {name.lower(): name for name in names}
    close = [folded[name] for name in difflib.get_close_matches(value.lower(), list(folded), n=3, cutoff=0.5)]
    raise ValueError(
        f"{value!r} is not in the catalogue of {AS_OF}; name one of {', '.join(close or names)}, or write the "
        "numbers of its config.json: parameters, layers, attention_heads, kv_heads, head_dim, hidden, "
        "intermediate, context"
    )


Architecture = Annotated[
    ArchitectureSpec, BeforeValidator(_known, json_schema_input_type=str | ArchitectureSpec)
]
"""By the name of a known model, or in full."""
