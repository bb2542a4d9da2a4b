"""The example agents, tools and workflow, as a program to capture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import yaml
from pulumi import Input
from pydantic import TypeAdapter

from components.agents.agents import Agents, AgentsArgs
from components.agents.catalogue import everyone
from components.agents.pods import pods as agent_pods
from components.agents.render import Wiring
from components.agents.scaling import Sources
from components.agents.spec import AgentSpec, WorkflowSpec
from components.charts.pods import PodClass
from components.core.aws import Place
from components.egress_proxy.doors import doors
from components.egress_proxy.egress_proxy import EgressProxy, EgressProxyArgs
from components.egress_proxy.spec import EgressProxySpec
from components.kagent.kagent import Kagent, KagentArgs
from components.kagent.pods import pods as kagent_pods
from components.kagent.spec import KagentSpec
from components.node_pools.boot import DEFAULT_AMI_ALIAS
from components.node_pools.node_classes import ec2_node_class
from components.node_pools.render import cpu_node_pool
from components.tools.flows import tool_flows
from components.tools.names import CODE_POOL, object_name
from components.tools.render import ToolWiring
from components.tools.spec import RetrievalToolSpec, SandboxSpec, ToolSpec
from components.tools.tools import Tools, ToolsArgs

EXAMPLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("example.yaml").read_text(encoding="utf-8"))
TOOLS: Mapping[str, ToolSpec] = TypeAdapter(dict[str, ToolSpec]).validate_python(EXAMPLE["tools"])
AGENTS: Mapping[str, AgentSpec] = TypeAdapter(dict[str, AgentSpec]).validate_python(EXAMPLE["agents"])
WORKFLOWS: Mapping[str, WorkflowSpec] = TypeAdapter(dict[str, WorkflowSpec]).validate_python(
    EXAMPLE["workflows"]
)

MORE: Mapping[str, ToolSpec] = TypeAdapter(dict[str, ToolSpec]).validate_python(
    {
        "issues": {
            "type": "api",
            "description": "Reads and writes issues.",
            "server": {
                "image": "registry.example.com/issues-mcp:2.1.0",
                "hosts": ["api.example.com"],
                "env": {"A": "b"},
            },
            "offers": ["list_issues", "close_issue"],
        },
        "weather": {
            "type": "api",
            "description": "Somebody's MCP server.",
            "mcp_url": "http://weather.ai-inference.svc:9000/mcp",
            "offers": ["forecast"],
            "headers": {"X-Team": "support"},
            "auth": {"secret": "search-api-token"},
        },
    }
)
"""Tools of the two other ways: a server of one's own that leaves the cluster, and one that is there already."""

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b", "us-east-1c"),
    environment="dev",
    cluster_name="ai-dev",
)
GATEWAY_URL = "http://ai-gateway-internal.ai-gateway.svc:8080/v1"
NAMESPACES = ("ai-agents", "ai-tools", "egress", "ai-gateway", "ai-data", "tenant-a")


def wiring(tools: Mapping[str, ToolSpec] = TOOLS, **said: Any) -> Wiring:
    return Wiring(
        base_url=GATEWAY_URL,
        key_secrets={"ai-agents": "gateway-key-platform", "tenant-a": "gateway-key-tenant-a"},
        key="api-key",
        tools=tools,
        **{"cache": True, "cache_authority": True, **said},
    )


SOURCES = Sources(
    prometheus="http://kube-prometheus-stack-prometheus.observability.svc:9090", cache_login="cache"
)


def tool_wiring(tools: Mapping[str, ToolSpec] = TOOLS) -> ToolWiring:
    found = {door.client: door.address for door in doors(tool_flows(tools))}
    return ToolWiring(
        gateway_url=GATEWAY_URL,
        key="api-key",
        milvus_url="http://milvus.ai-data.svc:19530",
        embeddings={
            name: {"model": "text-embedding-3-small", "dimensions": 512}
            for name, tool in tools.items()
            if isinstance(tool, RetrievalToolSpec)
        },
        proxies={tool: found[object_name(tool)] for tool in tools if object_name(tool) in found},
    )


def namespaces() -> dict[str, Input[str]]:
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
    }
    made: dict[str, Input[str]] = {}
    for name in NAMESPACES:
        made[name] = k8s.core.v1.Namespace(name, metadata={"name": name, "labels": labels}).metadata.name
    return made


def everything(
    agents: Mapping[str, AgentSpec] = AGENTS,
    workflows: Mapping[str, WorkflowSpec] = WORKFLOWS,
    tools: Mapping[str, ToolSpec] = TOOLS,
) -> None:
    """kagent, tools and agents, in the order in which a stack makes them."""
    homes = namespaces()
    spec, sandbox = KagentSpec(), SandboxSpec()
    ground = k8s.core.v1.ConfigMap("ground", metadata={"name": "ground", "namespace": homes["ai-agents"]})
    found = everyone(agents, workflows)
    kagent = Kagent(
        "kagent",
        KagentArgs(
            spec=spec,
            namespace=homes["ai-agents"],
            tool_namespaces=("ai-tools",),
            gateway_url=GATEWAY_URL,
            gateway_secret="gateway-key-platform",
            default_model="gpt-4",
            collector="http://otel.node-monitoring.svc:4317",
            database="kagent-db",
            after=(ground,),
            monitored=True,
        ),
    )
    out = doors(tool_flows(tools))
    leaving = ()
    if out:
        leaving = EgressProxy(
            "egress-proxy",
            EgressProxyArgs(spec=EgressProxySpec(), doors=out, namespace=homes["egress"], after=(ground,)),
        ).ready
    base = ec2_node_class(
        PLACE,
        CODE_POOL,
        sandbox.pool,
        sandbox.pool.disk,
        node_role="ai-dev-node",
        ami_alias=DEFAULT_AMI_ALIAS,
    )
    made = Tools(
        "tools",
        ToolsArgs(
            place=PLACE,
            tools=tools,
            namespaces=homes,
            wiring=tool_wiring(tools),
            key_credential="gateway-key-platform",
            vector_user="u_default_reader",
            vector_credential="milvus-u-default-reader",
            supplied={name: one["arn"] for name, one in EXAMPLE["secrets"].items()},
            tenant_store="tenant",
            tenants_waits={"tenant-a": (ground,)},
            sandbox=sandbox,
            code_node_class=base,
            code_node_pool=cpu_node_pool(sandbox.pool, "karpenter"),
            after=(*kagent.ready, *leaving),
        ),
    )
    Agents(
        "agents",
        AgentsArgs(
            agents=found,
            namespaces=homes,
            wiring=wiring(tools),
            sources=SOURCES,
            database="kagent-db",
            tools=made.servers,
            after=kagent.ready,
            scalers=(ground,),
            monitored=True,
        ),
    )


def declared() -> tuple[PodClass, ...]:
    """The pods that the plan does not hold itself."""
    return (*kagent_pods(KagentSpec()), *agent_pods(everyone(AGENTS, WORKFLOWS)))
