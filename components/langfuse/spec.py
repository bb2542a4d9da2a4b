"""What may be said about LLM tracing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import HostName, Spec


class ClickHouseSpec(Spec):
    """Where traces are kept. Its size is chosen on day one: a volume cannot shrink, one shard is all."""

    replicas: Literal[1, 2, 3] = Field(
        default=1,
        description=(
            "Servers, each with every trace: two survive the loss of a zone. Tables are replicated from the "
            "first day, so that a server can be added."
        ),
    )
    keeper_replicas: Literal[1, 3] = Field(
        default=1, description="Pods of the quorum that replication needs: one, or three to survive a zone."
    )
    storage_gib: int = Field(
        default=50,
        ge=10,
        le=16384,
        description="Volume of each server in GiB; a million spans with prompts take about 5.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="500m", memory="4Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of each server. Memory request and limit belong together: queries use what is there.",
    )


class LangfuseSpec(Spec):
    """Traces of agents and models, with their prompts where those are not redacted."""

    enabled: bool = Field(
        default=True,
        description=(
            "Install Langfuse, ClickHouse and its operator. Needs cert_manager and external_secrets, a "
            "Postgres database, a cache and a bucket."
        ),
    )
    host: HostName | None = Field(
        default=None,
        description="The name under which browsers reach it. None: only by `kubectl port-forward`.",
    )
    admin_email: str = Field(
        default="platform@example.com",
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        description="Who signs in first; the password is in Secrets Manager. Nobody can sign up.",
    )
    replicas: int = Field(default=1, ge=1, le=20, description="Web pods: interface, API and trace intake.")
    worker_replicas: int = Field(
        default=1, ge=1, le=50, description="Worker pods: they write what was taken in to ClickHouse."
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="500m", memory="2Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of each web and each worker pod; the chart sets none.",
    )
    clickhouse: ClickHouseSpec = Field(default_factory=ClickHouseSpec, description="Where traces are kept.")
