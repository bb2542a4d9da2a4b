"""What may take long to end is waited for by its node."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks import stack_file
from stacks.config import parse
from stacks.errors import ConfigError
from tests.conftest import ROOT


def dev() -> dict[str, Any]:
    return json.loads(json.dumps(stack_file.read(ROOT, "dev").platform))


def faults(raw: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refusal:
        parse(raw, "Pulumi.dev.yaml")
    return tuple(refusal.value.faults)


def test_a_server_on_gpus_has_time_to_finish_its_streams() -> None:
    raw = dev()
    raw["gpu_pools"]["l40s"]["termination_grace_minutes"] = 10
    raw["models"]["mixtral-8x7b"]["drain_seconds"] = 900
    assert faults(raw) == (
        "gpu_pools.l40s.termination_grace_minutes: is 10, and models.mixtral-8x7b.drain_seconds lets a pod take 16 min "
        "to end: a drain would not wait for it; raise it to at least 16, or lower models.mixtral-8x7b.drain_seconds",
        "gpu_pools.l40s.termination_grace_minutes: is 10, and models.qwen3-8b.drain_seconds lets a pod take 11 min to "
        "end: a drain would not wait for it; raise it to at least 11, or lower models.qwen3-8b.drain_seconds",
    )


def test_a_worker_of_a_queue_has_time_to_finish_what_it_has_in_hand() -> None:
    raw = dev()
    raw["compute"] = {"cpu_pool": {"termination_grace_minutes": 5}}
    assert faults(raw) == (
        "compute.cpu_pool.termination_grace_minutes: is 5, and agents.customer-support-agent.scaling.queue."
        "timeout_seconds lets a pod take 6 min to end: a drain would not wait for it; raise it to at least 6, or lower "
        "agents.customer-support-agent.scaling.queue.timeout_seconds",
    )


def test_what_ends_within_the_time_is_no_fault() -> None:
    raw = dev()
    raw["gpu_pools"]["l40s"]["termination_grace_minutes"] = 11
    assert parse(raw, "Pulumi.dev.yaml").gpu_pools["l40s"].termination_grace_minutes == 11
