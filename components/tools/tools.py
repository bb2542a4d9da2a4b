"""Tools in the cluster: a closed server for each, and the reference by which agents know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.labels import managed_labels
from components.kagent.spec import API_VERSION, MCP_API_VERSION
from components.kagent.spec import NAMESPACE as AGENTS_NAMESPACE
from components.secrets.spec import EXTERNAL_SECRETS, Remote, read_back, remote_key
from components.tools import sandbox
from components.tools.names import (
    CODE_POOL,
    KEY_SECRET,
    PART_OF,
    RUNTIME_CLASS,
    VECTORS_SECRET,
    labels,
    object_name,
    server_labels,
    token_secret,
)
from components.tools.objects import token_namespace
from components.tools.render import (
    Adapted,
    ToolWiring,
    adapted,
    deployment,
    files,
    mcp_server,
    remote_server,
)
from components.tools.spec import (
    AUTHORIZATION,
    NAMESPACE,
    PORT,
    ApiToolSpec,
    BearerSpec,
    CodeToolSpec,
    HumanToolSpec,
    RetrievalToolSpec,
    SandboxSpec,
    ToolSpec,
)

_LABELS = managed_labels(PART_OF)


@dataclass(frozen=True, kw_only=True)
class ToolsArgs:
    """The catalogue, and what its servers are connected to."""

    place: Place
    tools: Mapping[str, ToolSpec]
    namespaces: Mapping[str, Input[str]]
    """`ai-tools`, `ai-agents`, and the tenants that have tools, by name."""
    wiring: ToolWiring
    key_credential: str
    """The platform's key at the gateway, as its credential is called."""
    vector_user: str | None = None
    """The user of Milvus who may search the platform's own database; None: no tool of the platform searches."""
    vector_credential: str | None = None
    """Its password, as its credential is called."""
    supplied: Mapping[str, str] = field(default_factory=dict[str, str])
    """The stack's secrets by name: their ARNs."""
    tenant_store: str = ""
    """The SecretStore in each tenant's namespace that reads what the tenant asks for."""
    tenants_waits: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict[str, tuple[Resource, ...]])
    """Tenant -> its Secrets and their store, which go after the tools that read them."""
    sandbox: SandboxSpec
    code_node_class: Mapping[str, Any] | None = None
    """The spec of an EC2NodeClass for the pool `code`; None: nodes are not ours to make, and no tool runs code."""
    code_node_pool: Mapping[str, Any] | None = None
    """The spec of a NodePool of CPU nodes as `sandbox.pool` says; there is one where there is a node class."""
    after: tuple[Resource, ...]
    """kagent with its kinds, the secret store, the nodes."""


class Tools(ComponentResource):
    """Tools that reach what they declare, and that no agent sees which does not name them."""

    servers: Mapping[str, Resource]
    """Tool -> what an agent that uses it waits for."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ToolsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tools:Tools", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self, depends_on=list(args.after))
        tools = dict(sorted(args.tools.items()))
        needed = self._secrets(tools)
        code = self._sandbox() if any(isinstance(one, CodeToolSpec) for one in tools.values()) else ()
        servers: dict[str, Resource] = {}
        for tool, spec in tools.items():
            if isinstance(spec, HumanToolSpec):
                continue
            waits = (
                *needed,
                *self._token(tool, spec),
                *(code if isinstance(spec, CodeToolSpec) else ()),
            )
            servers[tool] = self._reference(tool, spec, self._server(tool, spec, waits))
        self.servers = servers
        self.ready = tuple(servers.values())
        self.register_outputs({"tools": sorted(tools)})

    def _server(self, tool: str, spec: ToolSpec, waits: tuple[Resource, ...]) -> tuple[Resource, ...]:
        ours = adapted(spec)
        if ours is not None:
            return (self._deployment(tool, ours, waits),)
        if isinstance(spec, ApiToolSpec) and spec.server is not None:
            return (self._mcp_server(tool, spec, waits),)
        return waits

    def _metadata(self, tool: str, spec: ToolSpec) -> Any:
        return {
            "name": object_name(tool),
            "namespace": self._args.namespaces[spec.namespace],
            "labels": {**_LABELS, **labels(tool)},
        }

    def _account(self, tool: str, spec: ToolSpec) -> Resource:
        return k8s.core.v1.ServiceAccount(
            f"{self._name}-{tool}",
            metadata=self._metadata(tool, spec),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _deployment(self, tool: str, spec: Adapted, waits: tuple[Resource, ...]) -> Resource:
        metadata = self._metadata(tool, spec)
        told = k8s.core.v1.ConfigMap(
            f"{self._name}-{tool}",
            metadata=metadata,
            data=files(tool, spec, self._args.wiring),
            opts=self._child,
        )
        k8s.apps.v1.Deployment(
            f"{self._name}-{tool}",
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("k8s.apps.v1.DeploymentSpecArgsDict", deployment(tool, spec, self._args.wiring)),
            opts=ResourceOptions(
                parent=self, depends_on=[*self._args.after, *waits, told, self._account(tool, spec)]
            ),
        )
        self._budget(tool, spec)
        return k8s.core.v1.Service(
            f"{self._name}-{tool}",
            metadata=metadata,
            spec={
                "selector": server_labels(tool),
                "ports": [{"name": "http", "port": PORT, "target_port": "http"}],
            },
            opts=self._child,
        )

    def _mcp_server(self, tool: str, spec: ApiToolSpec, waits: tuple[Resource, ...]) -> Resource:
        account = self._account(tool, spec)
        self._budget(tool, spec)
        return CustomResource(
            f"{self._name}-{tool}-server",
            api_version=MCP_API_VERSION,
            kind="MCPServer",
            metadata=self._metadata(tool, spec),
            spec=mcp_server(tool, spec, self._args.wiring),
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *waits, account]),
        )

    def _budget(self, tool: str, spec: ToolSpec) -> None:
        if spec.replicas > 1:
            k8s.policy.v1.PodDisruptionBudget(
                f"{self._name}-{tool}",
                metadata=self._metadata(tool, spec),
                spec={"max_unavailable": 1, "selector": {"match_labels": server_labels(tool)}},
                opts=ResourceOptions(parent=self),
            )

    def _reference(self, tool: str, spec: ToolSpec, after: tuple[Resource, ...]) -> Resource:
        return CustomResource(
            f"{self._name}-{tool}",
            api_version=API_VERSION,
            kind="RemoteMCPServer",
            metadata={
                "name": tool,
                "namespace": self._args.namespaces[spec.tenant or AGENTS_NAMESPACE],
                "labels": {**_LABELS, **labels(tool)},
            },
            spec=remote_server(tool, spec, self._args.wiring.remotes),
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )

    def _secrets(self, tools: Mapping[str, ToolSpec]) -> tuple[Resource, ...]:
        made: list[Resource] = []
        if any(isinstance(one, RetrievalToolSpec) and one.tenant is None for one in tools.values()):
            key = Remote(
                key=remote_key(self._args.place, self._args.key_credential), property=self._args.wiring.key
            )
            for secret, read in (
                (KEY_SECRET, read_back(KEY_SECRET, {self._args.wiring.key: key})),
                (VECTORS_SECRET, self._vector_login()),
            ):
                made.append(self._secret(f"{NAMESPACE}-{secret}", NAMESPACE, secret, read))
        return tuple(made)

    def _token(self, tool: str, spec: ToolSpec) -> tuple[Resource, ...]:
        """What a tool waits for: its own token, and of a tenant's the Secrets and the role that reads them."""
        waits = self._args.tenants_waits.get(spec.tenant, ()) if spec.tenant else ()
        if not isinstance(spec, ApiToolSpec) or spec.auth is None:
            return waits
        read = self._bearer(spec.auth, token_secret(tool))
        if spec.tenant:
            read["secretStoreRef"] = {"kind": "SecretStore", "name": self._args.tenant_store}
        held = self._secret(f"{tool}-token", token_namespace(spec), token_secret(tool), read, after=waits)
        return (*waits, held)

    def _vector_login(self) -> dict[str, Any]:
        user, credential = self._args.vector_user, self._args.vector_credential
        if user is None or credential is None:
            raise ValueError("a tool searches vectors, and there is no user who may")
        password = Remote(key=remote_key(self._args.place, credential), property="password")
        return read_back(VECTORS_SECRET, {"password": password}, template={"username": user})

    def _bearer(self, auth: BearerSpec, secret: str) -> dict[str, Any]:
        return read_back(
            secret,
            {auth.key: Remote(key=self._args.supplied[auth.secret], property=auth.key)},
            template={AUTHORIZATION: f'Bearer {{{{ index . "{auth.key}" }}}}'},
        )

    def _secret(
        self,
        name: str,
        namespace: str,
        secret: str,
        spec: dict[str, Any],
        *,
        after: tuple[Resource, ...] = (),
    ) -> Resource:
        return CustomResource(
            f"{self._name}-{name}",
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": secret, "namespace": self._args.namespaces[namespace], "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )

    def _sandbox(self) -> tuple[Resource, ...]:
        args = self._args
        if args.code_node_class is None or args.code_node_pool is None:
            raise ValueError("a tool runs code, and there are no nodes of ours to run it on")
        metadata: Any = {"name": CODE_POOL, "labels": _LABELS}
        node_class = CustomResource(
            f"{self._name}-{CODE_POOL}",
            api_version=sandbox.NODE_CLASS_API,
            kind="EC2NodeClass",
            metadata=metadata,
            spec=sandbox.node_class(args.code_node_class, args.sandbox),
            opts=self._child,
        )
        pool = CustomResource(
            f"{self._name}-{CODE_POOL}",
            api_version=sandbox.NODE_POOL_API,
            kind="NodePool",
            metadata=metadata,
            spec=sandbox.node_pool(args.code_node_pool),
            opts=ResourceOptions(parent=self, depends_on=[node_class]),
        )
        runtime = k8s.node.v1.RuntimeClass(
            f"{self._name}-{RUNTIME_CLASS}",
            metadata={"name": RUNTIME_CLASS, "labels": _LABELS},
            **cast("Any", sandbox.runtime_class()),
            opts=self._child,
        )
        return (pool, runtime)
