from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from components.langfuse.pods import operator_pod, store_pods
from components.langfuse.render import clickhouse_cluster, keeper_cluster, operator_monitor, pod_monitor
from components.langfuse.spec import ClickHouseSpec, LangfuseSpec

SPECS = (ClickHouseSpec(), ClickHouseSpec(replicas=3, keeper_replicas=3))
OPERATOR = "clickhouse-operator"
MONITORING = "prometheus-operator"


def schema(directory: Path, file: str) -> dict[str, Any]:
    definition = yaml.safe_load((directory / file).read_text())
    return definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def unknown(value: object, known: dict[str, Any], path: str = "spec") -> list[str]:
    """The fields that the schema does not have: a server would drop or refuse them."""
    if known.get("x-kubernetes-preserve-unknown-fields"):
        return []
    if isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if "additionalProperties" in known:
            return []
        fields = known.get("properties", {})
        return [
            fault
            for key, below in node.items()
            for fault in (
                unknown(below, fields[key], f"{path}.{key}") if key in fields else [f"{path}.{key}"]
            )
        ]
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [fault for item in items for fault in unknown(item, known.get("items", {}), path)]
    return []


@pytest.mark.parametrize("spec", SPECS)
def test_the_kinds_have_every_field_we_set(reference_crds: Path, spec: ClickHouseSpec) -> None:
    keeper = schema(reference_crds, f"{OPERATOR}/clickhouse.com_keeperclusters.yaml")
    servers = schema(reference_crds, f"{OPERATOR}/clickhouse.com_clickhouseclusters.yaml")
    assert unknown(keeper_cluster(spec), keeper) == []
    assert unknown(clickhouse_cluster(spec), servers) == []


def test_monitors_are_of_their_kind(reference_crds: Path) -> None:
    pods = schema(reference_crds, f"{MONITORING}/crd-podmonitors.yaml")
    services = schema(reference_crds, f"{MONITORING}/crd-servicemonitors.yaml")
    for pod in store_pods(LangfuseSpec()):
        assert unknown(pod_monitor(pod), pods) == []
    assert unknown(operator_monitor(operator_pod().labels), services) == []


def test_a_wrong_field_is_found(reference_crds: Path) -> None:
    keeper = schema(reference_crds, f"{OPERATOR}/clickhouse.com_keeperclusters.yaml")
    assert unknown({"replicas": 1, "podTemplate": {"securitycontext": {}}}, keeper) == [
        "spec.podTemplate.securitycontext"
    ]


@pytest.mark.parametrize("made", [keeper_cluster(SPECS[0]), clickhouse_cluster(SPECS[0])])
def test_pods_pass_restricted(made: dict[str, Any]) -> None:
    container = made["containerTemplate"]["securityContext"]
    assert container["capabilities"] == {"add": [], "drop": ["ALL"]}, "the operator fills in what is left out"
    assert container["allowPrivilegeEscalation"] is False
    pod = made["podTemplate"]["securityContext"]
    assert (pod["runAsNonRoot"], pod["runAsUser"]) == (True, 101)
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}


def test_there_is_one_shard_and_a_quorum_of_ours() -> None:
    made = clickhouse_cluster(SPECS[1])
    assert (made["shards"], made["replicas"]) == (1, 3)
    assert made["keeperClusterRef"] == {"name": "langfuse"}


def test_the_password_is_named_and_not_said() -> None:
    settings = clickhouse_cluster(SPECS[0])["settings"]
    assert settings["defaultUserPassword"] == {"secret": {"name": "langfuse-clickhouse", "key": "password"}}


def test_replicas_are_spread_over_zones_and_one_alone_is_not() -> None:
    assert "topologyZoneKey" in clickhouse_cluster(SPECS[1])["podTemplate"]
    assert "topologyZoneKey" not in clickhouse_cluster(SPECS[0])["podTemplate"]


def test_volumes_are_of_the_platforms_class() -> None:
    claim = clickhouse_cluster(ClickHouseSpec(storage_gib=200))["dataVolumeClaimSpec"]
    assert claim["storageClassName"] == "gp3"
    assert claim["resources"] == {"requests": {"storage": "200Gi"}}
