from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gateway.spec import PoolBackend, Route, ServiceBackend
from components.models.notices import notices
from components.models.routing import gateway_catalogue, routes_to
from components.models.servers import all_servers, saving, servers
from tests.components.models import scene


def test_a_shared_server_answers_for_every_agent() -> None:
    specs = scene.models(qwen3_8b=scene.QWEN)
    (server,) = all_servers(specs)
    assert server.url == "http://vllm-qwen3-8b.ai-inference.svc:8000/v1"
    assert server.agents == ("support", "analyst", "scribe")
    assert (server.public, tuple(server.adapters)) == (("qwen3-8b",), ("tickets",))


def test_a_dedicated_server_has_its_agents_adapter_and_a_name_of_its_own() -> None:
    specs = scene.models(qwen3_8b={**scene.QWEN, "runtime": "dedicated"})
    made = {one.name: (one.public, tuple(one.adapters)) for one in all_servers(specs)}
    assert made == {
        "vllm-qwen3-8b-support": (("qwen3-8b-support",), ("tickets",)),
        "vllm-qwen3-8b-analyst": (("qwen3-8b-analyst",), ()),
        "vllm-qwen3-8b-scribe": (("qwen3-8b-scribe",), ()),
    }
    assert {one.name: one.agents for one in all_servers(specs)} == {
        "vllm-qwen3-8b-support": ("support",),
        "vllm-qwen3-8b-analyst": ("analyst",),
        "vllm-qwen3-8b-scribe": ("scribe",),
    }


def test_the_saving_is_what_a_server_for_each_would_take_more() -> None:
    spec = scene.mixtral(tool_call_parser="mistral", agents={"a": {}, "b": {}, "c": {}}, replicas=2)
    assert str(saving("m", spec)) == (
        "3 agents on 2 servers with 8 GPUs; dedicated: 6 servers with 24 GPUs; saved: 4 containers and 16 GPUs"
    )
    apart = spec.model_copy(update={"runtime": "dedicated"})
    kept = saving("m", apart)
    assert kept is not None
    assert (kept.servers_saved, kept.gpus_saved) == (0, 0)
    assert saving("m", scene.mixtral()) is None


@given(st.integers(1, 20), st.integers(1, 4), st.sampled_from([1, 2, 4, 8]), st.booleans())
def test_what_is_saved_is_one_server_for_each_agent_but_one(
    agents: int, replicas: int, share: int, dedicated: bool
) -> None:
    spec = scene.vllm(
        agents={f"a{number}": {} for number in range(agents)},
        replicas=replicas,
        tensor_parallel=share,
        runtime="dedicated" if dedicated else "unified",
    )
    found = saving("m", spec)
    assert found is not None
    assert found.servers_saved == (0 if dedicated else (agents - 1) * replicas)
    assert found.gpus_saved == found.servers_saved * share
    assert found.gpus == sum(one.most * one.gpus for one in servers("m", spec))


@given(st.lists(st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True), min_size=1, unique=True))
def test_names_of_services_are_labels_and_differ(agents: list[str]) -> None:
    spec = scene.vllm(agents={agent: {} for agent in agents[:64]}, runtime="dedicated")
    names = [one.name for one in servers("x" * 40, spec)]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 for name in names)


def test_the_gateway_gets_a_backend_a_server_and_a_route_a_name() -> None:
    catalogue = gateway_catalogue(scene.everything())
    assert {(one.name, one.port) for one in catalogue.backends} == {  # type: ignore[union-attr]
        ("vllm-qwen3-8b", 8000),
        ("vllm-mixtral-8x7b", 8000),
        ("tgi-mixtral", 8080),
    }
    assert {one.model: dict(one.weights) for one in catalogue.routes} == {
        "qwen3-8b": {"vllm-qwen3-8b": 100},
        "tickets": {"vllm-qwen3-8b": 100},
        "mixtral-8x7b": {"vllm-mixtral-8x7b": 100},
        "mixtral": {"tgi-mixtral": 100},
    }


@pytest.mark.parametrize("pools", [False, True])
def test_a_backend_says_what_its_server_answers_to(pools: bool) -> None:
    """By these the gateway asks it: another name would be answered 404."""
    found = gateway_catalogue(scene.everything(), inference_pools=pools).backend("vllm-qwen3-8b")
    assert isinstance(found, PoolBackend if pools else ServiceBackend)
    assert found.serves == ("qwen3-8b", "tickets")


def test_with_pools_only_a_server_with_several_pods_has_a_picker() -> None:
    catalogue = gateway_catalogue(scene.everything(), inference_pools=True)
    pooled = [one for one in catalogue.backends if isinstance(one, PoolBackend)]
    assert [(one.pool, one.port) for one in pooled] == [("vllm-qwen3-8b", 8000)]
    assert pooled[0].labels["app.kubernetes.io/name"] == "vllm-qwen3-8b"


def test_every_route_that_may_end_at_a_server_wakes_it() -> None:
    routes = [
        Route(model="qwen3-8b", weights={"vllm-qwen3-8b": 100}),
        Route(model="gpt-4", weights={"relay": 100}, fallbacks=("vllm-qwen3-8b",)),
        Route(model="claude-3", weights={"relay": 100}),
    ]
    found = routes_to(scene.everything(), routes, lambda model: f"model-{model}")
    assert found["vllm-qwen3-8b"] == ("model-gpt-4", "model-qwen3-8b")
    assert found["vllm-mixtral-8x7b"] == ()


class TestNotices:
    @staticmethod
    def of(**raw: dict[str, object]) -> tuple[str, ...]:
        (server,) = all_servers(scene.models(**raw))
        return notices(server)

    def test_tgi_is_deprecated_and_no_fault(self) -> None:
        (first, *_) = self.of(mixtral=scene.TGI)
        assert first == (
            "engine tgi is deprecated: maintenance mode since 2025-12-11, repository archived 2026-03-21; "
            "write engine: vllm, which serves the same weights"
        )

    def test_langserve_is_legacy(self) -> None:
        assert self.of(chain={**scene.GRAPH, "kind": "langserve"}) == (
            "LangServe is legacy: LangGraph server (kind: langgraph) is its successor and serves the same chains",
        )
        assert self.of(graph=scene.GRAPH) == ()

    def test_what_scaling_to_zero_costs_who_asks_first(self) -> None:
        said = self.of(q={**scene.QWEN, "scaling": {"min": 0, "max": 2}, "agents": {}})
        assert said == (
            "scales to zero: saves 1 GPU while nobody asks; who asks first gets 503, or the route's fallback, "
            "for about 16 minutes",
        )

    def test_a_model_that_agents_cannot_use_and_that_updates_take_away(self) -> None:
        assert self.of(m=scene.MIXTRAL) == (
            "was not taught to call tools: agents cannot use it",
            "one server and no GPUs to spare: an update takes it away for about 25 minutes",
        )
