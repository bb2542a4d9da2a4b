"""What may be said about an agent: its model, its tools, its memory, how many of it there are."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from components.charts.literals import secret_settings
from components.charts.pods import ContainerResources
from components.charts.supplied import PinnedImage
from components.core.quantities import parse
from components.core.spec import DnsLabel, ModelName, Spec

NAMESPACE = "ai-agents"
"""Where an agent is that belongs to no tenant."""

MOST_TOOLS = 20
"""Tools and called agents together (CRD `agents.kagent.dev`, tools: maxItems 20)."""

QUEUE_PREFIX = "agents:"
"""Of every key that agents may touch in the cache; anything else is refused by the cache itself."""

REPLIES = f"{QUEUE_PREFIX}reply:"
"""How the lists begin that workers of queues put results into."""

LONGEST_NAME = 50
"""Leaves room for the names of its model, account and budget within a label's 63 characters."""

AgentName = Annotated[DnsLabel, StringConstraints(max_length=LONGEST_NAME)]
"""A model by its public name: what the gateway routes by."""

_ENV_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


class AgentModelSpec(Spec):
    """The model an agent thinks with, asked at the platform's gateway and nowhere else."""

    provider: Literal["openai"] = Field(
        default="openai", description="The protocol the gateway speaks, whoever serves the model behind it."
    )
    name: ModelName = Field(description="The public name of the model, for example gpt-4.")
    temperature: float = Field(default=0.7, ge=0, le=2, description="How freely it chooses its words.")
    max_tokens: int = Field(default=4096, ge=1, le=1_000_000, description="The longest answer in tokens.")
    timeout_seconds: int = Field(
        default=120, ge=1, le=3600, description="How long one call of the model may take."
    )

    @property
    def temperature_text(self) -> str:
        """As kagent has it: numbers of a model are text there."""
        return f"{self.temperature:g}"


class LongTermMemorySpec(Spec):
    """What is remembered beyond a conversation, found again by likeness."""

    embedding_model: ModelName = Field(description="The public name of the model that makes vectors.")
    ttl_days: int = Field(default=15, ge=1, le=3650, description="Days that something is remembered.")


class MemorySpec(Spec):
    """What an agent knows of earlier turns. All of it is in Postgres or the cache, and none in its pods."""

    ttl_seconds: int = Field(
        default=3600,
        ge=300,
        le=30 * 86400,
        description="A conversation that was silent for so long is deleted.",
    )
    max_history: int = Field(
        default=50,
        ge=2,
        le=1000,
        description="Messages that stay in the model's view; of older ones the agent's model makes a summary.",
    )
    compact_at_tokens: int = Field(
        default=16_000,
        ge=1_000,
        le=2_000_000,
        description="Prompts of so many tokens are shortened to `max_history` events at once.",
    )
    long_term: LongTermMemorySpec | None = Field(
        default=None, description="What is kept beyond a conversation; None: nothing."
    )

    @property
    def turns(self) -> int:
        """A turn is a question and an answer, so two messages."""
        return math.ceil(self.max_history / 2)


class QueueTriggerSpec(Spec):
    """Tasks that wait in a list of the cache: workers ask the agent for each, and both scale by its length."""

    name: DnsLabel = Field(
        description=f"The list; in the cache it is `{QUEUE_PREFIX}<name>`, which agents may write and read."
    )
    length: int = Field(default=10, ge=1, le=10_000, description="Tasks that one pod may have waiting.")
    at_once: int = Field(
        default=1,
        ge=1,
        le=20,
        description="Tasks that one worker has in hand. There is a worker for each pod that the list asks for.",
    )
    timeout_seconds: int = Field(
        default=300,
        ge=5,
        le=1800,
        description=(
            "How long the agent may take for one task. A worker that has to go finishes what it has, so a drain of "
            "its node may take as long."
        ),
    )
    attempts: int = Field(
        default=3,
        ge=1,
        le=20,
        description="How often a task is tried before it goes to the list of those given up, `<list>:dead`.",
    )
    result_ttl_seconds: int = Field(
        default=86400,
        ge=600,
        le=30 * 86400,
        description="How long a result is kept, and an id that comes again is known by.",
    )

    @model_validator(mode="after")
    def _is_known_for_long_enough(self) -> Self:
        # A pause before an attempt is five minutes at most (worker.py).
        longest = self.attempts * (self.timeout_seconds + 300)
        if self.result_ttl_seconds < longest:
            raise ValueError(
                f"result_ttl_seconds {self.result_ttl_seconds} is shorter than {self.attempts} attempts can take, "
                f"{longest}; raise it, or lower attempts or timeout_seconds"
            )
        if f"{QUEUE_PREFIX}{self.name}" == REPLIES.rstrip(":"):
            raise ValueError(f"name {self.name} is where replies are put ({REPLIES}...); choose another")
        return self


class SessionsTriggerSpec(Spec):
    """Scaling by conversations in progress."""

    threshold: int = Field(default=50, ge=1, le=10_000, description="Conversations that one pod may have.")


class ScalingSpec(Spec):
    """How many pods there are. Exactly one autoscaler follows: two would undo each other's work."""

    min_replicas: int = Field(default=2, ge=1, le=200, description="Pods at least; two survive a drain.")
    max_replicas: int = Field(
        default=10,
        ge=1,
        le=200,
        description="Pods at most, the one limit there is; together with others they have to fit the quota.",
    )
    cpu_percent: int = Field(default=70, ge=10, le=95, description="Of the CPU that a pod reserved.")
    memory_percent: int = Field(default=80, ge=10, le=95, description="Of the memory that a pod reserved.")
    queue: QueueTriggerSpec | None = Field(default=None, description="Scale by tasks that wait as well.")
    sessions: SessionsTriggerSpec | None = Field(
        default=None, description="Scale by conversations in progress as well."
    )
    polling_seconds: int = Field(
        default=15, ge=5, le=300, description="How often queue and Prometheus are asked."
    )
    cooldown_seconds: int = Field(
        default=300, ge=0, le=3600, description="How long less has to be needed before a pod goes."
    )

    @property
    def autoscaler(self) -> Literal["HorizontalPodAutoscaler", "ScaledObject"]:
        """Which one it is: KEDA's as soon as something but the pods themselves is measured."""
        return "ScaledObject" if self.queue or self.sessions else "HorizontalPodAutoscaler"

    @model_validator(mode="after")
    def _can_scale(self) -> Self:
        if self.max_replicas < self.min_replicas:
            raise ValueError(
                f"max_replicas {self.max_replicas} is below min_replicas {self.min_replicas}; raise it"
            )
        return self


class _AgentBase(Spec):
    description: str = Field(
        min_length=10,
        max_length=1024,
        description="What it is for, in a sentence: other agents decide by it whether to ask this one.",
    )
    tenant: DnsLabel | None = Field(
        default=None, description="Whose it is: it runs in that tenant's namespace. None: the platform's."
    )
    model: AgentModelSpec = Field(description="The model it thinks with.")
    memory: MemorySpec = Field(default_factory=MemorySpec, description="What it knows of earlier turns.")
    scaling: ScalingSpec = Field(default_factory=ScalingSpec, description="How many pods there are.")
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="250m", memory="512Mi", cpu_limit="500m", memory_limit="1Gi"),
        description="Of each pod; 200 pods of the default fill the quota of ai-agents exactly.",
    )

    @model_validator(mode="after")
    def _has_room_to_think(self) -> Self:
        if parse(self.resources.memory) < parse("256Mi"):
            raise ValueError(
                f"memory {self.resources.memory} is less than the runtime needs to start; give it 256Mi at least"
            )
        return self

    @property
    def namespace(self) -> str:
        """Where its pods are."""
        return self.tenant or NAMESPACE


class DeclarativeAgentSpec(_AgentBase):
    """An agent that is all words: a prompt, a model, tools. kagent's own runtime runs it."""

    type: Literal["declarative"] = Field(default="declarative", description="Run by kagent's runtime.")
    system_prompt: str = Field(
        min_length=1,
        max_length=100_000,
        description="What it is told before every conversation, in any language, passed on letter by letter.",
    )
    tools: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=MOST_TOOLS,
        description="Tools of the catalogue that it may use, by name.",
    )
    agents: list[AgentName] = Field(
        default_factory=list[str],
        max_length=MOST_TOOLS,
        description="Agents that it may ask, by name; of the same namespace.",
    )
    stream: bool = Field(default=True, description="Answer word by word.")

    @model_validator(mode="after")
    def _stays_within_the_limit(self) -> Self:
        for name, listed in (("tools", self.tools), ("agents", self.agents)):
            twice = sorted({one for one in listed if listed.count(one) > 1})
            if twice:
                raise ValueError(f"{name} has {', '.join(twice)} twice; name each once")
        if len(self.tools) + len(self.agents) > MOST_TOOLS:
            raise ValueError(
                f"{len(self.tools)} tools and {len(self.agents)} agents are more than the {MOST_TOOLS} that kagent "
                "takes; put some behind an agent of their own"
            )
        if not self.system_prompt.strip():
            raise ValueError("system_prompt is blank; say what the agent is for and what it must not do")
        return self


class StoresSpec(Spec):
    """The platform's stores that an image is told of, each as a user of its own namespace."""

    vectors: Literal["search", "write"] | None = Field(
        default=None,
        description=(
            "Milvus, as a user who searches, or who writes as well: of the database of the agent's tenant, or for the "
            "platform's agents of `default`. Told as MILVUS_URI, MILVUS_DATABASE and MILVUS_TOKEN; None: not at all."
        ),
    )


class ByoAgentSpec(_AgentBase):
    """An agent that is a program of its own: LangGraph, CrewAI or anything that serves A2A on port 8080."""

    type: Literal["byo"] = Field(description="Run from an image of your own.")
    framework: Literal["langgraph", "crewai", "openai-agents", "other"] = Field(
        description="What it is written with; a label of its pods."
    )
    image: PinnedImage = Field(
        description="The image, with registry and version. docs/agents.md says what it owes."
    )
    command: list[str] = Field(
        default_factory=list[str], max_length=20, description="Instead of the image's own; program first."
    )
    env: dict[str, str] = Field(
        default_factory=dict, max_length=50, description="Plain settings by name; secrets have no place here."
    )
    stores: StoresSpec = Field(
        default_factory=StoresSpec, description="What it is told of besides gateway and cache."
    )

    @model_validator(mode="after")
    def _names_its_settings_well(self) -> Self:
        odd = sorted(name for name in self.env if not _ENV_NAME.fullmatch(name))
        if odd:
            raise ValueError(f"env: {', '.join(odd)} is not a name in capitals, digits and underscores")
        taken = sorted(set(self.env) & CONTRACT)
        if taken:
            raise ValueError(f"env: {', '.join(taken)} is set by the platform; leave it out")
        secret = secret_settings(self.env)
        if secret:
            raise ValueError(
                f"env: {', '.join(secret)} would hold a secret, which everybody reads in a plan; let a tool "
                "call with it (tools.<name>.auth)"
            )
        return self


CONTRACT: frozenset[str] = frozenset(
    {
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_MODEL",
        "OPENAI_TEMPERATURE",
        "OPENAI_MAX_TOKENS",
        "REDIS_URL",
        "REDIS_CA_FILE",
        "REDIS_PREFIX",
        "MILVUS_URI",
        "MILVUS_DATABASE",
        "MILVUS_TOKEN",
        "SESSION_TTL_SECONDS",
        "SESSION_MAX_HISTORY",
        "OTEL_SERVICE_NAME",
        "KAGENT_URL",
        "KAGENT_NAME",
        "KAGENT_NAMESPACE",
    }
)
"""What an image is told, as far as its stack has it and its agent asks for it; kagent adds the variables of
OpenTelemetry, and its own three."""

AgentSpec = Annotated[DeclarativeAgentSpec | ByoAgentSpec, Field(discriminator="type")]
"""One agent; without `type` a declarative one is not assumed: say which."""


class StepSpec(Spec):
    """One step of a workflow: an agent that is asked, and when."""

    agent: AgentName = Field(description="The agent, or another workflow, that does it.")
    after: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=20,
        description="The steps whose answers it is given; none: the question itself.",
    )
    when: str | None = Field(
        default=None,
        min_length=3,
        max_length=500,
        description="In words: when this branch is taken. Needed where several steps follow one.",
    )
    instruction: str | None = Field(
        default=None, max_length=4000, description="What the agent is asked for in this step."
    )


class WorkflowSpec(Spec):
    """Agents one after the other, or one of several: compiled to an agent that asks the others."""

    description: str = Field(
        min_length=10, max_length=1024, description="What it is for, in a sentence, as an agent has it."
    )
    tenant: DnsLabel | None = Field(
        default=None, description="Whose it is; its agents are of the same tenant."
    )
    model: AgentModelSpec = Field(description="The model that leads from step to step.")
    steps: dict[DnsLabel, StepSpec] = Field(
        min_length=1, max_length=MOST_TOOLS, description="The steps by name."
    )
    memory: MemorySpec = Field(default_factory=MemorySpec, description="What it knows of earlier turns.")
    scaling: ScalingSpec = Field(default_factory=ScalingSpec, description="How many pods there are.")
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="250m", memory="512Mi", cpu_limit="500m", memory_limit="1Gi"),
        description="Of each pod that leads; its agents have their own.",
    )

    @property
    def namespace(self) -> str:
        """Where its pods are."""
        return self.tenant or NAMESPACE
