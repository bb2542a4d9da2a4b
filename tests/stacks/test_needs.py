from __future__ import annotations

from typing import Any

import pytest

from stacks.config import parse
from stacks.errors import ConfigError
from stacks.needs import NEEDS
from stacks.services import ServicesSpec


def _off(service: str, platform: dict[str, Any]) -> dict[str, Any]:
    return {**platform, "services": {service: {"enabled": False}}}


@pytest.mark.parametrize("service", sorted(ServicesSpec.model_fields))
def test_every_service_can_be_switched_off_where_nothing_needs_it(
    platform: dict[str, Any], service: str
) -> None:
    del platform["gpu_pools"], platform["tenants"]
    config = parse(_off(service, platform), "x")
    assert getattr(config.services, service).enabled is False


@pytest.mark.parametrize("service", sorted(ServicesSpec.model_fields))
def test_every_service_is_on_unless_it_is_switched_off(platform: dict[str, Any], service: str) -> None:
    assert getattr(parse(platform, "x").services, service).enabled is True


def test_every_need_names_a_service_that_has_a_switch() -> None:
    assert {need.service for need in NEEDS} <= ServicesSpec.model_fields.keys()


def test_the_fault_names_everybody_who_needs_it(platform: dict[str, Any]) -> None:
    platform["tenants"]["tenant-b"] = {"owner": "b", "cost_center": "1", "secrets": ["openai"]}
    with pytest.raises(ConfigError) as refusal:
        parse(_off("external_secrets", platform), "x")
    assert refusal.value.faults == (
        "services.external_secrets.enabled: is false, but tenants.tenant-a.secrets, tenants.tenant-b.secrets "
        "needs it: it is what brings a secret into a namespace; switch it on, or remove what needs it",
    )


def test_auto_mode_needs_no_device_plugin_of_ours(platform: dict[str, Any]) -> None:
    platform["compute"] = {"mode": "auto"}
    parse(_off("gpu_readiness", platform), "x")


def test_a_tenant_without_secrets_needs_nobody_to_bring_them(platform: dict[str, Any]) -> None:
    del platform["tenants"]["tenant-a"]["secrets"]
    parse(_off("external_secrets", platform), "x")
