from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.argocd.checks import argocd_faults
from components.argocd.spec import ArgoCdSpec, RepositorySpec

TENANTS = ("tenant-a", "tenant-b")
SECRETS = ("argocd", "acme-git")
APPS = "https://github.com/acme/apps.git"


def test_it_is_off_unless_somebody_says_so() -> None:
    assert ArgoCdSpec().enabled is False
    assert argocd_faults(ArgoCdSpec(), TENANTS, ()) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/acme/apps.git",
        "git@github.com:acme/apps.git",
        "https://user:token@github.com/acme/apps.git",
        "https://github.com/acme/*",
        "https://github.com:8443/acme/apps.git",
    ],
)
def test_a_repository_is_one_https_address_without_a_credential(url: str) -> None:
    with pytest.raises(ValidationError, match="is not an https address without user, port and wildcard"):
        RepositorySpec(url=url)


def test_a_sound_hand_over_has_no_fault(spec: ArgoCdSpec) -> None:
    assert argocd_faults(spec, TENANTS, SECRETS) == []


def test_tenants_and_secrets_exist(spec: ArgoCdSpec) -> None:
    assert [str(fault) for fault in argocd_faults(spec, ["tenant-a"], ["argocd"])] == [
        "services.argocd.tenants.tenant-b: is no tenant of the stack; it has: tenant-a; add tenants.tenant-b, "
        "or drop it here",
        "services.argocd.tenants.tenant-a.repositories[0].secret: nothing provides the secret 'acme-git'; "
        "declare it under secrets with its arn; declared: argocd",
    ]


def test_an_application_comes_from_its_tenants_own_repositories(spec: ArgoCdSpec) -> None:
    foreign = spec.tenants["tenant-b"].model_copy(
        update={"applications": spec.tenants["tenant-a"].applications}
    )
    moved = spec.model_copy(update={"tenants": {**spec.tenants, "tenant-b": foreign}})
    (fault,) = argocd_faults(moved, TENANTS, SECRETS)
    assert str(fault) == (
        f"services.argocd.tenants.tenant-b.applications.web.repository: {APPS} is none of the tenant's "
        "repositories; add it to them, or use one of https://gitlab.example.com/acme/charts.git"
    )


def test_a_name_that_no_label_can_hold_is_refused(spec: ArgoCdSpec) -> None:
    one = spec.tenants["tenant-a"]
    long = one.model_copy(update={"applications": {"x" * 60: one.applications["web"]}})
    (fault,) = argocd_faults(spec.model_copy(update={"tenants": {"tenant-a": long}}), TENANTS, SECRETS)
    assert "longer than 63 characters; shorten it" in str(fault)


def test_a_switch_and_what_it_switches_agree(spec: ArgoCdSpec) -> None:
    (nothing,) = argocd_faults(ArgoCdSpec(enabled=True), TENANTS, SECRETS)
    assert str(nothing) == (
        "services.argocd.tenants: hands nothing over; name a tenant, or switch Argo CD off"
    )
    (off,) = argocd_faults(spec.model_copy(update={"enabled": False}), TENANTS, SECRETS)
    assert str(off) == (
        "services.argocd.enabled: is off although tenants hand over to it; switch it on, or drop tenants"
    )
