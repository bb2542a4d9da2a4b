from __future__ import annotations

from itertools import pairwise

import pytest
from pydantic import TypeAdapter, ValidationError

from components.node_pools.instances import (
    CPU_TYPES,
    GPU_TYPES,
    INSTANCE_TYPES,
    CpuInstanceType,
    GpuInstanceType,
    types_of,
)

CPU = TypeAdapter(CpuInstanceType)
GPU = TypeAdapter(GpuInstanceType)


@pytest.mark.parametrize(
    ("name", "vcpu", "memory_gib", "gpus", "accelerator"),
    [
        ("g5.48xlarge", 192, 768, 8, "A10G (22888 MiB)"),
        ("g6e.12xlarge", 48, 384, 4, "L40S (45776 MiB)"),
        ("p4d.24xlarge", 96, 1152, 8, "A100 (40960 MiB)"),
        ("p4de.24xlarge", 96, 1152, 8, "A100 (81920 MiB)"),
        ("p5.48xlarge", 192, 2048, 8, "H100 (81920 MiB)"),
        ("p5en.48xlarge", 192, 2048, 8, "H200 (144384 MiB)"),
        ("m7i.large", 2, 8, 0, "None"),
        ("r7i.48xlarge", 192, 1536, 0, "None"),
    ],
)
def test_a_row_says_what_ec2_sells(
    name: str, vcpu: int, memory_gib: int, gpus: int, accelerator: str
) -> None:
    row = INSTANCE_TYPES[name]
    assert (row.vcpu, row.memory_gib, row.gpus, str(row.accelerator)) == (vcpu, memory_gib, gpus, accelerator)


@pytest.mark.parametrize("family", ["g5", "g6", "g6e", "p4d", "p4de", "p5", "p5e", "p5en"])
def test_every_gpu_family_of_the_platform_is_there(family: str) -> None:
    assert any(INSTANCE_TYPES[name].family == family for name in GPU_TYPES)


@pytest.mark.parametrize("family", ["m7i", "m7a", "c7i", "r7i", "m8g"])
def test_every_cpu_family_of_the_platform_is_there(family: str) -> None:
    assert [row.vcpu for row in types_of(family)] == sorted(row.vcpu for row in types_of(family))  # type: ignore[arg-type]


def test_a_type_has_gpus_exactly_when_it_has_an_accelerator() -> None:
    assert all((row.gpus > 0) == (row.accelerator is not None) for row in INSTANCE_TYPES.values())
    assert set(CPU_TYPES) | set(GPU_TYPES) == set(INSTANCE_TYPES)


def test_gpu_counts_divide_each_other() -> None:
    """The rule on limits relies on it: every larger node has a multiple of a smaller node's GPUs."""
    counts = sorted({INSTANCE_TYPES[name].gpus for name in GPU_TYPES})
    assert all(larger % smaller == 0 for smaller, larger in pairwise(counts))


def test_a_misspelt_type_is_refused_with_its_neighbours() -> None:
    with pytest.raises(ValidationError) as refused:
        GPU.validate_python("g5.48large")
    assert "'g5.48large' is not in the instance catalogue of 2026-08-21; did you mean g5.48xlarge" in str(
        refused.value
    )


def test_a_type_of_the_wrong_sort_is_refused_as_such() -> None:
    with pytest.raises(
        ValidationError, match=r"m7i\.large is a type without a GPU; a type for this field has"
    ):
        GPU.validate_python("m7i.large")
    with pytest.raises(ValidationError, match=r"g5\.xlarge is a GPU type; a type for this field has none"):
        CPU.validate_python("g5.xlarge")


def test_editors_are_offered_the_whole_catalogue() -> None:
    assert GPU.json_schema()["enum"] == sorted(GPU_TYPES)
