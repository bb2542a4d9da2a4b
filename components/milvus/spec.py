"""What may be said about vectors: one process for a small stack, a process for each task otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.charts.pods import ContainerResources
from components.core.names import bounded
from components.core.spec import Spec
from components.milvus.sizes import SearchResources, WorkerResources

PORT = 19530
"""gRPC and REST, both on one port and both without TLS."""

INSTANCE_NAME_LIMIT = 40
"""Of a release: the chart names a StatefulSet after it, and Kubernetes hashes that into a label of 63."""

ETCD_REPLICAS = 3


LocalDiskGib = Annotated[int, Field(ge=5, le=2000)]


class EtcdSpec(Spec):
    """Where names, schemas and the places of all data are kept; without it nothing in the bucket is found."""

    storage_gib: int = Field(
        default=20,
        ge=10,
        le=1000,
        description="Volume of each member in GiB; the database itself may grow to 4. It cannot shrink.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="200m", memory="512Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of each member.",
    )


class ClusterEtcdSpec(EtcdSpec):
    """Three members, each on a node of its own: one may be lost."""

    resources: ContainerResources = Field(
        default=ContainerResources(cpu="500m", memory="1Gi", cpu_limit="2", memory_limit="2Gi"),
        description="Of each of the three members.",
    )


class ProxySpec(Spec):
    """Who clients talk to: checks users, merges results."""

    replicas: int = Field(default=2, ge=1, le=20, description="Pods.")
    resources: WorkerResources = Field(
        default=ContainerResources(cpu="1", memory="2Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of each pod.",
    )


class CoordinatorSpec(Spec):
    """Who decides: definitions, users, which node has what."""

    replicas: Literal[1, 2] = Field(
        default=2, description="Pods: one works, the second stands by. More would only wait."
    )
    resources: WorkerResources = Field(
        default=ContainerResources(cpu="1", memory="2Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of each pod; memory grows with the number of collections and segments.",
    )


class DataNodeSpec(Spec):
    """Who builds indexes and merges segments."""

    replicas: int = Field(default=2, ge=1, le=50, description="Pods.")
    resources: WorkerResources = Field(
        default=ContainerResources(cpu="1", memory="4Gi", cpu_limit="2", memory_limit="8Gi"),
        description="Of each pod; one index is built in the memory of one pod.",
    )


class StreamingNodeSpec(Spec):
    """Who writes the log, and serves what was just written."""

    replicas: int = Field(default=2, ge=1, le=50, description="Pods.")
    resources: WorkerResources = Field(
        default=ContainerResources(cpu="1", memory="4Gi", cpu_limit="2", memory_limit="8Gi"),
        description="Of each pod; it holds what is not yet in a sealed segment.",
    )


class AutoscalingSpec(Spec):
    """How many query nodes there may be, and what makes one more."""

    min_replicas: int = Field(default=2, ge=1, le=50, description="Pods there always are.")
    max_replicas: int = Field(default=6, ge=2, le=50, description="Pods there are at most.")
    cpu_percent: int = Field(
        default=60, ge=20, le=90, description="Mean CPU use, of what is requested, above which one is added."
    )
    memory_percent: int = Field(
        default=70,
        ge=20,
        le=85,
        description="Mean memory use above which one is added; at 90 a query node refuses to load more.",
    )

    @model_validator(mode="after")
    def _has_room_to_grow(self) -> Self:
        if self.min_replicas >= self.max_replicas:
            raise ValueError(
                f"min_replicas {self.min_replicas} leaves no room below max_replicas {self.max_replicas}; "
                "raise max_replicas, or write replicas instead of autoscaling"
            )
        return self


class QueryNodeSpec(Spec):
    """Who searches: vectors and indexes are in its memory."""

    replicas: int = Field(default=2, ge=1, le=50, description="Pods, where nothing scales them.")
    autoscaling: AutoscalingSpec | None = Field(
        default=None,
        description="Scale by CPU and memory instead of a fixed number; needs services.metrics_server.",
    )
    resources: SearchResources = Field(
        default=ContainerResources(cpu="2", memory="8Gi", cpu_limit="4", memory_limit="8Gi"),
        description=(
            "Of each pod. Memory request and limit are one amount. A million vectors of 1536 dimensions "
            "take about 6 GiB, with an HNSW index of M 16 some 2 % more."
        ),
    )
    local_disk_gib: LocalDiskGib = Field(
        default=30,
        description="Disk of the node in GiB that one pod may fill with what it maps instead of loading.",
    )

    @model_validator(mode="after")
    def _one_owner_of_the_number(self) -> Self:
        if self.autoscaling is not None and "replicas" in self.model_fields_set:
            raise ValueError(
                f"replicas {self.replicas} and autoscaling would overwrite each other; write one of them"
            )
        return self

    @property
    def most_replicas(self) -> int:
        """What a quota has to have room for."""
        return self.replicas if self.autoscaling is None else self.autoscaling.max_replicas


_ENABLED = Field(
    default=True,
    description="Install Milvus. Needs external_secrets, which makes the password of its first user.",
)


class StandaloneMilvus(Spec):
    """All of Milvus in one pod: for development, and for as many vectors as one machine holds."""

    mode: Literal["standalone"]
    enabled: bool = _ENABLED
    resources: SearchResources = Field(
        default=ContainerResources(cpu="1", memory="4Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of the pod. Memory request and limit are one amount: it loads what is searched.",
    )
    local_disk_gib: LocalDiskGib = Field(
        default=20, description="Disk of the node in GiB that it may fill; nothing of value is kept there."
    )
    etcd: EtcdSpec = Field(default_factory=EtcdSpec, description="One member.")

    @property
    def etcd_replicas(self) -> int:
        """One: a second would add no safety, and one pod is what the rest of it survives."""
        return 1


class ClusterMilvus(Spec):
    """A pod for each task, two of each: any one of them may be lost."""

    mode: Literal["cluster"]
    enabled: bool = _ENABLED
    proxy: ProxySpec = Field(default_factory=ProxySpec, description="Who clients talk to.")
    coordinator: CoordinatorSpec = Field(default_factory=CoordinatorSpec, description="Who decides.")
    query_node: QueryNodeSpec = Field(default_factory=QueryNodeSpec, description="Who searches.")
    data_node: DataNodeSpec = Field(default_factory=DataNodeSpec, description="Who builds indexes.")
    streaming_node: StreamingNodeSpec = Field(
        default_factory=StreamingNodeSpec, description="Who writes the log."
    )
    etcd: ClusterEtcdSpec = Field(default_factory=ClusterEtcdSpec, description="Three members.")

    @property
    def etcd_replicas(self) -> int:
        """Three, always: a cluster that forgets its metadata with one volume is none."""
        return ETCD_REPLICAS


MilvusSpec = Annotated[StandaloneMilvus | ClusterMilvus, Field(discriminator="mode")]
"""The type of the config's `data.milvus` section."""


@dataclass(frozen=True)
class Instance:
    """One Milvus: the one that tenants share, or that of one tenant, with names nobody else has."""

    tenant: str | None = None

    @property
    def name(self) -> str:
        """Of its release, its component, its role and its bucket."""
        return "milvus" if self.tenant is None else bounded(f"milvus-{self.tenant}", INSTANCE_NAME_LIMIT)

    @property
    def title(self) -> str:
        """As a sentence names it."""
        return "Milvus" if self.tenant is None else f"the Milvus of {self.tenant}"

    @property
    def path(self) -> str:
        """Where the config has it."""
        return "data.milvus" if self.tenant is None else f"vectors.dedicated.{self.tenant}"

    @property
    def namespace(self) -> str:
        """Where it runs: a tenant's own has a namespace to itself, which admits that tenant and nobody else."""
        return "ai-data" if self.tenant is None else f"ai-data-{self.tenant}"

    @property
    def uri(self) -> str:
        """What clients connect to, in either mode; known before anything exists."""
        return f"http://{self.name}.{self.namespace}.svc:{PORT}"


SHARED = Instance()
"""Where every tenant is that has none of its own."""
