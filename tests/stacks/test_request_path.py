"""The way of a request through the dev stack: every edge of it is open, and what else is open is written down here."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from agentic.plan.model import Plan
from components.core.labels import TENANT_LABEL
from components.isolation.ends import Port
from components.isolation.reachability import PodParty, Policy, reaches
from components.isolation.surroundings import NODE_TIER
from components.network.layout import layout
from stacks import config, stack_file
from stacks.pods import declared_pods
from stacks.surroundings import surroundings
from tests.conftest import ROOT

AGENT, SEARCH = "customer-support-agent", "tool-search-knowledge-base"

WAY = (
    (
        "ai-gateway",
        "kagent-controller",
        8083,
    ),  # a token was good: the question goes to who keeps the sessions
    ("kagent-controller", AGENT, 8080),
    (AGENT, "kagent-controller", 8083),  # which keeps what was said
    (AGENT, SEARCH, 8080),
    (SEARCH, "ai-gateway", 8080),  # the question as a vector, by the gateway's inner listener
    (SEARCH, "milvus-standalone", 19530),
    (AGENT, "ai-gateway", 8080),
    ("ai-gateway", "vllm-qwen3-8b", 8000),
    ("ai-gateway", "litellm", 4000),
    ("litellm", "valkey", 6379),
    (AGENT, "otel-agent", 4317),
    ("ai-gateway", "otel-agent", 4317),
    ("otel-agent", "otel-collector", 4319),
    ("otel-collector", "langfuse-web", 3000),
    ("langfuse-web", "langfuse-clickhouse", 8123),
)
"""From the token to the trace. Databases outside the cluster are no pods, and tests of their own."""

BESIDE = {
    ("ai-agents", "ai-data", 6379),  # queues and sessions of agents
    ("ai-agents", "ai-data", 19530),  # images of one's own that search
    ("ai-agents", "ai-gateway", 8080),
    ("ai-agents", "ai-inference", 8000),
    ("ai-agents", "ai-tools", 8080),  # the controller asks what a tool offers
    ("ai-agents", "node-monitoring", 4317),
    ("ai-agents", "observability", 4317),
    ("ai-data", "ai-data", 6379),
    ("ai-data", "ai-data", 19530),
    ("ai-gateway", "ai-agents", 8080),
    ("ai-gateway", "ai-gateway", 8080),
    ("ai-gateway", "ai-inference", 8000),
    ("ai-gateway", "node-monitoring", 4317),
    ("ai-gateway", "observability", 4317),
    ("ai-inference", "node-monitoring", 4317),
    ("ai-inference", "observability", 4317),
    ("observability", "ai-data", 6379),  # Langfuse's queue
    ("observability", "observability", 3000),
    ("observability", "observability", 4317),
    ("observability", "observability", 4319),
    ("observability", "observability", 8123),
}
"""What the table grants whole functions, whoever of them asks; a line more is somebody's decision."""


@pytest.fixture(scope="module")
def home() -> dict[str, str]:
    said = config.parse(stack_file.read(ROOT, "dev").platform, "Pulumi.dev.yaml")
    return {one.name: one.namespace for one in declared_pods(said)}


@pytest.fixture(scope="module")
def open_edges(stack_plan: Callable[[str], Plan]) -> set[tuple[str, str, int]]:
    said = config.parse(stack_file.read(ROOT, "dev").platform, "Pulumi.dev.yaml")
    around = surroundings(said, layout(said.network, tuple(said.aws.zones)))
    pods = {one.name: one for one in declared_pods(said)}
    written = [
        Policy.of(one.inputs)
        for one in stack_plan("dev").all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    ]
    stations = {name: pods[name] for name in {end for edge in WAY for end in edge[:2]}}
    parties = {
        name: PodParty(
            namespace=pod.namespace,
            labels=pod.labels,
            namespace_labels={TENANT_LABEL: pod.namespace} if pod.namespace in said.tenants else {},
            networks=tuple(around.tiers.get(NODE_TIER, ())),
        )
        for name, pod in stations.items()
    }
    ports = sorted({port for _, _, port in WAY})
    return {
        (source, target, port)
        for source, target in product(stations, repeat=2)
        for port in ports
        if source != target
        and port in {one.number for one in stations[target].ports}
        and reaches(written, parties[source], parties[target], Port(port)) != "denied"
    }


@pytest.mark.parametrize("edge", WAY, ids=lambda edge: f"{edge[0]} to {edge[1]}")
def test_every_step_of_a_request_is_open(
    open_edges: set[tuple[str, str, int]], edge: tuple[str, str, int]
) -> None:
    assert edge in open_edges


def test_what_else_is_open_between_them_is_known_by_function(
    open_edges: set[tuple[str, str, int]], home: dict[str, str]
) -> None:
    others = {(home[source], home[target], port) for source, target, port in open_edges - set(WAY)}
    assert others == BESIDE


def test_no_step_is_open_backwards_or_skips_the_gateway(open_edges: set[tuple[str, str, int]]) -> None:
    reached = {(source, target) for source, target, _ in open_edges}
    assert not reached & {
        ("ai-gateway", "milvus-standalone"),
        ("ai-gateway", "langfuse-web"),
        (SEARCH, "vllm-qwen3-8b"),
        (SEARCH, "litellm"),
        (SEARCH, AGENT),
        (SEARCH, "valkey"),
        (AGENT, "litellm"),
        (AGENT, "langfuse-web"),
        ("vllm-qwen3-8b", "ai-gateway"),
        ("vllm-qwen3-8b", "milvus-standalone"),
        ("milvus-standalone", AGENT),
        ("milvus-standalone", "otel-agent"),
        ("litellm", "milvus-standalone"),
        ("otel-agent", "langfuse-web"),
        ("langfuse-web", AGENT),
    }
