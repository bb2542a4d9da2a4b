"""What a hand-over and the rest of a stack have to agree on."""

from __future__ import annotations

from collections.abc import Collection

from components.argocd.render import application_name
from components.argocd.spec import ArgoCdSpec, HandoverSpec
from components.core.faults import Fault

PATH = "services.argocd"
NAME_LIMIT = 63
"""Argo CD labels what it manages with the application's name."""


def argocd_faults(spec: ArgoCdSpec, tenants: Collection[str], secrets: Collection[str]) -> list[Fault]:
    """Tenants and secrets that do not exist, a hand-over of nothing, and one that nobody runs."""
    return [
        *_switch(spec),
        *_tenants(spec, tenants),
        *_secrets(spec, secrets),
        *(fault for tenant, handover in spec.tenants.items() for fault in _applications(tenant, handover)),
    ]


def _switch(spec: ArgoCdSpec) -> list[Fault]:
    if spec.enabled and not spec.tenants:
        # Bound to no namespace it would ask for every one.
        return [Fault(f"{PATH}.tenants", "hands nothing over", "name a tenant, or switch Argo CD off")]
    if spec.tenants and not spec.enabled:
        return [
            Fault(
                f"{PATH}.enabled", "is off although tenants hand over to it", "switch it on, or drop tenants"
            )
        ]
    return []


def _tenants(spec: ArgoCdSpec, tenants: Collection[str]) -> list[Fault]:
    known = ", ".join(sorted(tenants)) or "none"
    return [
        Fault(
            f"{PATH}.tenants.{name}",
            f"is no tenant of the stack; it has: {known}",
            f"add tenants.{name}, or drop it here",
        )
        for name in spec.tenants
        if name not in tenants
    ]


def _secrets(spec: ArgoCdSpec, secrets: Collection[str]) -> list[Fault]:
    known = ", ".join(sorted(secrets)) or "none"
    return [
        Fault(
            path,
            f"nothing provides the secret {secret!r}",
            f"declare it under secrets with its arn; declared: {known}",
        )
        for path, secret in secrets_by_path(spec).items()
        if secret not in secrets
    ]


def secrets_by_path(spec: ArgoCdSpec) -> dict[str, str]:
    """The declared secrets that Argo CD reads, by where that is said."""
    found: dict[str, str] = {}
    if spec.oidc and spec.oidc.client_secret:
        found[f"{PATH}.oidc.client_secret"] = spec.oidc.client_secret
    for tenant, handover in spec.tenants.items():
        for index, repository in enumerate(handover.repositories):
            if repository.secret:
                found[f"{PATH}.tenants.{tenant}.repositories[{index}].secret"] = repository.secret
    return found


def _applications(tenant: str, handover: HandoverSpec) -> list[Fault]:
    urls = [repository.url for repository in handover.repositories]
    path = f"{PATH}.tenants.{tenant}.applications"
    foreign = [
        Fault(
            f"{path}.{name}.repository",
            f"{application.repository} is none of the tenant's repositories",
            f"add it to them, or use one of {', '.join(urls)}",
        )
        for name, application in handover.applications.items()
        if application.repository not in urls
    ]
    long = [
        Fault(
            f"{path}.{name}",
            f"becomes {application_name(tenant, name)}, longer than {NAME_LIMIT} characters",
            "shorten it",
        )
        for name in handover.applications
        if len(application_name(tenant, name)) > NAME_LIMIT
    ]
    return [*foreign, *long]
