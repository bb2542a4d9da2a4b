from __future__ import annotations

from typing import Any

import pytest

from components.argocd.spec import ArgoCdSpec

APPS = "https://github.com/acme/apps.git"
CHARTS = "https://gitlab.example.com/acme/charts.git"


def raw() -> dict[str, Any]:
    """A hand-over of two tenants, as YAML says it."""
    return {
        "enabled": True,
        "host": "argocd.example.com",
        "oidc": {
            "issuer": "https://login.example.com/acme",
            "client_id": "argocd",
            "client_secret": "argocd",
            "admin_groups": ["platform"],
        },
        "tenants": {
            "tenant-a": {
                "repositories": [{"url": APPS, "secret": "acme-git"}],
                "applications": {"web": {"repository": APPS, "path": "web", "revision": "main"}},
                "groups": ["acme"],
            },
            "tenant-b": {"repositories": [{"url": CHARTS}]},
        },
    }


@pytest.fixture
def spec() -> ArgoCdSpec:
    return ArgoCdSpec.model_validate(raw())
