"""What rules select by, besides names: jobs and workloads that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest

from components.alerts.rules import Rule
from components.charts.pods import PodClass, Workload
from components.langfuse.pods import pods as langfuse
from components.langfuse.spec import LangfuseSpec
from components.milvus.pods import pods as milvus
from components.milvus.spec import ClusterMilvus, Instance, StandaloneMilvus
from components.otel.gateway import Sinks, gateway
from components.otel.spec import OtelSpec
from components.valkey.pods import pods as valkey
from components.valkey.spec import ValkeySpec
from tests.components.alerts.conftest import CATALOGUE, SOURCES
from tests.components.otel.test_requests import PLACE

RULES = [rule for group in CATALOGUE for rule in group.rules]
PODS: dict[str, tuple[tuple[PodClass, ...], ...]] = {
    "milvus": (
        milvus(StandaloneMilvus(mode="standalone")),
        milvus(ClusterMilvus(mode="cluster")),
        milvus(ClusterMilvus(mode="cluster"), Instance("tenant-a")),
    ),
    "valkey": (valkey(ValkeySpec()),),
    "langfuse": (langfuse(LangfuseSpec()),),
}
KINDS = {"deployment": Workload.DEPLOYMENT, "statefulset": Workload.STATEFUL_SET}


def matchers(rule: Rule) -> Iterator[dict[str, str]]:
    """For each selector of a rule, its labels and what they are compared with."""
    found: list[dict[str, str]] = []

    def visit(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            found.append({one.name: one.value for one in node.matchers.matchers})
        return True

    promql_parser.walk(promql_parser.parse(rule.expr), visit)
    yield from found


def test_a_job_that_a_rule_names_is_declared_by_a_part_it_needs() -> None:
    named = 0
    for rule in RULES:
        for selector in matchers(rule):
            if "job" in selector:
                named += 1
                jobs = {source.job for source in SOURCES if source.component in rule.needs}
                assert selector["job"] in jobs, f"{rule.name}: no {selector['job']} among {sorted(jobs)}"
    assert named >= 3


@pytest.mark.parametrize("label", KINDS)
def test_a_workload_that_a_rule_names_is_one_of_the_part_it_needs(label: str) -> None:
    named = 0
    for rule in RULES:
        for selector in matchers(rule):
            if label in selector:
                named += 1
                (part,) = rule.needs & PODS.keys()
                for pods in PODS[part]:
                    there = {
                        pod.name
                        for pod in pods
                        if pod.kind is KINDS[label] and re.fullmatch(selector["namespace"], pod.namespace)
                    }
                    assert any(re.fullmatch(selector[label], name) for name in there), (
                        f"{rule.name}: {selector[label]} is none of {sorted(there)}"
                    )
    assert named


def test_the_exporters_that_a_rule_names_are_the_gateways() -> None:
    exporters = gateway(PLACE, OtelSpec(), Sinks(langfuse=None, prometheus=("a:9090", "b:9090")))["exporters"]
    (rule,) = (rule for rule in RULES if rule.name == "RemoteWriteFailing")
    for selector in matchers(rule):
        matched = [name for name in exporters if re.fullmatch(selector["exporter"], name)]
        assert matched == ["prometheusremotewrite/0", "prometheusremotewrite/1"]
