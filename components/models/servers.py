"""Which servers a model is: one for everybody, or one for each of its agents, and what the one saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.core.names import bounded
from components.models.names import NAME_LIMIT, ROLE_PURPOSE, host, server_name
from components.models.shape import GpuServerSpec
from components.models.spec import AdapterSpec, ByoModel, ModelSpec, VllmModel, port


@dataclass(frozen=True, kw_only=True)
class Server:
    """One Deployment and its Service."""

    name: str
    key: str
    spec: ModelSpec
    agents: tuple[str, ...]
    adapters: Mapping[str, AdapterSpec]
    """Those of its agents, or all where it serves everybody."""
    public: tuple[str, ...]
    """What it answers to, the first being what its series are called by; adapters come after."""

    @property
    def gpus(self) -> int:
        """Of each of its pods."""
        return self.spec.gpus

    @property
    def url(self) -> str:
        """Where it speaks OpenAI's API."""
        return f"http://{host(self.name)}:{port(self.spec)}/v1"

    @property
    def most(self) -> int:
        """Pods there may be while nothing is updated."""
        if isinstance(self.spec, VllmModel) and self.spec.scaling is not None:
            return self.spec.scaling.max
        return self.spec.replicas or 1

    @property
    def surge(self) -> int:
        """Pods more while it is updated."""
        return 1 if self.gpus == 0 or self.spec.spare_gpus_for_updates else 0

    @property
    def role_purpose(self) -> str:
        """Of its role in AWS, where its weights come from S3."""
        return f"{ROLE_PURPOSE}-{self.name}"


def servers(key: str, spec: ModelSpec) -> tuple[Server, ...]:
    """Every server of one model."""
    name = server_name(spec.engine, key)
    adapters = spec.adapters if isinstance(spec, VllmModel) else {}
    if spec.runtime == "unified":
        public = (key, *spec.aliases)
        return (
            Server(
                name=name, key=key, spec=spec, agents=tuple(spec.agents), adapters=adapters, public=public
            ),
        )
    made: list[Server] = []
    for agent, use in spec.agents.items():
        own = {use.adapter: adapters[use.adapter]} if use.adapter is not None else {}
        made.append(
            Server(
                name=bounded(f"{name}-{agent}", NAME_LIMIT),
                key=key,
                spec=spec,
                agents=(agent,),
                adapters=own,
                # Its own name: two servers that answer to one would be one for whoever routes by it.
                public=(f"{key}-{agent}",),
            )
        )
    return tuple(made)


def all_servers(models: Mapping[str, ModelSpec]) -> tuple[Server, ...]:
    """Every server of a stack."""
    return tuple(server for key, spec in models.items() for server in servers(key, spec))


@dataclass(frozen=True, kw_only=True)
class Saving:
    """What a model's agents cost together, and what they would cost each with a server of its own."""

    agents: int
    servers: int
    servers_dedicated: int
    gpus: int
    gpus_dedicated: int

    @property
    def servers_saved(self) -> int:
        """Containers that need not run; negative never: dedicated is the most."""
        return self.servers_dedicated - self.servers

    @property
    def gpus_saved(self) -> int:
        """GPUs that need not be bought."""
        return self.gpus_dedicated - self.gpus

    def __str__(self) -> str:
        """One line for the plan."""
        return (
            f"{_count(self.agents, 'agent')} on {_count(self.servers, 'server')} with "
            f"{_count(self.gpus, 'GPU')}; dedicated: {_count(self.servers_dedicated, 'server')} with "
            f"{_count(self.gpus_dedicated, 'GPU')}; saved: {_count(self.servers_saved, 'container')} and "
            f"{_count(self.gpus_saved, 'GPU')}"
        )


def saving(key: str, spec: ModelSpec) -> Saving | None:
    """Counted with the fewest pods that always run; None where no agent is named."""
    if not spec.agents:
        return None
    now = servers(key, spec)
    dedicated = servers(key, spec.model_copy(update={"runtime": "dedicated"}))
    each = least(spec)
    return Saving(
        agents=len(spec.agents),
        servers=each * len(now),
        servers_dedicated=each * len(dedicated),
        gpus=each * len(now) * spec.gpus,
        gpus_dedicated=each * len(dedicated) * spec.gpus,
    )


def least(spec: ModelSpec) -> int:
    """Pods of one server that run while it is used."""
    if isinstance(spec, VllmModel) and spec.scaling is not None:
        return max(spec.scaling.min, 1)
    return spec.replicas or 1


def scaled(server: Server) -> bool:
    """Whether an autoscaler says how many pods there are."""
    return isinstance(server.spec, VllmModel) and server.spec.scaling is not None


def rests(server: Server) -> bool:
    """Whether there may be no pod at all, so that nobody should wait for one."""
    return (
        isinstance(server.spec, VllmModel) and server.spec.scaling is not None and not server.spec.scaling.min
    )


def gpu_servers(models: Mapping[str, ModelSpec]) -> tuple[Server, ...]:
    """Those that take GPUs of a pool."""
    return tuple(one for one in all_servers(models) if pool_of(one.spec) is not None)


def pool_of(spec: ModelSpec) -> str | None:
    """The GPU pool of a server; None: it runs without."""
    match spec:
        case GpuServerSpec():
            return spec.pool
        case ByoModel():
            return spec.pool


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
