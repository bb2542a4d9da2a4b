"""The credentials of a stack's parts, as their components declare them: generated once, read back by name."""

from __future__ import annotations

from components.langfuse.secrets import credentials as langfuse
from components.milvus.secrets import credentials as milvus
from components.opencost.secrets import credentials as opencost
from components.prometheus.secrets import credentials as prometheus
from components.secrets.spec import Credential
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_credentials(config: PlatformConfig) -> tuple[Credential, ...]:
    """The credentials of every part that the stack has, by part."""
    by_part = {
        "langfuse": langfuse(),
        "milvus": milvus(),
        "opencost": opencost(),
        "prometheus": prometheus(),
    }
    return tuple(one for part in sorted(parts(config)) for one in by_part.get(part, ()))
