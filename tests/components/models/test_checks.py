from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core.faults import Fault
from components.models.checks import gateway_faults, model_faults, part_faults
from components.models.fit import fits, shortfalls
from components.models.machines import machines_of
from components.models.sizing import gpu_memory, usable_mib
from components.models.spec import ModelSpec
from components.node_pools.spec import GpuPoolSpec
from tests.components.models import scene


def faults(specs: dict[str, ModelSpec], **said: Any) -> list[str]:
    known: dict[str, Any] = {
        "granted": scene.GRANTED,
        "cluster_version": "1.35",
        "auto_mode": False,
        "secrets": ["graph-database"],
        **said,
    }
    return [str(one) for one in model_faults(specs, known.pop("pools", scene.POOLS), **known)]


def test_what_the_scene_has_is_faultless_but_for_its_grant() -> None:
    specs = scene.everything()
    assert faults(specs) == []


def test_a_model_that_needs_more_gpu_memory_is_refused_with_the_arithmetic() -> None:
    spec = scene.mixtral(pool="l4", full_requests=1)
    assert faults({"mixtral-8x7b": spec}, granted={"l4": 8}) == [
        "models.mixtral-8x7b: fits no instance type of pool l4: "
        "g6.12xlarge lacks 25.7 GiB on each GPU (weights 21.7 + KV cache 1.0 for 1 request of 32768 tokens + "
        "overhead 3.0), usable are 20.1: 0.9 of the L4's 22.4; "
        "g6.48xlarge lacks 25.7 GiB on each GPU (weights 21.7 + KV cache 1.0 for 1 request of 32768 tokens + "
        "overhead 3.0), usable are 20.1: 0.9 of the L4's 22.4; "
        "tensor_parallel 8 would fit"
    ]
    assert faults({"mixtral-8x7b": scene.mixtral(pool="l4", tensor_parallel=8)}, granted={"l4": 8}) == []


def test_host_memory_and_vcpus_are_part_of_the_arithmetic() -> None:
    pool = GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=1)
    resources = {"cpu": "6", "memory": "24Gi", "cpu_limit": "8", "memory_limit": "24Gi"}
    spec = scene.vllm(pool="small", max_model_len=4096, full_requests=1, resources=resources)
    (fault,) = faults({"qwen": spec}, pools={"small": pool}, granted={"small": 1})
    assert "g6.xlarge lacks 6 vCPUs, it has 3.2 for pods of 4, and 24.0 GiB of memory, it has 11.8" in fault
    assert "for pods of 16" in fault


def test_more_gpus_than_a_node_has_are_not_found_on_two() -> None:
    pool = GpuPoolSpec(instance_types=["g6e.12xlarge"], limit_gpus=8)
    spec = scene.mixtral(pool="four", tensor_parallel=8)
    (fault,) = faults({"m": spec}, pools={"four": pool}, granted={"four": 8})
    assert "g6e.12xlarge lacks 8 GPUs of one node, it has 4" in fault
    assert fault.endswith("; tensor_parallel 4 would fit")


def test_weights_that_are_larger_than_the_disk_are_refused() -> None:
    pool = GpuPoolSpec(instance_types=["p5.48xlarge"], limit_gpus=8, disk={"size_gib": 100})  # type: ignore[arg-type]
    spec = scene.mixtral(pool="h100")
    assert faults({"m": spec}, pools={"h100": pool}, granted={"h100": 8}) == []
    (fault,) = faults({"m": spec}, pools={"h100": pool}, granted={"h100": 8}, auto_mode=True)
    assert "p5.48xlarge lacks 116 GiB of disk for weights and scratch, it has 89 for pods of 100" in fault


def test_the_kubelets_share_of_the_disk_is_not_the_servers() -> None:
    """125 GiB were asked for and 125 bought: with 10 % for eviction the pod would wait for ever."""
    disk = {"size_gib": 125}
    pool = GpuPoolSpec(instance_types=["p5.48xlarge"], limit_gpus=8, disk=disk)  # type: ignore[arg-type]
    (machine,) = machines_of(pool, auto_mode=True)
    assert (machine.disk_gib, machine.disk_for_pods_gib) == (125, 111)
    said = {"pools": {"h100": pool}, "granted": {"h100": 8}, "auto_mode": True}
    (fault,) = faults({"m": scene.mixtral(pool="h100")}, **said)
    assert "116 GiB of disk for weights and scratch, it has 111 for pods of 125" in fault


def test_a_server_does_not_rest_before_it_has_started() -> None:
    short = scene.vllm(scaling={"min": 0, "max": 2, "idle_seconds": 300})
    assert faults({"q": short}) == [
        "models.q.scaling.idle_seconds: is 300, and a server takes about 906 s to start: asked for once, it would be "
        "gone before it answers; write at least 906, or min: 1"
    ]
    assert faults({"q": scene.vllm(scaling={"min": 0, "max": 2, "idle_seconds": 906})}) == []
    assert faults({"q": scene.vllm(scaling={"min": 1, "max": 2, "idle_seconds": 300})}) == []


def test_a_gpu_without_bfloat16_is_told() -> None:
    spec = scene.vllm(pool="t4", quantization="awq", weights_gib=5.7, max_model_len=4096, full_requests=1)
    (fault,) = faults({"q": spec}, granted={"t4": 4})
    assert "bfloat16, which a T4 (compute capability 7.5) does not have: write dtype: float16" in fault
    assert faults({"q": spec.model_copy(update={"dtype": "float16"})}, granted={"t4": 4}) == []


def test_where_no_parallel_size_helps_other_ways_are_named() -> None:
    huge = scene.mixtral(pool="t4", tensor_parallel=2)
    (fault,) = faults({"m": huge}, granted={"t4": 4})
    assert fault.endswith(
        "name a pool whose GPUs have more memory, lower max_model_len or full_requests, or take a quantized "
        "checkpoint and its weights_gib"
    )


def test_a_server_of_ones_own_with_gpus_has_to_fit_as_well() -> None:
    (spec,) = scene.models(
        bento={**scene.GRAPH, "kind": "bentoml", "secrets": [], "pool": "t4", "gpus": 8}
    ).values()
    found = faults({"bento": spec}, granted={"t4": 16})
    assert "g4dn.12xlarge lacks 8 GPUs of one node, it has 4" in found[0]
    assert found[0].endswith("ask for less, or name a pool of larger machines")


def test_a_pool_that_the_stack_does_not_have() -> None:
    assert faults({"q": scene.vllm(pool="b200")}) == [
        "models.q.pool: is b200, and the stack has: a10g, l4, l40s, t4; name one of them"
    ]


def test_gpus_that_nobody_granted_are_refused_with_the_sum() -> None:
    specs: dict[str, ModelSpec] = {
        "qwen3-8b": scene.vllm(scaling={"min": 1, "max": 5}),
        "mixtral-8x7b": scene.mixtral(),
    }
    assert faults(specs) == [
        "namespaces.ai-inference.gpus.l40s: grants 8 GPUs, and models may ask for 9: "
        "vllm-qwen3-8b 5 x 1 + vllm-mixtral-8x7b 1 x 4; raise the grant and the pool's limit_gpus, lower "
        "replicas or scaling.max, or use another pool"
    ]
    assert faults({**specs, "qwen3-8b": scene.vllm(scaling={"min": 1, "max": 4})}) == []


def test_gpus_for_an_update_count_too() -> None:
    spec = scene.mixtral(replicas=2, spare_gpus_for_updates=True)
    (fault,) = faults({"m": spec})
    assert "may ask for 12: vllm-m 2 x 4 + 4 for an update" in fault


def test_l4_is_all_the_tenants_so_that_a_model_there_is_refused() -> None:
    (fault,) = faults({"q": scene.vllm(pool="l4", max_model_len=8192, full_requests=1)})
    assert fault.startswith("namespaces.ai-inference.gpus.l4: grants 0 GPUs, and models may ask for 1")


def test_two_models_cannot_answer_to_one_name() -> None:
    specs: dict[str, ModelSpec] = {"a": scene.vllm(aliases=["gpt-oss"]), "b": scene.vllm(aliases=["gpt-oss"])}
    assert faults(specs) == ["models.a: and models.b both answer to gpt-oss; rename one of them"]


def test_an_adapter_cannot_be_called_like_another_model() -> None:
    specs: dict[str, ModelSpec] = {
        "a": scene.vllm(adapters={"b": {"weights": scene.s3("b")}}),
        "b": scene.vllm(),
    }
    assert faults(specs) == ["models.a: and models.b both answer to b; rename one of them"]


def test_an_image_of_weights_needs_a_kubernetes_that_mounts_it() -> None:
    image = {"source": "image", "image": f"registry.example/w@{scene.DIGEST}"}
    spec = scene.vllm(weights=image, adapters={"t": {"weights": image}})
    remedy = (
        "which Kubernetes mounts from 1.35 on, and cluster.version is 1.34; write source: s3, or raise the"
    )
    found = faults({"q": spec}, cluster_version="1.34")
    assert [one.partition(":")[0] for one in found] == ["models.q.weights", "models.q.adapters.t.weights"]
    assert all(remedy in one for one in found)
    assert faults({"q": spec}) == []


def test_a_secret_that_the_stack_does_not_have() -> None:
    assert faults(scene.models(triage=scene.GRAPH), secrets=["openai"]) == [
        "models.triage.secrets: names graph-database; the stack has: openai; add secrets.graph-database, or drop it"
    ]


class TestScaling:
    ONE = scene.vllm(scaling={"min": 1, "max": 2})
    ZERO = scene.vllm(scaling={"min": 0, "max": 2})

    def test_it_needs_who_scales_and_who_measures(self) -> None:
        assert part_faults({"q": self.ONE}, {"prometheus"}) == [
            Fault(
                "models.q.scaling", "needs keda, which scales by a query", "switch it on, or write replicas"
            )
        ]
        assert [str(one) for one in part_faults({"q": self.ONE}, {"keda"})] == [
            "models.q.scaling: needs prometheus, which answers it; switch it on, or write replicas"
        ]

    def test_to_zero_it_needs_the_gateway_that_sees_who_asks(self) -> None:
        assert [str(one) for one in part_faults({"q": self.ZERO}, {"keda", "prometheus"})] == [
            "models.q.scaling: needs gateway, which sees requests while there is no server; switch it on, or "
            "write replicas"
        ]
        assert part_faults({"q": self.ONE}, {"keda", "prometheus"}) == []

    def test_a_server_at_zero_that_no_route_leads_to_would_never_start(self) -> None:
        (fault,) = gateway_faults({"q": self.ZERO}, {"vllm-q": ()}, 600)
        assert str(fault) == (
            "models.q.scaling.min: is 0, and no route of the gateway leads to vllm-q: nothing would ever start "
            "it; write min: 1, or take the route of its name out of gateway.routes"
        )
        assert gateway_faults({"q": self.ZERO}, {"vllm-q": ("model-q",)}, 600) == []
        assert gateway_faults({"q": self.ONE}, {}, 600) == []

    def test_an_answer_may_not_take_longer_than_a_server_that_ends_stays(self) -> None:
        (fault,) = gateway_faults({"q": self.ONE}, {}, 900)
        assert str(fault) == (
            "models.q.drain_seconds: is 600, and the gateway lets an answer take 900; raise it to 900, or lower "
            "gateway.streams.longest_seconds"
        )

    def test_a_fixed_number_needs_nobody(self) -> None:
        assert part_faults({"q": scene.vllm(replicas=2)}, set()) == []


@given(
    st.sampled_from(sorted(scene.POOLS)),
    st.sampled_from([1, 2, 4, 8]),
    st.integers(512, 32768),
    st.integers(1, 32),
)
def test_fit_means_that_every_sum_is_within_what_there_is(
    pool: str, share: int, length: int, requests: int
) -> None:
    spec = scene.mixtral(tensor_parallel=share, max_model_len=length, full_requests=requests, dtype="float16")
    for machine in machines_of(scene.POOLS[pool], auto_mode=False):
        room = gpu_memory(spec).total <= usable_mib(machine.gpu_mib, spec) and spec.gpus <= machine.gpus
        assert fits(spec, machine) == room
        assert bool(shortfalls(spec, machine)) == (not room)


@given(st.integers(512, 32768))
def test_what_fits_at_a_length_fits_at_every_shorter_one(length: int) -> None:
    spec = scene.mixtral(max_model_len=length)
    (first, *_) = machines_of(scene.POOLS["l40s"], auto_mode=False)
    if fits(spec, first):
        assert fits(spec.model_copy(update={"max_model_len": max(512, length // 2)}), first)


@pytest.mark.parametrize(("share", "fit"), [(1, True), (2, True), (4, True)])
def test_qwen3_8b_fits_the_l4s_of_a_g6_12xlarge(share: int, fit: bool) -> None:
    spec = scene.vllm(pool="l4", tensor_parallel=share, max_model_len=8192, full_requests=1)
    (first, *_) = machines_of(scene.POOLS["l4"], auto_mode=False)
    assert (first.name, fits(spec, first)) == ("g6.12xlarge", fit)
