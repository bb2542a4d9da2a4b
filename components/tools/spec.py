"""What may be said about a tool: what it does, whom it calls, and whether a person has to allow it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.charts.literals import secret_settings
from components.charts.pods import ContainerResources
from components.charts.supplied import PinnedImage
from components.core.faults import FaultsError
from components.core.spec import DnsLabel, HostName, Spec
from components.node_pools.spec import CpuPoolSpec
from components.tools.endpoints import Endpoint, EndpointError, endpoint
from components.tools.schema import QUERY, code, wrong_with

NAMESPACE = "ai-tools"
"""Where the servers of tools run that belong to no tenant: apart from agents, so that each reaches its own only."""

PORT = 8080
LONGEST_NAME = 40

ToolName = Annotated[DnsLabel, StringConstraints(max_length=LONGEST_NAME)]
FunctionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
"""What a model calls: OpenAI's protocol takes letters, digits, underscores and hyphens, 64 of them."""

_HEADER = re.compile(r"[A-Za-z0-9-]+")
_PLAIN_PATH = re.compile(r"/|(/[A-Za-z0-9._~-]+)+/?")
_FIELD = r"^[A-Za-z_][A-Za-z0-9_]{0,254}$"
_SECRET_HEADER = re.compile(
    r"authorization|cookie|secret|password|credential|api-?key|(^|-)token$", re.IGNORECASE
)
"""Whatever is called so would be a secret in a stack's file, in the plan and in a ConfigMap."""
_HEADER_VALUE = re.compile(r"[ -~]*")
SMALL = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="256Mi")


def _address(url: str) -> str:
    try:
        endpoint(url)
    except EndpointError as error:
        raise ValueError(str(error)) from None
    return url


Address = Annotated[str, AfterValidator(_address)]


def _schema(value: dict[str, Any]) -> dict[str, Any]:
    wrong = wrong_with(value)
    if wrong:
        raise FaultsError(wrong)
    return value


Parameters = Annotated[dict[str, Any], AfterValidator(_schema)]
"""JSON Schema (draft 2020-12) of the object that a tool is called with."""


AUTHORIZATION = "authorization"
"""The key with the whole header, put together where the Secret is made: kagent adds no `Bearer`."""


class BearerSpec(Spec):
    """A token that somebody gave, kept in Secrets Manager."""

    type: Literal["bearer"] = Field(default="bearer", description="Sent as `Authorization: Bearer <token>`.")
    secret: DnsLabel = Field(
        description=(
            "The name, in `secrets`, of the secret that holds it. A tenant's tool reads one that its tenant asks for."
        )
    )
    key: str = Field(
        default="token",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The key in it: the secret's value is JSON.",
    )

    @model_validator(mode="after")
    def _leaves_the_headers_key_alone(self) -> Self:
        if self.key == AUTHORIZATION:
            raise ValueError(
                f"key {AUTHORIZATION!r} is where the platform puts the whole header together; "
                "call the key in the secret otherwise, for example token"
            )
        return self


class ServerSpec(Spec):
    """An MCP server of your own, which kmcp runs."""

    image: PinnedImage = Field(
        description="With registry and version; it serves MCP over HTTP.",
    )
    path: str = Field(default="/mcp", pattern=r"^/[A-Za-z0-9/_-]*$", description="Where it serves MCP.")
    uid: int = Field(default=1000, ge=1, le=65535, description="The user it runs as; never root.")
    env: dict[str, str] = Field(default_factory=dict, max_length=50, description="Plain settings by name.")
    hosts: list[HostName] = Field(
        default_factory=list[str],
        max_length=20,
        description="Host names outside the cluster that it calls, by https and through the egress proxy.",
    )

    @model_validator(mode="after")
    def _is_told_nothing_secret(self) -> Self:
        secret = secret_settings(self.env)
        if secret:
            raise ValueError(
                f"env: {', '.join(secret)} would hold a secret, which everybody reads in a plan; a server of your "
                "own is given none: call what wants it as a tool of its own, with endpoint and auth"
            )
        return self


class _ToolBase(Spec):
    description: str = Field(
        min_length=10, max_length=1024, description="What it does: the model decides by it when to use it."
    )
    tenant: DnsLabel | None = Field(
        default=None,
        description=(
            "Whose it is: its server runs in that tenant's namespace, counts in its quota, and reads the tenant's own "
            "secrets. None: the platform's."
        ),
    )
    sensitive: bool = Field(
        default=False,
        description="Whether it moves money, deletes, or tells somebody outside; then a person allows it.",
    )
    requires_approval: bool = Field(
        default=False, description="Whether a person has to allow each call, whichever agent makes it."
    )
    timeout_seconds: int = Field(default=30, ge=1, le=300, description="How long one call may take.")
    replicas: int = Field(default=2, ge=1, le=20, description="Pods of its server.")
    resources: ContainerResources = Field(default=SMALL, description="Of each pod of its server.")

    @model_validator(mode="after")
    def _is_allowed_by_somebody(self) -> Self:
        if self.sensitive and not self.requires_approval:
            raise ValueError(
                "is sensitive, so that a person has to allow each call; set requires_approval: true"
            )
        return self

    @property
    def namespace(self) -> str:
        """Where its server runs."""
        return self.tenant or NAMESPACE

    def functions(self, name: str) -> tuple[str, ...]:
        """What its server offers to a model."""
        return (name,)


class ApiToolSpec(_ToolBase):
    """A call of an HTTP API, or the functions of an MCP server that exists already."""

    type: Literal["api"] = Field(description="Calls an API.")
    endpoint: Address | None = Field(
        default=None,
        description=(
            "The address that is called: a Service (http://name/path is in ai-agents, http://name.namespace.svc "
            "elsewhere), or https to a host outside. One of endpoint, mcp_url and server."
        ),
    )
    mcp_url: Address | None = Field(
        default=None,
        description=(
            "An MCP server that is there already: a Service, or https to a host outside, of which agents reach this "
            "path and what is below it."
        ),
    )
    server: ServerSpec | None = Field(default=None, description="An MCP server of your own, by image.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(
        default="POST", description="How the endpoint is called."
    )
    parameters: Parameters = Field(
        default_factory=lambda: dict(QUERY), description="What it is called with, as JSON Schema."
    )
    headers: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="Headers of every call; secrets have no place here."
    )
    auth: BearerSpec | None = Field(default=None, description="How it proves who it is.")
    pod_labels: dict[str, str] = Field(
        default_factory=dict,
        max_length=10,
        description=(
            "What selects the pods behind a Service of the cluster; none: app.kubernetes.io/name and the Service's "
            "name. Policies are about pods."
        ),
    )
    pod_port: int | None = Field(
        default=None, ge=1, le=65535, description="The port those pods listen on; none: the address's."
    )
    offers: list[FunctionName] = Field(
        default_factory=list[str],
        max_length=50,
        description="With mcp_url or server: the functions of it that agents may call. No other is shown to them.",
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        ways = [
            name
            for name, value in (
                ("endpoint", self.endpoint),
                ("mcp_url", self.mcp_url),
                ("server", self.server),
            )
            if value is not None
        ]
        if len(ways) != 1:
            raise ValueError(
                f"has {' and '.join(ways) or 'none of them'}; write exactly one of endpoint, mcp_url and server"
            )
        if self.endpoint is None and not self.offers:
            raise ValueError("offers is empty: name the functions that agents may call, they see no other")
        if self.endpoint is not None and self.offers:
            raise ValueError(
                "offers goes with mcp_url or server; with endpoint there is one function, the tool's name"
            )
        if self.mcp_url is not None and endpoint(self.mcp_url).outside:
            path = endpoint(self.mcp_url).path
            if _PLAIN_PATH.fullmatch(path) is None or {".", ".."} & set(path.split("/")):
                raise ValueError(
                    f"mcp_url has the path {path}, which the way out cannot compare; write it with letters, digits, "
                    "`-`, `_`, `.` and `~` between single slashes"
                )
        if self.auth is not None and self.server is not None:
            raise ValueError(
                "auth goes with endpoint and mcp_url; a server of your own checks nobody but by policy"
            )
        odd = sorted(name for name in self.headers if not _HEADER.fullmatch(name))
        if odd:
            raise ValueError(f"headers: {', '.join(odd)} is not a header's name")
        broken = sorted(name for name, value in self.headers.items() if not _HEADER_VALUE.fullmatch(value))
        if broken:
            raise ValueError(f"headers: {', '.join(broken)} has a line break, or letters no header takes")
        secret = sorted(name for name in self.headers if _SECRET_HEADER.search(name))
        if secret:
            raise ValueError(f"headers: {', '.join(secret)} would hold a secret; name it under auth")
        return self

    @property
    def target(self) -> Endpoint | None:
        """Whom it calls; None for a server of its own."""
        url = self.endpoint or self.mcp_url
        return endpoint(url, home=self.tenant or "ai-agents") if url else None

    @property
    def target_labels(self) -> dict[str, str]:
        """What selects the pods it calls, where these are of the cluster."""
        target = self.target
        assert target is not None
        assert target.service is not None
        return dict(self.pod_labels) or {"app.kubernetes.io/name": target.service}

    def functions(self, name: str) -> tuple[str, ...]:
        """What a model may call."""
        return tuple(self.offers) or (name,)


class RetrievalToolSpec(_ToolBase):
    """A search by meaning in one collection of one database."""

    type: Literal["retrieval"] = Field(description="Searches vectors.")
    collection: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,254}$", description="The collection.")
    top_k: int = Field(default=5, ge=1, le=100, description="How many passages it brings.")
    database: str | None = Field(
        default=None,
        pattern=_FIELD,
        description="The database; none: `default`, or the tenant's own, which has its name with underscores.",
    )
    rows_of: DnsLabel | None = Field(
        default=None,
        description="Search rows of this `tenant_id` alone, where a collection is shared; none: all of them.",
    )
    vector_field: str = Field(default="embedding", pattern=_FIELD, description="The field that is searched.")
    text_field: str = Field(default="content", pattern=_FIELD, description="The field that is brought.")
    source_field: str | None = Field(
        default=None,
        pattern=_FIELD,
        description="A field that says where a passage is from, brought with it.",
    )

    @property
    def database_name(self) -> str:
        """The database it searches."""
        return self.database or (self.tenant.replace("-", "_") if self.tenant else "default")

    @model_validator(mode="after")
    def _searches_its_own(self) -> Self:
        own = self.tenant.replace("-", "_") if self.tenant else None
        if own is not None and self.database not in (None, own):
            raise ValueError(
                f"database {self.database} is not tenant {self.tenant}'s own, {own}; leave it out"
            )
        return self


class CodeToolSpec(_ToolBase):
    """A program that the model writes, run where it can reach nothing."""

    type: Literal["code"] = Field(description="Runs code.")
    language: Literal["python", "sql"] = Field(
        default="python", description="Python with its standard library, or SQL on an empty SQLite database."
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="250m", memory="256Mi", cpu_limit="1", memory_limit="512Mi"),
        description="Of each pod; one program at a time may have them.",
    )

    @model_validator(mode="after")
    def _is_the_platforms(self) -> Self:
        if self.tenant is not None:
            raise ValueError(
                "a code tool has no tenant: it runs on the sandbox's own nodes and keeps nothing"
            )
        return self


class HumanToolSpec(_ToolBase):
    """A person: who allows what other tools are about to do, or is asked something."""

    type: Literal["human"] = Field(description="Asks a person.")
    approves: list[ToolName] = Field(
        default_factory=list[str],
        max_length=20,
        description="Tools of the same agent whose every call waits for a yes. None: the person is asked for input.",
    )

    def functions(self, name: str) -> tuple[str, ...]:
        """None: asking is built into every agent, and waiting for a yes is a setting of the tools it is about."""
        return ()


ToolSpec = Annotated[
    ApiToolSpec | RetrievalToolSpec | CodeToolSpec | HumanToolSpec, Field(discriminator="type")
]
"""One tool of the catalogue."""


class SandboxSpec(Spec):
    """The nodes on which code of models runs, and nothing else does."""

    gvisor_release: str = Field(
        default="20260511",
        pattern=r"^20[0-9]{6}(\.[0-9]+)?$",
        description="The release of gVisor, by its date; a change replaces the nodes.",
    )
    pool: CpuPoolSpec = Field(
        default_factory=lambda: CpuPoolSpec(limit_cpu=16, max_vcpu=8),
        description="Their machines, and how many at most.",
    )


def asks(names: Sequence[str], catalogue: Mapping[str, ToolSpec]) -> tuple[str, ...]:
    """The functions that a person has to allow, for an agent with these tools."""
    mine = {name: catalogue[name] for name in names if name in catalogue}
    waiting = {name for name, tool in mine.items() if tool.requires_approval} | {
        name
        for tool in mine.values()
        if isinstance(tool, HumanToolSpec)
        for name in tool.approves
        if name in mine
    }
    return tuple(function for name in names if name in waiting for function in mine[name].functions(name))


def asks_a_person(tool: ToolSpec) -> bool:
    """Whether it is a question to a person, and not about another tool."""
    return isinstance(tool, HumanToolSpec) and not tool.approves


def parameters(tool: ToolSpec) -> Mapping[str, Any]:
    """What a tool is called with."""
    match tool:
        case ApiToolSpec():
            return tool.parameters
        case CodeToolSpec():
            return code(tool.language)
        case _:
            return QUERY
