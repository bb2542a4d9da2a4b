"""The store through which the platform's own namespaces read Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components.core.aws import Place

API_VERSION = "external-secrets.io/v1"
CLUSTER_STORE = "aws-secrets-manager"
"""The name by which platform ExternalSecrets refer to the store."""


def cluster_store(place: Place, namespaces: Iterable[str]) -> dict[str, Any]:
    """The spec of a ClusterSecretStore that only these namespaces may use; ValueError when there are none.

    There is no `auth`: the operator's own Pod Identity reads, and any `auth` block would switch it off.
    """
    allowed = sorted(set(namespaces))
    if not allowed:
        raise ValueError(
            f"ClusterSecretStore {CLUSTER_STORE}: no namespaces; a store without conditions serves every one"
        )
    return {
        "conditions": [{"namespaces": allowed}],
        "provider": {"aws": {"service": "SecretsManager", "region": place.region}},
    }
