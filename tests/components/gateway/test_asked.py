"""What the stack asks of its own gateway, and what it is told where nothing answers."""

from __future__ import annotations

import pytest

from components.gateway.asked import Asked, answers, asked_faults
from components.gateway.spec import Catalogue, GatewaySpec, RelayBackend, Route, Selection, ServiceBackend

RELAY = RelayBackend(
    name="relay",
    service="litellm",
    namespace="ai-gateway",
    port=4000,
    serves=("embed", "gpt-4"),
    asked_as="auto",
)
SERVER = ServiceBackend(name="vllm-qwen", service="vllm-qwen", namespace="ai-inference", port=8000)
OWN = ServiceBackend(name="triage", service="triage", namespace="ai-inference", port=8000)
CATALOGUE = Catalogue(
    backends=(RELAY, SERVER, OWN),
    routes=(
        Route(model="embed", weights={"relay": 100}),
        Route(model="gpt-4", weights={"relay": 100}),
        Route(model="qwen", weights={"vllm-qwen": 100}),
        Route(model="triage", weights={"triage": 100}),
    ),
    default="relay",
    selection=Selection(asked_as="auto", chosen="'gpt-4'"),
)
FOUND = answers(
    GatewaySpec.model_validate({"host": "ai.example.com"}),
    CATALOGUE,
    vectors=("embed",),
    writers=("vllm-qwen",),
)


def said(model: str, *, vectors: bool = False, why: str = "") -> list[str]:
    asked = [Asked(path="agents.a.model.name", model=model, vectors=vectors, why=why)]
    return [str(fault) for fault in asked_faults(asked, FOUND)]


def test_what_answers_is_every_route_and_the_name_that_leaves_the_choice() -> None:
    assert FOUND.names == {"auto", "embed", "gpt-4", "qwen", "triage"}
    assert FOUND.vectors == {"embed"}
    assert FOUND.texts == {"auto", "gpt-4", "qwen"}


def test_a_route_of_the_stacks_own_takes_a_name_from_the_relay() -> None:
    spec = GatewaySpec.model_validate(
        {"host": "ai.example.com", "routes": {"embed": {"backends": {"triage": 100}}}}
    )
    assert "embed" not in answers(spec, CATALOGUE, vectors=("embed",)).vectors


@pytest.mark.parametrize("model", ["auto", "gpt-4", "qwen", "triage"])
def test_a_name_that_makes_text_is_asked_for_text(model: str) -> None:
    assert said(model) == []


@pytest.mark.parametrize("model", ["embed", "triage"])
def test_a_name_that_may_make_vectors_is_asked_for_vectors(model: str) -> None:
    assert said(model, vectors=True) == []


def test_a_name_that_nothing_answers_to_is_refused_though_the_relay_is_sent_every_name() -> None:
    assert said("gpt-4-turbo") == [
        "agents.a.model.name: is 'gpt-4-turbo', and nothing at the gateway answers to that; text may make: auto, "
        "gpt-4, qwen, triage; name one of those, or add it to models, relay.models or relay.aliases"
    ]
    assert said("ada", vectors=True, why="tools.t asks") == [
        "agents.a.model.name: is 'ada', which tools.t asks, and nothing at the gateway answers to that; vectors may "
        "make: embed, triage; name one of those, or add it to relay.models, with makes: vectors"
    ]


def test_a_model_is_not_asked_for_what_it_does_not_make() -> None:
    assert said("embed") == [
        "agents.a.model.name: is 'embed', and that makes no text; name one of auto, gpt-4, qwen, triage"
    ]
    assert said("qwen", vectors=True) == [
        "agents.a.model.name: is 'qwen', and that makes no vectors; name one of embed, triage"
    ]
