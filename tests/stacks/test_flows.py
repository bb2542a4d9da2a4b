"""The table of flows against the parts and pods of whole stacks: no flow names what nobody brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from agentic.plan.model import Plan, Resource
from components.agents.flows import agent_flows
from components.isolation.ends import Flow, Pods, TenantPods
from components.isolation.flows import TABLE, in_force
from components.isolation.flows.places import KUBE_SYSTEM, PROMETHEUS
from components.namespaces.catalogue import NAMESPACES, namespaces_for
from stacks import config, stack_file
from stacks.parts import PARTS, parts, tenants_with_agents
from stacks.pods import declared_pods
from tests.conftest import ROOT

STACKS = ("dev", "staging", "prod")
OPTIONS_THAT_ARE_OFF = (
    Pods("ai-gateway", {"app.kubernetes.io/name": "relay-batch"}),
    Pods("ai-inference", {"agentic.dev/engine": "byo"}),
)
"""Named by a part's flows, and there only where an option of the part is on: no stack here has it on."""

GRPC = frozenset({"metricsservice"})
"""KEDA's operator tells its metrics adapter, in its own protocol and namespace."""


@dataclass(frozen=True)
class Somebody:
    """Pods of one kind, of a release or of an object of the plan."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: Mapping[int, str]


@pytest.fixture(scope="module", params=STACKS)
def stack(
    request: pytest.FixtureRequest, stack_plan: Callable[[str], Plan]
) -> tuple[tuple[Flow, ...], tuple[Somebody, ...]]:
    file = stack_file.read(ROOT, request.param)
    parsed = config.parse(file.platform, file.path.name)
    present = parts(parsed)
    declared = [
        Somebody(pod.namespace, pod.name, pod.labels, {port.number: port.name for port in pod.ports})
        for pod in declared_pods(parsed)
    ]
    ours = [
        _of(resource)
        for resource in stack_plan(request.param)
        if resource.type.startswith(("kubernetes:apps/v1:", "kubernetes:batch/v1:"))
    ]
    flows = (
        *in_force(present, namespaces_for(present)),
        *agent_flows(tenants_with_agents(parsed), present),
    )
    return tuple(map(_at_home, flows)), (*declared, *ours)


def _at_home(flow: Flow) -> Flow:
    """With pods of one tenant as those of its namespace."""
    source, target = (
        Pods(end.tenant, end.labels) if isinstance(end, TenantPods) and end.tenant else end
        for end in (flow.source, flow.target)
    )
    return replace(flow, source=source, target=target)


def _of(workload: Resource) -> Somebody:
    spec = workload.section("spec")
    template = spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec["template"]
    ports = [port for one in template["spec"]["containers"] for port in one.get("ports", ())]
    return Somebody(
        workload.section("metadata")["namespace"],
        workload.section("metadata")["name"],
        template["metadata"].get("labels", {}),
        {port["containerPort"]: port.get("name", "") for port in ports},
    )


def _matching(end: Pods, pods: tuple[Somebody, ...]) -> list[Somebody]:
    return [
        pod for pod in pods if pod.namespace == end.namespace and end.labels.items() <= pod.labels.items()
    ]


Stack = tuple[tuple[Flow, ...], tuple[Somebody, ...]]


def test_every_condition_is_a_part_that_exists() -> None:
    named = {flow.needs for flow in TABLE} | {row.needs for row in NAMESPACES.values()}
    assert named - {None} <= PARTS.keys()


def test_whoever_is_named_by_labels_is_somebody_that_the_stack_brings(stack: Stack) -> None:
    flows, pods = stack
    nobody = {
        str(end)
        for flow in flows
        for end in (flow.source, flow.target)
        if isinstance(end, Pods)
        and end.labels
        and end not in OPTIONS_THAT_ARE_OFF
        and not _matching(end, pods)
    }
    assert nobody == set()


def test_whoever_is_reached_by_labels_listens_on_the_ports_that_are_opened(stack: Stack) -> None:
    flows, pods = stack
    deaf = {
        str(flow): sorted(opened - heard)
        for flow in flows
        if isinstance(flow.target, Pods) and flow.target.labels
        for opened in [{port.number for port in flow.numbered}]
        for heard in [{port for pod in _matching(flow.target, pods) for port in pod.ports}]
        if opened - heard
    }
    assert deaf == {}


def test_metrics_are_fetched_where_they_are_served(stack: Stack) -> None:
    flows, pods = stack
    pulled: dict[str, set[int | None]] = {}
    for flow in flows:
        if flow.source == PROMETHEUS and isinstance(flow.target, Pods):
            pulled.setdefault(flow.target.namespace, set()).update(port.number for port in flow.numbered)
    # Within its own namespace, and to pods of the host's network, Prometheus needs no flow of its own.
    elsewhere = [pod for pod in pods if pod.namespace not in {PROMETHEUS.namespace, KUBE_SYSTEM.namespace}]
    missed = {
        f"{pod.namespace}/{pod.name}:{number}"
        for pod in elsewhere
        for number, name in pod.ports.items()
        if "metrics" in name and name not in GRPC and number not in pulled.get(pod.namespace, set())
    }
    assert missed - {"node-monitoring/kube-prometheus-stack-prometheus-node-exporter:9100"} == set()
