from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.milvus.spec import ClusterMilvus, MilvusSpec, StandaloneMilvus

SPEC: TypeAdapter[StandaloneMilvus | ClusterMilvus] = TypeAdapter(MilvusSpec)


def parsed(**said: Any) -> StandaloneMilvus | ClusterMilvus:
    return SPEC.validate_python(said)


def resources(memory: str, memory_limit: str | None = None) -> dict[str, str]:
    return {"cpu": "1", "memory": memory, "cpu_limit": "2", "memory_limit": memory_limit or memory}


def test_the_mode_is_all_that_has_to_be_said() -> None:
    assert isinstance(parsed(mode="standalone"), StandaloneMilvus)
    assert isinstance(parsed(mode="cluster"), ClusterMilvus)


def test_a_mode_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="'standalone', 'cluster'"):
        parsed(mode="distributed")


def test_one_mode_does_not_take_the_others_settings() -> None:
    with pytest.raises(ValidationError, match=r"standalone\.query_node\s+Extra inputs are not permitted"):
        parsed(mode="standalone", query_node={"replicas": 3})


def test_a_cluster_has_three_members_of_etcd_and_nobody_can_ask_for_fewer() -> None:
    assert parsed(mode="cluster").etcd_replicas == 3
    assert parsed(mode="standalone").etcd_replicas == 1
    with pytest.raises(ValidationError, match=r"etcd\.replicas\s+Extra inputs"):
        parsed(mode="cluster", etcd={"replicas": 1})


def test_a_part_keeps_its_defaults_where_nothing_is_said() -> None:
    spec = parsed(mode="cluster", query_node={"replicas": 5})
    assert isinstance(spec, ClusterMilvus)
    assert spec.query_node.resources.memory == "8Gi"
    assert spec.proxy.replicas == 2


@pytest.mark.parametrize(
    ("mode", "part"), [("standalone", None), ("cluster", "query_node")], ids=["standalone", "query_node"]
)
def test_who_holds_vectors_reserves_all_it_may_use(mode: str, part: str | None) -> None:
    told: dict[str, Any] = {"resources": resources("4Gi", "8Gi")}
    with pytest.raises(ValidationError) as refused:
        parsed(mode=mode, **({part: told} if part else told))
    assert (
        "memory 4Gi differs from memory_limit 8Gi: it loads vectors until nine tenths of its limit are full, "
        "whatever was reserved; write the same amount twice"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("part", "memory", "least"),
    [("query_node", "1Gi", "2Gi"), ("proxy", "512Mi", "1Gi"), ("data_node", "1000Mi", "1Gi")],
)
def test_memory_in_which_nothing_starts_is_refused(part: str, memory: str, least: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(mode="cluster", **{part: {"resources": resources(memory)}})
    assert f"memory {memory} is below {least}, in which this process cannot even start" in str(refused.value)


@pytest.mark.parametrize("part", ["query_node", "streaming_node", "coordinator"])
def test_memory_that_no_machine_has_is_refused(part: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(mode="cluster", **{part: {"resources": resources("2Ti")}})
    assert "memory_limit 2Ti is more than the largest machine has (1536Gi); use more replicas" in str(
        refused.value
    )


def test_a_number_and_an_autoscaler_are_not_both_taken() -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(mode="cluster", query_node={"replicas": 3, "autoscaling": {}})
    assert "replicas 3 and autoscaling would overwrite each other; write one of them" in str(refused.value)


@pytest.mark.parametrize(("least", "most"), [(4, 4), (5, 4)])
def test_an_autoscaler_has_room(least: int, most: int) -> None:
    scaling = {"min_replicas": least, "max_replicas": most}
    with pytest.raises(ValidationError) as refused:
        parsed(mode="cluster", query_node={"autoscaling": scaling})
    assert f"min_replicas {least} leaves no room below max_replicas {most}; raise max_replicas" in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("query_node", "replicas"), 51, "less than or equal to 50"),
        (("query_node", "local_disk_gib"), 4, "greater than or equal to 5"),
        (("proxy", "replicas"), 0, "greater than or equal to 1"),
        (("coordinator", "replicas"), 3, "Input should be 1 or 2"),
        (("etcd", "storage_gib"), 9, "greater than or equal to 10"),
        (("etcd", "storage_gib"), 1001, "less than or equal to 1000"),
    ],
)
def test_values_have_bounds(path: tuple[str, str], value: int, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        parsed(mode="cluster", **{path[0]: {path[1]: value}})


@pytest.mark.parametrize("percent", [19, 86])
def test_more_query_nodes_come_before_the_last_one_refuses_to_load(percent: int) -> None:
    with pytest.raises(ValidationError, match="memory_percent"):
        parsed(mode="cluster", query_node={"autoscaling": {"memory_percent": percent}})
