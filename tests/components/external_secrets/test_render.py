from __future__ import annotations

import pytest

from components.core.aws import Place
from components.external_secrets.render import cluster_store

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def test_the_store_serves_the_named_namespaces_and_no_other() -> None:
    store = cluster_store(PLACE, ["observability", "ai-data", "ai-data"])
    assert store["conditions"] == [{"namespaces": ["ai-data", "observability"]}]


def test_a_store_for_nobody_is_refused_because_it_would_serve_everybody() -> None:
    with pytest.raises(ValueError, match="no namespaces; a store without conditions serves every one"):
        cluster_store(PLACE, [])


def test_the_operators_own_identity_reads() -> None:
    assert cluster_store(PLACE, ["ai-data"])["provider"] == {
        "aws": {"service": "SecretsManager", "region": "eu-west-1"}
    }, "an auth block would switch Pod Identity off"
