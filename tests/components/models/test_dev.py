"""The examples of the page fit the pools and grants that the dev stack really has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from components.models.checks import model_faults
from components.namespaces.grants import gpu_grant, gpu_quota_faults
from components.node_pools.spec import GpuPoolSpec
from components.tenants.spec import TenantSpec
from tests.components.models import scene
from tests.components.models.test_page import ADDED

ROOT = Path(__file__).parents[3]
DEV: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"][
    "agentic-platform:platform"
]
POOLS = {name: GpuPoolSpec.model_validate(pool) for name, pool in DEV["gpu_pools"].items()}


def test_the_examples_fit_what_dev_grants_beside_its_tenants() -> None:
    tenants = {name: TenantSpec.model_validate(tenant) for name, tenant in DEV["tenants"].items()}
    assert gpu_quota_faults(POOLS, {}, tenants) == []
    granted = gpu_grant("ai-inference", None, POOLS)
    found = model_faults(
        scene.MODELS.validate_python({**DEV["models"], **ADDED["models"]}),
        POOLS,
        granted,
        cluster_version=DEV["cluster"]["version"],
        auto_mode=False,
        secrets=[],
    )
    assert [str(one) for one in found] == []
