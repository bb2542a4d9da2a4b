"""Rendered objects, against the schemas and the CEL rules of their kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.core.aws import Place
from components.node_pools.instances import GPU_TYPES, INSTANCE_TYPES
from components.node_pools.node_classes import auto_node_class, ec2_node_class
from components.node_pools.render import (
    API_VERSION,
    KIND,
    NODE_CLASS_KINDS,
    Mode,
    cpu_node_pool,
    gpu_node_pool,
    object_name,
)
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec

Faults = Callable[[dict[str, Any]], list[str]]
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform", "agentic.dev/cluster": "ai-dev"},
)
EVERYTHING: dict[str, Any] = {
    "instance_types": ["g5.xlarge", "g5.48xlarge"],
    "limit_gpus": 16,
    "capacity_types": ["reserved", "spot", "on-demand"],
    "spot_allowed": True,
    "capacity_reservations": [{"id": "cr-0abc"}, {"tags": {"purpose": "inference"}}],
    "weight": 100,
    "ami_alias": "al2023@v20260901",
    "disk": {"size_gib": 1000, "kms_key_arn": "arn:aws:kms:us-east-1:111122223333:key/abc"},
    "budgets": [{"nodes": "10%", "reasons": ["Empty", "Drifted"], "schedule": "@daily", "duration_hours": 1}],
}


def objects(mode: Mode, key: str, pool: CpuPoolSpec | GpuPoolSpec) -> list[dict[str, Any]]:
    kind = NODE_CLASS_KINDS[mode]
    node_class = (
        auto_node_class(PLACE, key, pool.disk, node_role="nodes")
        if mode == "auto"
        else ec2_node_class(PLACE, key, pool, pool.disk, node_role="nodes", ami_alias="al2023@v20260714")
    )
    node_pool = gpu_node_pool(key, pool, mode) if isinstance(pool, GpuPoolSpec) else cpu_node_pool(pool, mode)
    metadata = {"name": object_name(key)}
    return [
        {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": node_class},
        {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": node_pool},
    ]


def samples(mode: Mode) -> Iterator[dict[str, Any]]:
    yield from objects(mode, "cpu", CpuPoolSpec(limit_cpu=64))
    yield from objects(mode, "cpu", CpuPoolSpec(limit_cpu=64, instance_families=["m8g"]))
    yield from objects(mode, "a10g", GpuPoolSpec.model_validate(EVERYTHING))
    for name in GPU_TYPES:
        pool = GpuPoolSpec(instance_types=[name], limit_gpus=INSTANCE_TYPES[name].gpus)
        yield from objects(mode, "gpu", pool)


@pytest.mark.parametrize("mode", ["karpenter", "auto"])
def test_every_object_is_what_its_kind_accepts(schema_faults: Faults, mode: Mode) -> None:
    found = {str(one["metadata"]): schema_faults(one) for one in samples(mode)}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_schema_check_notices_a_misspelt_field(schema_faults: Faults) -> None:
    _, pool = objects("karpenter", "cpu", CpuPoolSpec(limit_cpu=64))
    pool["spec"]["disruption"]["consolidateafter"] = "30s"
    assert "'consolidateafter' was unexpected" in "".join(schema_faults(pool))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    size_gib=st.integers(100, 16384),
    iops=st.integers(3000, 16000),
    throughput=st.integers(125, 750),
    minutes=st.integers(5, 1440),
    hours=st.integers(24, 2160),
)
def test_every_number_a_user_may_write_is_accepted(
    schema_faults: Faults, size_gib: int, iops: int, throughput: int, minutes: int, hours: int
) -> None:
    pool = GpuPoolSpec.model_validate(
        {
            "instance_types": ["g6.xlarge"],
            "limit_gpus": 4,
            "disk": {"size_gib": size_gib, "iops": iops, "throughput_mibps": throughput},
            "termination_grace_minutes": minutes,
            "consolidate_after_minutes": minutes,
            "expire_after_hours": hours,
        }
    )
    for one in objects("karpenter", "l4", pool):
        assert schema_faults(one) == []


# What the API server checks beyond the schema, for the fields that are rendered here (CEL of v1.14.1).


@pytest.mark.parametrize("mode", ["karpenter", "auto"])
def test_labels_and_requirements_stay_out_of_karpenters_own_domains(mode: Mode) -> None:
    allowed = {"karpenter.sh/capacity-type"}
    for one in samples(mode):
        if one["kind"] != KIND:
            continue
        template = one["spec"]["template"]
        keys = [*template["metadata"]["labels"], *(r["key"] for r in template["spec"]["requirements"])]
        refused = [
            key
            for key in keys
            if key == "kubernetes.io/hostname"
            or (key.partition("/")[0].endswith(("karpenter.sh", "karpenter.k8s.aws")) and key not in allowed)
        ]
        assert refused == []


@pytest.mark.parametrize("mode", ["karpenter", "auto"])
def test_lists_are_never_empty_and_budgets_are_whole(mode: Mode) -> None:
    for one in samples(mode):
        if one["kind"] == KIND:
            assert all(r["values"] for r in one["spec"]["template"]["spec"]["requirements"])
            budgets = one["spec"]["disruption"]["budgets"]
            assert all(("schedule" in budget) == ("duration" in budget) for budget in budgets)
        else:
            assert one["spec"]["subnetSelectorTerms"]
            assert one["spec"]["securityGroupSelectorTerms"]


def test_an_ec2_node_class_has_one_alias_one_root_volume_and_one_identity() -> None:
    for one in samples("karpenter"):
        if one["kind"] != "EC2NodeClass":
            continue
        spec = one["spec"]
        (image,) = spec["amiSelectorTerms"]
        assert re.fullmatch(r"al2023@v\d{8}", image["alias"])
        assert set(image) == {"alias"}
        assert sum(mapping.get("rootVolume", False) for mapping in spec["blockDeviceMappings"]) == 1
        assert ("role" in spec) != ("instanceProfile" in spec)
        assert all(
            "id" not in term or set(term) == {"id"}
            for term in spec.get("capacityReservationSelectorTerms", [])
        )


def test_a_taint_has_no_empty_value() -> None:
    for one in samples("karpenter"):
        for taint in one["spec"].get("template", {}).get("spec", {}).get("taints", []):
            assert taint.get("value") != ""
