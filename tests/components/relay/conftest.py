from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentic import relay_package
from components.relay.spec import RelaySpec
from tests.components.relay import stage, upstream

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def spec() -> RelaySpec:
    return RelaySpec.model_validate(
        {
            "enabled": True,
            "providers": {
                "relay-provider": {"secret": "relay-provider", "base_url": "https://api.holysheep.ai/v1"}
            },
            "models": {
                **{name: one.model_dump() for name, one in RelaySpec().models.items()},
                "text-embedding-3-small": {"provider": "relay-provider", "makes": "vectors"},
            },
            "batch": {"enabled": True, "longest_queue": 2},
            "pre_rules": [{"model": "ultra-cheap", "longest_characters": 200, "words": ["translate"]}],
        }
    )


@pytest.fixture(scope="session")
def provider() -> Iterator[upstream.Upstream]:
    with upstream.running() as found:
        yield found


@pytest.fixture(scope="session")
def relay(
    spec: RelaySpec, provider: upstream.Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stage.Relay]:
    python = relay_package.python(ROOT)
    if python is None:
        missing = "LiteLLM's proxy is not installed for tests: make relay-proxy"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with stage.running(python, spec, provider.base, tmp_path_factory.mktemp("relay")) as found:
        yield found
