from __future__ import annotations

from copy import deepcopy
from typing import Any, get_args

import pytest

from stacks.config import PlatformConfig, parse
from stacks.data import DataSpec
from stacks.errors import ConfigError
from stacks.needs import NEEDS
from stacks.observability import ObservabilitySpec
from stacks.services import ServicesSpec

SECTIONS = {"data": DataSpec, "services": ServicesSpec, "observability": ObservabilitySpec}
SWITCHES = [
    f"{section}.{part}"
    for section, spec in SECTIONS.items()
    for part, field in spec.model_fields.items()
    if any(
        "enabled" in getattr(model, "model_fields", {})
        for model in (field.annotation, *get_args(field.annotation))
    )
]


NO_GATEWAY = "gateway"
NO_CACHE = "data.cache"
"""Its switch is a mode."""
HAS_A_CHECK_OF_ITS_OWN = {"data.postgres"}


def _off(platform: dict[str, Any], *paths: str) -> dict[str, Any]:
    changed = deepcopy(platform)
    for path in paths:
        section, _, part = path.partition(".")
        if not part:
            changed.setdefault(section, {})["enabled"] = False
            continue
        off = {"mode": "off"} if path == NO_CACHE else {"enabled": False}
        changed.setdefault(section, {}).setdefault(part, {}).update(off)
    return changed


def _enabled(config: PlatformConfig, path: str) -> bool:
    section, _, part = path.partition(".")
    return getattr(getattr(config, section), part).enabled


def test_a_stack_stands_with_every_switch_off(platform: dict[str, Any]) -> None:
    del platform["gpu_pools"], platform["tenants"]
    config = parse(_off(platform, *SWITCHES, NO_CACHE, NO_GATEWAY), "x")
    assert [path for path in SWITCHES if _enabled(config, path)] == []


@pytest.mark.parametrize("path", SWITCHES)
def test_every_part_can_be_off_or_says_who_needs_it(platform: dict[str, Any], path: str) -> None:
    changed = _off(platform, path)
    if path not in {need.path for need in NEEDS} | HAS_A_CHECK_OF_ITS_OWN:
        assert _enabled(parse(changed, "x"), path) is False
        return
    with pytest.raises(ConfigError) as refusal:
        parse(changed, "x")
    for fault in refusal.value.faults:
        assert fault.startswith(f"{path}.enabled: is ") or "which is off" in fault, fault


def test_every_need_names_a_part_that_has_a_switch() -> None:
    assert {need.path for need in NEEDS} <= set(SWITCHES)


def test_the_fault_names_everybody_who_needs_it(platform: dict[str, Any]) -> None:
    platform["tenants"]["tenant-b"] = {"owner": "b", "cost_center": "1", "secrets": ["openai"]}
    with pytest.raises(ConfigError) as refusal:
        parse(_off(platform, "services.external_secrets"), "x")
    assert (
        "services.external_secrets.enabled: is false, but tenants.tenant-a.secrets, tenants.tenant-b.secrets "
        "needs it: it is what brings a secret into a namespace; switch it on, or remove what needs it"
    ) in refusal.value.faults


def test_auto_mode_needs_no_device_plugin_of_ours(platform: dict[str, Any]) -> None:
    platform["compute"] = {"mode": "auto"}
    parse(_off(platform, "services.gpu_readiness"), "x")


def test_a_tenant_without_secrets_needs_nobody_to_bring_them(platform: dict[str, Any]) -> None:
    del platform["tenants"]["tenant-a"]["secrets"]
    others = (path for path in SWITCHES if path != "services.gpu_readiness")
    parse(_off(platform, *others, NO_CACHE, NO_GATEWAY), "x")
