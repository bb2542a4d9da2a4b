"""What a few lines of configuration change, and what they leave alone."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from agentic.bench.tenants import config
from agentic.plan.capture import capture_program, run_main
from agentic.plan.delta import Delta, Operation
from agentic.plan.diff import diff
from agentic.plan.model import Plan
from stacks.stack_file import PLATFORM_KEY

ROOT = Path(__file__).parents[3]
# Written for all tenants at once, because one reader takes them as one: docs/onboarding-a-tenant.md names them.
SHARED_LISTS = {
    "gateway-agentgatewaypolicy-identity": {
        "spec.traffic.authorization.policy.matchExpressions",
        "spec.traffic.transformation.request.set",
    },
    "gateway-agentgatewaypolicy-internal-identity": {
        "spec.traffic.authorization.policy.matchExpressions",
        "spec.traffic.transformation.request.set",
    },
    "relay-relay-tenant-keys": {"spec.data"},
    "relay-scripts": {"data"},
    "valkey-access": {"spec.data", "spec.target.template.data"},
    "vectors-passwords": {"spec.data"},
}
# Jobs that make what a list says, and what they read: they run again, over what is there already.
MAKERS = {"relay-setup", "vectors-bootstrap"}


@cache
def plan(tenants: int) -> Plan:
    return capture_program(lambda: run_main(ROOT), config=config(ROOT, "dev", tenants))


def changed(**platform: Any) -> Plan:
    settings = config(ROOT, "dev", 2)
    merged = {**json.loads(settings[PLATFORM_KEY]), **platform}
    return capture_program(lambda: run_main(ROOT), config={**settings, PLATFORM_KEY: json.dumps(merged)})


def tenant(**fields: Any) -> dict[str, Any]:
    return {"owner": "team-001", "cost_center": "4001", **fields}


def operations(delta: Delta) -> set[Operation]:
    return {change.operation for change in delta.resources}


def lists_of(delta: Delta) -> dict[str, set[str]]:
    """The properties that change, without what is below them, of what is changed in place."""
    return {
        change.name: {re.split(r"[\[{]", item.path)[0] for item in change.properties}
        for change in delta.resources
        if change.operation is Operation.UPDATE
    }


def replaced(delta: Delta) -> set[str]:
    return {change.name for change in delta.resources if change.operation is Operation.REPLACE}


def others(delta: Delta, tenant: str) -> list[str]:
    """What is made or goes and does not bear the tenant's name."""
    return [
        change.name
        for change in delta.resources
        if change.operation is not Operation.UPDATE
        and tenant not in change.name
        and change.name not in MAKERS
    ]


def test_a_new_tenant_only_adds_what_is_its_own_and_its_line_in_the_shared_lists() -> None:
    delta = diff(plan(2), plan(3))
    assert operations(delta) == {Operation.CREATE, Operation.REPLACE, Operation.UPDATE}
    assert others(delta, "tenant-002") == []
    assert lists_of(delta) == SHARED_LISTS
    assert replaced(delta) == MAKERS
    touched = [change for change in delta.resources if change.operation is not Operation.CREATE]
    assert delta.unchanged == diff(plan(2), plan(2)).unchanged - len(touched)


def test_a_tenant_that_leaves_only_takes_what_was_its_own_and_its_line_in_the_shared_lists() -> None:
    delta = diff(plan(3), plan(2))
    assert operations(delta) == {Operation.DELETE, Operation.REPLACE, Operation.UPDATE}
    assert others(delta, "tenant-002") == []
    assert lists_of(delta) == SHARED_LISTS
    assert replaced(delta) == MAKERS


def test_a_tenant_that_is_first_by_name_moves_no_smoke_test_that_says_whom_it_tests() -> None:
    names = ("tenant-000", "tenant-001")
    tenants = {
        name: {"owner": name.replace("tenant", "team"), "cost_center": f"4{name[-3:]}"} for name in names
    }
    delta = diff(
        plan(2),
        changed(tenants={"acme": tenant(), **tenants}, services={"smoke": {"tenants": list(names)}}),
    )
    assert operations(delta) == {Operation.CREATE, Operation.REPLACE, Operation.UPDATE}
    assert others(delta, "acme") == []
    assert lists_of(delta) == SHARED_LISTS
    assert [change.name for change in delta.resources if change.name.startswith("smoke")] == []


def test_another_tenants_lines_in_the_shared_lists_stay() -> None:
    before, after = ({r.name: json.dumps(r.inputs) for r in plan(count)} for count in (2, 3))
    for name in SHARED_LISTS:
        assert before[name].count("tenant-001") == after[name].count("tenant-001") > 0
        assert "tenant-002" not in before[name]
        assert "tenant-002" in after[name]


def test_a_tenants_gpus_change_nothing_of_another() -> None:
    tenants = {
        "tenant-000": {"owner": "team-000", "cost_center": "4000"},
        "tenant-001": tenant(gpus={"l4": 2}),
    }
    delta = diff(plan(2), changed(tenants=tenants))
    assert delta.resources
    assert {change.name for change in delta.resources if "tenant-000" in change.urn} == set()
    assert Operation.REPLACE not in operations(delta)
    assert Operation.DELETE not in operations(delta)


def test_a_renamed_tenant_is_a_delete_and_a_create_in_the_open() -> None:
    tenants = {"tenant-000": {"owner": "team-000", "cost_center": "4000"}, "renamed": tenant()}
    counts = diff(plan(2), changed(tenants=tenants)).counts()
    assert counts["delete"] == counts["create"] > 0


def test_a_new_kubernetes_version_keeps_the_cluster() -> None:
    platform = json.loads(config(ROOT, "dev", 2)[PLATFORM_KEY])
    delta = diff(plan(2), changed(cluster={**platform["cluster"], "version": "1.34"}))
    found = {change.name: change for change in delta.resources}
    assert operations(delta) == {Operation.UPDATE}
    assert [item.path for item in found["platform-eksCluster"].properties] == ["version"]
