from __future__ import annotations

from datetime import date
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.models.architecture import ARCHITECTURES, AS_OF, SOURCES
from components.models.sizing import (
    cache_bytes_per_token,
    cold_start_seconds,
    disk_gib,
    gpu_memory,
    host_memory_mib,
    loading_seconds,
    read_seconds,
    shm_mib,
    startup_seconds,
    usable_mib,
    vcpus,
    weights_mib,
)
from components.models.spec import VllmModel
from tests.components.models import scene

DIMENSIONS = {
    # vocabulary, embeddings (2: input and output are not tied), biases of q, k and v, norms of q and k
    "Qwen/Qwen3-8B": (151936, 2, False, True),
    "Qwen/Qwen2.5-7B-Instruct": (152064, 2, True, False),
    "meta-llama/Llama-3.1-8B-Instruct": (128256, 2, False, False),
    "meta-llama/Llama-3.3-70B-Instruct": (128256, 2, False, False),
    "mistralai/Mixtral-8x7B-Instruct-v0.1": (32000, 2, False, False),
}

SHARES = st.sampled_from([1, 2, 4, 8])


@st.composite
def models(draw: st.DrawFn) -> VllmModel:
    name = draw(st.sampled_from([name for name in ARCHITECTURES if "Qwen2.5" not in name]))
    return scene.vllm(
        architecture=name,
        tensor_parallel=draw(SHARES),
        max_model_len=draw(st.integers(512, ARCHITECTURES[name].context)),
        full_requests=draw(st.integers(1, 64)),
        kv_cache_dtype=draw(st.sampled_from(["auto", "fp8"])),
        load_mib_per_second=draw(st.integers(10, 10_000)),
    )


def test_every_architecture_says_where_and_when_it_was_read() -> None:
    assert set(SOURCES) == set(ARCHITECTURES)
    assert all(len(source) > 20 for source in SOURCES.values())
    assert date(2026, 11, 23) <= date.fromisoformat(AS_OF) <= date(2026, 12, 1)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_recorded_parameters_follow_from_the_dimensions(name: str) -> None:
    shape = ARCHITECTURES[name]
    vocabulary, embeddings, biased, normed = DIMENSIONS[name]
    queries, keys = shape.attention_heads * shape.head_dim, shape.kv_heads * shape.head_dim
    attention = 2 * shape.hidden * queries + 2 * shape.hidden * keys
    attention += queries + 2 * keys if biased else 0
    attention += 2 * shape.head_dim if normed else 0
    feed_forward = 3 * shape.hidden * shape.intermediate * shape.experts
    router = shape.hidden * shape.experts if shape.experts > 1 else 0
    layer = attention + feed_forward + router + 2 * shape.hidden
    assert shape.parameters == embeddings * vocabulary * shape.hidden + shape.layers * layer + shape.hidden


def test_the_numbers_of_a_known_case_are_those_worked_out_by_hand() -> None:
    # Mixtral on four GPUs: 93.4 GB / 4, and 32 layers x 2 of 8 KV heads x 128 x 2 (keys, values) x 2 bytes.
    spec = scene.mixtral(full_requests=1)
    assert weights_mib(spec) == 89_079
    assert cache_bytes_per_token(spec) == 32 * 2 * 128 * 2 * 2 == 32 * 1024
    needs = gpu_memory(spec)
    assert (needs.weights, needs.cache, needs.overhead, needs.adapters) == (22_270, 1024, 3072, 0)
    assert needs.total == 26_366
    assert usable_mib(45_776, spec) == 41_198
    assert host_memory_mib(4) == 4096 + 4 * 4096 + shm_mib(4) == 25_600
    assert vcpus(4) == (6, 12)
    assert disk_gib(spec) == ceil(89_079 * 1.1 / 1024) + 20 == 116


def test_starting_takes_what_reading_takes_and_warming_up_and_as_long_again() -> None:
    spec = scene.mixtral(load_mib_per_second=250)
    assert read_seconds(89_079, 250) == 357
    assert startup_seconds(spec) == 2 * (357 + 180)
    assert loading_seconds(spec) == 2 * 300 + 2 * 357 + 2 * (357 + 180)
    assert cold_start_seconds(spec) == 300 + 300 + 2 * 357 + 180


def test_measured_weights_win_over_parameters() -> None:
    assert weights_mib(scene.vllm(weights_gib=5.5, quantization="awq")) == 5632


def test_adapters_take_room_for_all_of_them_at_the_highest_rank() -> None:
    def adapters(*ranks: int) -> int:
        made = {f"a{n}": {"weights": scene.s3("a"), "rank": rank} for n, rank in enumerate(ranks)}
        return gpu_memory(scene.vllm(adapters=made)).adapters

    assert adapters() == 0
    assert adapters(16, 64) == adapters(64, 64) > adapters(16, 16) > adapters(16) > 0


@given(models())
def test_every_part_of_the_weights_is_somewhere(spec: VllmModel) -> None:
    assert gpu_memory(spec).weights * spec.gpus >= weights_mib(spec)
    assert (gpu_memory(spec).weights - 1) * spec.gpus < weights_mib(spec)


@given(models(), st.integers(1, 4096))
def test_a_longer_model_or_more_requests_never_need_less(spec: VllmModel, more: int) -> None:
    longer = spec.model_copy(update={"max_model_len": spec.max_model_len + more})
    busier = spec.model_copy(update={"full_requests": spec.full_requests + more})
    assert gpu_memory(longer).total >= gpu_memory(spec).total
    assert gpu_memory(busier).total > gpu_memory(spec).total


@given(models())
def test_more_gpus_never_need_more_of_each(spec: VllmModel) -> None:
    for share in (2, 4, 8):
        if spec.tensor_parallel < share:
            assert (
                gpu_memory(spec.model_copy(update={"tensor_parallel": share})).total <= gpu_memory(spec).total
            )


@given(models())
def test_the_kv_cache_is_shared_until_each_gpu_has_one_head(spec: VllmModel) -> None:
    whole = spec.model_copy(update={"tensor_parallel": 1})
    share = min(spec.tensor_parallel, spec.architecture.kv_heads)
    assert cache_bytes_per_token(spec) * share == cache_bytes_per_token(whole)


def test_a_gpu_holds_a_whole_head_where_there_are_fewer_heads_than_gpus() -> None:
    shape = {**ARCHITECTURES["Qwen/Qwen3-8B"].model_dump(), "kv_heads": 4}
    alone = cache_bytes_per_token(scene.vllm(architecture=shape))
    assert cache_bytes_per_token(scene.vllm(architecture=shape, tensor_parallel=4)) * 4 == alone
    assert cache_bytes_per_token(scene.vllm(architecture=shape, tensor_parallel=8)) * 4 == alone


@given(models(), st.integers(1, 10_000))
def test_a_slower_disk_never_shortens_a_deadline(spec: VllmModel, slower: int) -> None:
    slow = spec.model_copy(update={"load_mib_per_second": max(1, spec.load_mib_per_second - slower)})
    for reckoned in (startup_seconds, loading_seconds, cold_start_seconds):
        assert reckoned(slow) >= reckoned(spec)
    assert loading_seconds(spec) > startup_seconds(spec) > 0


@given(st.integers(1, 8))
def test_shared_memory_is_part_of_the_pods_memory(gpus: int) -> None:
    assert shm_mib(gpus) < host_memory_mib(gpus)
    reserved, limit = vcpus(gpus)
    assert reserved <= limit
