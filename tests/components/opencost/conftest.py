from __future__ import annotations

import pytest

from components.core.aws import Place


@pytest.fixture(scope="session")
def place() -> Place:
    return Place(
        account_id="111122223333",
        partition="aws",
        region="eu-west-1",
        zones=("eu-west-1a", "eu-west-1b"),
        environment="dev",
        cluster_name="ai-dev",
    )
