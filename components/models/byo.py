"""What a server in somebody's own image is told: its port, where models are, and its secrets by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.names import bounded
from components.models.loading import SCRATCH
from components.models.names import NAME_LIMIT
from components.models.servers import Server
from components.models.spec import ByoModel, ModelSpec
from components.secrets.spec import read_back


def environment(spec: ByoModel) -> dict[str, str]:
    """What the platform sets, and what the stack says beside it."""
    return {
        "HOME": SCRATCH,
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        # BentoML reads its own name, most others the short one.
        "PORT": str(spec.port),
        **({"BENTOML_PORT": str(spec.port)} if spec.kind == "bentoml" else {}),
        **spec.env,
    }


def secret_names(server: Server) -> tuple[str, ...]:
    """The Secrets of the namespace that become its environment."""
    if not isinstance(server.spec, ByoModel):
        return ()
    return tuple(bounded(f"{server.name}-{name}", NAME_LIMIT) for name in server.spec.secrets)


def secrets_used(models: Mapping[str, ModelSpec]) -> frozenset[str]:
    """Names of `secrets` that External Secrets has to be allowed to read for them."""
    return frozenset(name for spec in models.values() if isinstance(spec, ByoModel) for name in spec.secrets)


def external_secret(secret: str, arn: Any) -> dict[str, Any]:
    """The spec of an ExternalSecret that brings every key of a supplied secret."""
    spec = read_back(secret, {})
    del spec["data"]
    return {**spec, "dataFrom": [{"extract": {"key": arn}}]}
