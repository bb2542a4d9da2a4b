"""What may be said about a server in an image of one's own."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from components.charts.literals import secret_settings
from components.charts.pods import ContainerResources
from components.core.spec import DnsLabel
from components.models.shape import ServerSpec
from components.models.weights import ImageByDigest

BYO_HEALTH = MappingProxyType({"bentoml": "/readyz", "langserve": None, "langgraph": "/ok"})
"""What answers when the server can: BentoML's `/readyz`, LangGraph server's `/ok`; LangServe has no such path."""

ByoKind = Literal["bentoml", "langserve", "langgraph"]
_PLATFORMS_OWN = ("HOME", "HF_HUB_OFFLINE", "DO_NOT_TRACK", "PORT", "BENTOML_PORT")


class ByoModel(ServerSpec):
    """A server in an image of one's own: BentoML, LangGraph server, or (legacy) LangServe."""

    engine: Literal["byo"] = Field(description="An image of one's own.")
    kind: ByoKind = Field(description="What is in the image: its port and its probes follow.")
    image: ImageByDigest = Field(description="The image, with registry and digest.")
    resources: ContainerResources = Field(description="CPU and memory of a server.")
    port: Literal[8000, 8080] = Field(
        default=8000, description="Where it listens: the ports of model servers that policies open."
    )
    health_path: str | None = Field(
        default=None,
        pattern=r"^/[A-Za-z0-9/_-]*$",
        description="What answers 200 when it can serve; left out: /readyz, /ok, or (LangServe) an open port.",
    )
    start_seconds: int = Field(default=300, ge=10, le=7200, description="How long it may take to start.")
    env: dict[Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")], str] = Field(
        default_factory=dict, max_length=64, description="Plain environment; nothing secret."
    )
    secrets: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=16,
        description="Names of `secrets` whose keys become environment: DATABASE_URI of a LangGraph server.",
    )
    uid: int = Field(default=1000, ge=1, le=2**31, description="The user it runs as; never root.")
    pool: DnsLabel | None = Field(default=None, description="A GPU pool, where it needs one.")
    gpus: int = Field(default=0, ge=0, le=8, description="GPUs of each server, on one node.")

    @property
    def answers_at(self) -> str | None:
        """The path of its probes; None: an open port has to do."""
        return self.health_path or BYO_HEALTH[self.kind]

    @model_validator(mode="after")
    def _gpus_come_from_a_pool(self) -> Self:
        if (self.gpus > 0) != (self.pool is not None):
            raise ValueError("gpus and pool go together; write both or neither")
        return self

    @model_validator(mode="after")
    def _leaves_the_platforms_environment_alone(self) -> Self:
        taken = sorted(set(self.env) & set(_PLATFORMS_OWN))
        if taken:
            raise ValueError(f"env {', '.join(taken)} is set by the platform; leave it out")
        secret = secret_settings(self.env)
        if secret:
            raise ValueError(
                f"env {', '.join(secret)} would hold a secret, which everybody reads in a plan; keep it in Secrets "
                "Manager under that key, and name its entry of `secrets` under secrets"
            )
        return self

    @model_validator(mode="after")
    def _knows_no_adapters(self) -> Self:
        return self.without_adapters()
