from __future__ import annotations

from components.charts.metrics import MetricSource
from components.milvus.metrics import sources
from components.milvus.spec import ClusterMilvus, StandaloneMilvus

STANDALONE = sources(StandaloneMilvus(mode="standalone"))
CLUSTER = sources(ClusterMilvus(mode="cluster"))


def names(made: tuple[MetricSource, ...]) -> frozenset[str]:
    return frozenset(name for one in made for name in one.names)


def test_a_rule_for_one_mode_is_a_rule_for_the_other() -> None:
    assert names(STANDALONE) == names(CLUSTER)


def test_jobs_are_called_after_the_services_that_the_chart_makes() -> None:
    assert [one.job for one in STANDALONE] == ["milvus", "milvus-etcd-metrics"]
    assert [one.job for one in CLUSTER] == [
        "milvus",
        "milvus-mixcoord",
        "milvus-querynode",
        "milvus-streamingnode",
        "milvus-datanode",
        "milvus-etcd-metrics",
    ]


def test_whether_a_thing_is_up_is_known_of_every_job() -> None:
    assert all("up" in one.names for one in CLUSTER)


def test_the_series_of_a_component_are_told_by_it_and_by_nobody_else() -> None:
    for one in CLUSTER:
        told = {name.split("_")[1] for name in one.names if name.startswith("milvus_")}
        allowed = {
            "milvus": {"proxy"},
            "milvus-mixcoord": {"rootcoord", "datacoord"},
            "milvus-querynode": {"querynode"},
            "milvus-streamingnode": {"wal"},
        }
        assert told == allowed.get(one.job, set())
