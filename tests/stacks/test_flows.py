"""The table of flows against the parts and pods of whole stacks: no flow names what nobody brings."""

from __future__ import annotations

import pytest

from components.charts.pods import PodClass
from components.isolation.ends import Flow, Pods
from components.isolation.flows import TABLE, in_force
from components.isolation.flows.places import KUBE_SYSTEM, PROMETHEUS
from components.namespaces.catalogue import NAMESPACES, namespaces_for
from stacks import config, stack_file
from stacks.parts import PARTS, parts
from stacks.pods import declared_pods
from tests.conftest import ROOT

STACKS = ("dev", "staging", "prod")
TO_COME = frozenset({"gateway", "gateway_internal", "gateway_providers", "gateway_public", "kagent"})
"""Parts that flows and namespaces know already and no stack can have yet."""

GRPC = frozenset({"metricsservice"})
"""KEDA's operator tells its metrics adapter, in its own protocol and namespace."""


def _stack(name: str) -> tuple[tuple[Flow, ...], tuple[PodClass, ...]]:
    file = stack_file.read(ROOT, name)
    parsed = config.parse(file.platform, file.path.name)
    present = parts(parsed)
    return in_force(present, namespaces_for(present)), declared_pods(parsed)


def _matching(end: Pods, pods: tuple[PodClass, ...]) -> list[PodClass]:
    return [
        pod for pod in pods if pod.namespace == end.namespace and end.labels.items() <= pod.labels.items()
    ]


def test_every_condition_is_a_part_that_exists() -> None:
    named = {flow.needs for flow in TABLE} | {row.needs for row in NAMESPACES.values()}
    assert named - {None} <= PARTS.keys() | TO_COME
    assert named >= TO_COME
    assert not TO_COME & PARTS.keys()


@pytest.mark.parametrize("stack", STACKS)
def test_whoever_is_named_by_labels_is_somebody_that_the_stack_brings(stack: str) -> None:
    flows, pods = _stack(stack)
    nobody = {
        str(end)
        for flow in flows
        for end in (flow.source, flow.target)
        if isinstance(end, Pods) and end.labels and not _matching(end, pods)
    }
    assert nobody == set()


@pytest.mark.parametrize("stack", STACKS)
def test_whoever_is_reached_by_labels_listens_on_the_ports_that_are_opened(stack: str) -> None:
    flows, pods = _stack(stack)
    deaf = {
        str(flow): sorted(opened - heard)
        for flow in flows
        if isinstance(flow.target, Pods) and flow.target.labels
        for opened in [{port.number for port in flow.numbered}]
        for heard in [{port.number for pod in _matching(flow.target, pods) for port in pod.ports}]
        if opened - heard
    }
    assert deaf == {}


@pytest.mark.parametrize("stack", STACKS)
def test_metrics_are_fetched_where_they_are_served(stack: str) -> None:
    flows, pods = _stack(stack)
    pulled: dict[str, set[int | None]] = {}
    for flow in flows:
        if flow.source == PROMETHEUS and isinstance(flow.target, Pods):
            pulled.setdefault(flow.target.namespace, set()).update(port.number for port in flow.numbered)
    # Within its own namespace, and to pods of the host's network, Prometheus needs no flow of its own.
    elsewhere = [pod for pod in pods if pod.namespace not in {PROMETHEUS.namespace, KUBE_SYSTEM.namespace}]
    missed = {
        f"{pod.namespace}/{pod.name}:{port.number}"
        for pod in elsewhere
        for port in pod.ports
        if "metrics" in port.name
        and port.name not in GRPC
        and port.number not in pulled.get(pod.namespace, set())
    }
    assert missed - {"node-monitoring/kube-prometheus-stack-prometheus-node-exporter:9100"} == set()
