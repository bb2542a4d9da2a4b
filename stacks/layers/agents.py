"""The layer that acts: vectors, kagent, the way out, tools, agents."""

from __future__ import annotations

from pulumi import Resource

from components.agents.agents import Agents, AgentsArgs
from components.agents.catalogue import everyone, tenants
from components.agents.render import Wiring
from components.agents.scaling import Sources
from components.core.names import role_arn, role_name
from components.egress_proxy.egress_proxy import EgressProxy, EgressProxyArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gateway.names import INTERNAL_URL
from components.gateway.secrets import KEY, key_name
from components.gateway.spec import PLATFORM
from components.kagent.kagent import Kagent, KagentArgs
from components.karpenter.spec import NODE_ROLE_PURPOSE
from components.keda.login import AUTHENTICATION
from components.milvus.pods import pods as milvus_pods
from components.milvus.room import summary
from components.milvus.spec import SHARED
from components.node_pools.compute import KarpenterCompute
from components.node_pools.node_classes import ec2_node_class
from components.otel.names import AGENT_ENDPOINT
from components.tenants.access import reader_trust
from components.tools.names import CODE_POOL, object_name
from components.tools.render import ToolWiring
from components.tools.tools import Tools, ToolsArgs
from components.vectors.users import platform_reader
from components.vectors.vectors import Server, Vectors, VectorsArgs
from stacks.flows import doors_of
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.gateway import WayIn
from stacks.layers.ground import Ground
from stacks.layers.observability import Observability
from stacks.own_milvus import own_milvuses

MODELS_URL = f"{INTERNAL_URL}/v1"
HOME = "ai-agents"
DATABASE = "kagent-db"
FALLBACK_MODEL = "gpt-4"
"""What kagent's own page offers first: a public name of the gateway."""


def vectors(ground: Ground, controllers: Controllers, stores: Data) -> Vectors | None:
    """Collections, and the users who may search them: what a search waits for."""
    if "vectors" not in ground.parts:
        return None
    # Not for tenants' passwords, whose number changes: a job's pod waits for its Secret by itself.
    secrets = controllers.secrets
    return Vectors(
        "vectors",
        VectorsArgs(
            place=ground.place,
            spec=ground.config.vectors,
            namespaces=ground.namespaces,
            tenants=ground.tenants,
            reader_trust=reader_trust(ground.place, role_arn(ground.place, EXTERNAL_SECRETS_PURPOSE)),
            shared=Server(
                namespace=ground.namespaces[SHARED.namespace], after=(*stores.milvus[SHARED], *secrets)
            ),
            own={
                one.tenant or "": Server(
                    namespace=ground.namespaces[one.namespace],
                    after=(*stores.milvus[one], *secrets),
                    takes=summary(spec, milvus_pods(spec, one)),
                )
                for one, spec in own_milvuses(ground.config).items()
            },
        ),
        opts=ground.both,
    )


def agents(
    ground: Ground,
    controllers: Controllers,
    stores: Data,
    watching: Observability,
    way_in: WayIn,
    *,
    placed: tuple[Resource, ...],
    scalers: tuple[Resource, ...],
) -> None:
    """Tools before agents, and both before whoever calls them; `placed` is what their pods wait for."""
    searched = vectors(ground, controllers, stores)
    config = ground.config
    found = everyone(config.agents, config.workflows)
    if "kagent" not in ground.parts:
        return
    kagent = Kagent(
        "kagent",
        KagentArgs(
            spec=config.kagent,
            namespace=ground.namespaces[HOME],
            agent_namespaces=tenants(found),
            tool_namespaces=("ai-tools",) if "tools" in ground.parts else (),
            gateway_url=MODELS_URL,
            gateway_secret=key_name(PLATFORM),
            default_model=FALLBACK_MODEL,
            collector=AGENT_ENDPOINT if "otel" in ground.parts else None,
            database=DATABASE,
            after=(
                *placed,
                *controllers.secrets,
                *stores.databases.get("kagent", ()),
                *way_in.ready,
                *ground.monitors,
            ),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )
    tools = _tools(ground, kagent, searched, placed=placed)
    Agents(
        "agents",
        AgentsArgs(
            agents=found,
            namespaces={**ground.namespaces, **ground.tenants},
            wiring=Wiring(
                base_url=MODELS_URL,
                key_secrets={HOME: key_name(PLATFORM), **{one: key_name(one) for one in tenants(found)}},
                key=KEY,
                cache="agents" in stores.caches,
                cache_authority="valkey" in ground.parts,
                tools=config.tools,
            ),
            sources=Sources(
                prometheus=watching.prometheus.url if watching.prometheus else None,
                cache_login=AUTHENTICATION if "keda" in stores.caches else None,
            ),
            database=DATABASE,
            tools=tools.servers if tools else {},
            after=(*kagent.ready, *stores.caches.get("agents", ())),
            scalers=scalers,
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )


def _tools(
    ground: Ground, kagent: Kagent, searched: Vectors | None, *, placed: tuple[Resource, ...]
) -> Tools | None:
    if "tools" not in ground.parts:
        return None
    config = ground.config
    open_doors = doors_of(config)
    leaving: tuple[Resource, ...] = ()
    if open_doors:
        leaving = EgressProxy(
            "egress-proxy",
            EgressProxyArgs(
                spec=config.egress_proxy,
                doors=open_doors,
                namespace=ground.namespaces["egress"],
                after=placed,
            ),
            opts=ground.kubernetes,
        ).ready
    addresses = {door.client: door.address for door in open_doors}
    reader = platform_reader(config.vectors) if "vectors" in ground.parts else None
    compute, sandbox = config.compute, config.sandbox
    return Tools(
        "tools",
        ToolsArgs(
            place=ground.place,
            tools=config.tools,
            namespaces={**ground.namespaces, **ground.tenants},
            wiring=ToolWiring(
                gateway_url=MODELS_URL,
                key=KEY,
                milvus_url=SHARED.uri,
                own_milvus={one.tenant or "": one.uri for one in own_milvuses(config)},
                proxies={
                    tool: addresses[object_name(tool)]
                    for tool in config.tools
                    if object_name(tool) in addresses
                },
            ),
            key_credential=key_name(PLATFORM),
            vector_user=reader.name if reader else None,
            vector_credential=reader.credential if reader else None,
            supplied={name: secret.arn for name, secret in config.secrets.items()},
            sandbox=sandbox,
            code_node_class=(
                ec2_node_class(
                    ground.place,
                    CODE_POOL,
                    sandbox.pool,
                    sandbox.pool.disk,
                    node_role=role_name(ground.place, NODE_ROLE_PURPOSE),
                    ami_alias=compute.ami_alias,
                )
                if isinstance(compute, KarpenterCompute)
                else None
            ),
            after=(*placed, *kagent.ready, *leaving, *(searched.ready if searched else ())),
            own_vectors=searched.own_ready if searched else {},
        ),
        opts=ground.kubernetes,
    )
