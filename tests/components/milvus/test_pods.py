"""What is declared about Milvus's pods, against a list of what the chart rendered (where that list is at hand)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.milvus.pods import ETCD_METRICS_LISTENER, disruption_budgets, pods
from components.milvus.room import quota, summary
from components.milvus.spec import (
    SHARED,
    AutoscalingSpec,
    ClusterMilvus,
    Instance,
    MilvusSpec,
    ProxySpec,
    QueryNodeSpec,
    StandaloneMilvus,
)

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"
VARIANTS = {
    "milvus": ClusterMilvus(mode="cluster"),
    "milvus-standalone": StandaloneMilvus(mode="standalone"),
}
BOTH = pytest.mark.parametrize(("variant", "spec"), VARIANTS.items(), ids=list(VARIANTS))


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]


@BOTH
def test_declared_pods_are_those_the_chart_renders(
    rendered: dict[str, Any], variant: str, spec: MilvusSpec
) -> None:
    there = {
        (one["kind"], one["name"]): (
            one["namespace"],
            one["labels"],
            sorted((port["name"], port["port"]) for port in one["ports"]),
            one["service_account"],
            one["pod_security"],
        )
        for one in rendered[variant]["workloads"]
    }
    ours = {
        (one.kind.value, one.name): (
            one.namespace,
            dict(one.labels),
            # The one listener that the chart's container does not declare.
            sorted((port.name, port.number) for port in one.ports if port != ETCD_METRICS_LISTENER),
            one.service_account,
            one.pod_security.value,
        )
        for one in pods(spec)
    }
    assert ours == there


@BOTH
def test_declared_images_are_those_the_chart_pulls(
    rendered: dict[str, Any], variant: str, spec: MilvusSpec
) -> None:
    def whole(reference: str) -> str:
        name = reference.partition("@")[0]
        return name if name.startswith("docker.io/") else f"docker.io/{name}"

    ours = {whole(image.reference) for one in pods(spec) for image in one.images}
    assert ours == {whole(reference) for reference in rendered[variant]["images"]}


@BOTH
def test_every_container_that_the_chart_leaves_unsized_is_declared(
    rendered: dict[str, Any], variant: str, spec: MilvusSpec
) -> None:
    unsized = {(one["workload"], one["container"]) for one in rendered[variant]["resources_missing"]}
    sized = {
        (f"{one.kind.value}/{one.name}", container.name) for one in pods(spec) for container in one.containers
    }
    assert unsized <= sized


def test_a_quota_counts_the_most_query_nodes_there_may_be() -> None:
    spec = ClusterMilvus(
        mode="cluster", query_node=QueryNodeSpec(autoscaling=AutoscalingSpec(max_replicas=7))
    )
    assert {pod.name: pod.replicas for pod in pods(spec)}["milvus-querynode"] == 7


def test_who_has_a_pod_to_spare_has_a_budget_and_who_has_not_can_be_moved() -> None:
    assert set(disruption_budgets(ClusterMilvus(mode="cluster"))) == {
        "milvus-mixcoord",
        "milvus-proxy",
        "milvus-querynode",
        "milvus-datanode",
        "milvus-streamingnode",
    }
    alone = ClusterMilvus(mode="cluster", proxy=ProxySpec(replicas=1))
    assert "milvus-proxy" not in disruption_budgets(alone)
    assert disruption_budgets(StandaloneMilvus(mode="standalone")) == {}


LONG = "a-tenant-whose-name-is-as-long-as-names-of-tenants-may-be"


@pytest.mark.parametrize("spec", VARIANTS.values(), ids=list(VARIANTS))
def test_a_milvus_of_a_tenants_own_differs_by_its_name_and_place_alone(spec: MilvusSpec) -> None:
    shared, own = pods(spec), pods(spec, Instance("tenant-a"))
    assert [pod.name for pod in own] == [pod.name.replace("milvus", "milvus-tenant-a", 1) for pod in shared]
    assert {pod.namespace for pod in own} == {"ai-data-tenant-a"}
    assert {pod.labels["app.kubernetes.io/instance"] for pod in own} == {"milvus-tenant-a"}
    assert [(pod.ports, pod.containers, pod.replicas) for pod in own] == [
        (pod.ports, pod.containers, pod.replicas) for pod in shared
    ]
    mine = disruption_budgets(spec, Instance("tenant-a"))
    assert mine.keys() == {name.replace("milvus", "milvus-tenant-a") for name in disruption_budgets(spec)}


def test_names_of_a_milvus_leave_room_for_what_the_chart_adds_to_them() -> None:
    """A StatefulSet's name and a hash of ten are a label of 63; two long names stay two."""
    names = {Instance(f"{LONG}{number}").name for number in range(10)}
    assert len(names) == 10
    assert max(len(f"{name}-etcd") + len("-0123456789") for name in names) <= 63
    assert SHARED.name == "milvus"
    assert Instance("a").uri == "http://milvus-a.ai-data-a.svc:19530"


def test_a_namespace_has_room_for_its_milvus_while_it_is_updated() -> None:
    spec = ClusterMilvus(mode="cluster")
    found = quota(spec, pods(spec))
    # Two of each of five, one more of each in an update; three of etcd.
    assert (found.pods, found.persistent_volume_claims) == (5 * 3 + 3, 3)
    assert (found.cpu, found.memory) == ("20", "63Gi")
    assert summary(spec, pods(spec)) == "13 pods with 13.5 CPUs and 43 GiB, 60 GiB of volumes, and a bucket"
