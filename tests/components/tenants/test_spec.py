"""What may be written about a tenant; nothing that is written can open it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.tenants.spec import TIERS, TenantSpec

LEAST = {"owner": "team-a", "cost_center": "1000"}


def test_two_lines_make_a_tenant_with_the_standard_quota_and_no_gpus() -> None:
    tenant = TenantSpec.model_validate(LEAST)
    assert tenant.effective_quota.model_dump(exclude_none=True) == {
        "cpu": "20",
        "memory": "40Gi",
        "limits_cpu": "40",
        "limits_memory": "80Gi",
        "pods": 50,
        "services": 10,
    }
    assert tenant.gpus == {}
    assert tenant.secrets == []


def test_a_written_quota_replaces_the_tiers_as_a_whole() -> None:
    quota = {"cpu": 4, "memory": "8Gi", "limits_cpu": 8, "limits_memory": "16Gi"}
    tenant = TenantSpec.model_validate({**LEAST, "quota": quota})
    assert tenant.effective_quota.pods is None
    assert tenant.effective_quota != TIERS["standard"]


@pytest.mark.parametrize(
    "key", ["network_policy", "isolation", "default_deny", "pod_security", "namespace", "labels", "egress"]
)
def test_no_key_switches_isolation_off(key: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        TenantSpec.model_validate({**LEAST, key: False})
    assert key not in TenantSpec.model_fields


@pytest.mark.parametrize("missing", ["owner", "cost_center"])
def test_somebody_answers_and_somebody_pays(missing: str) -> None:
    with pytest.raises(ValidationError, match="Field required"):
        TenantSpec.model_validate({key: value for key, value in LEAST.items() if key != missing})


@pytest.mark.parametrize("owner", ["", "Team A", "-a", "a" * 64, "a/b"])
def test_an_owner_is_what_a_label_can_hold(owner: str) -> None:
    with pytest.raises(ValidationError):
        TenantSpec.model_validate({**LEAST, "owner": owner})


def test_an_unknown_tier_is_told_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="Input should be 'standard'"):
        TenantSpec.model_validate({**LEAST, "tier": "gold"})
