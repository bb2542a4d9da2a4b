"""The layer that acts: vectors, kagent, the way out, tools, agents."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Resource

from components.agents.agents import Agents, AgentsArgs
from components.agents.catalogue import Agent, everyone, of
from components.agents.render import Wiring
from components.agents.scaling import Sources
from components.agents.spec import ByoAgentSpec
from components.cache.spec import tenant_user
from components.core.names import role_arn, role_name
from components.egress_proxy.egress_proxy import EgressProxy, EgressProxyArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gateway.names import MODELS_URL
from components.gateway.secrets import KEY, key_name
from components.gateway.spec import PLATFORM
from components.kagent.kagent import Kagent, KagentArgs
from components.kagent.spec import DATABASE_SECRET
from components.kagent.tenant import TenantKagent, TenantKagentArgs
from components.karpenter.spec import NODE_ROLE_PURPOSE
from components.keda.login import AUTHENTICATION
from components.milvus.pods import pods as milvus_pods
from components.milvus.room import summary
from components.milvus.spec import SHARED
from components.node_pools.compute import KarpenterCompute
from components.node_pools.node_classes import ec2_node_class
from components.node_pools.render import cpu_node_pool
from components.otel.names import AGENT_ENDPOINT
from components.tenants.access import STORE as TENANT_STORE
from components.tenants.access import reader_trust
from components.tools.names import CODE_POOL, object_name
from components.tools.render import ToolWiring
from components.tools.spec import RetrievalToolSpec
from components.tools.tools import Tools, ToolsArgs
from components.vectors.users import platform_reader
from components.vectors.vectors import Server, Vectors, VectorsArgs
from stacks.flows import doors_of, reverse_doors_of
from stacks.given import OWN_CACHES
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.gateway import WayIn, public_url
from stacks.layers.ground import Ground
from stacks.layers.observability import Observability
from stacks.own_milvus import own_milvuses
from stacks.parts import tenants_with_agents

HOME = "ai-agents"
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
            tool_namespaces=("ai-tools",) if "tools" in ground.parts else (),
            gateway_url=MODELS_URL,
            gateway_secret=key_name(PLATFORM),
            default_model=FALLBACK_MODEL,
            collector=AGENT_ENDPOINT if "otel" in ground.parts else None,
            database=DATABASE_SECRET,
            # The platform's agents answer to the platform's key, which only pods have.
            advertised=way_in.gateway.internal_url if way_in.gateway else None,
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
    tenants_waits = {
        tenant: (
            *controllers.tenants_own.get(tenant, ()),
            *way_in.keys.get(tenant, ()),
            *((*searched.told.get(tenant, ()), *searched.own_ready.get(tenant, ())) if searched else ()),
        )
        for tenant in ground.tenants
    }
    tools = _tools(ground, kagent, searched, tenants_waits, placed=placed)

    def made(name: str, tenant: str | None, after: tuple[Resource, ...]) -> None:
        Agents(
            name,
            AgentsArgs(
                agents=of(found, tenant),
                home=tenant or HOME,
                namespaces=ground.namespaces if tenant is None else {tenant: ground.tenants[tenant]},
                wiring=Wiring(
                    base_url=MODELS_URL,
                    key_secrets={tenant or HOME: key_name(tenant or PLATFORM)},
                    key=KEY,
                    cache="agents" in stores.caches,
                    tenant_caches=bool(OWN_CACHES & ground.parts),
                    cache_authority="valkey" in ground.parts,
                    tools=config.tools,
                ),
                sources=Sources(
                    prometheus=watching.prometheus.url if watching.prometheus else None,
                    cache_login=AUTHENTICATION if "keda" in stores.caches else None,
                ),
                database=DATABASE_SECRET,
                tools=tools.servers if tools else {},
                after=(*after, *_stores_asked_for(of(found, tenant), searched)),
                scalers=scalers,
                monitored=ground.monitored and tenant is None,
            ),
            opts=ground.kubernetes,
        )

    made("agents", None, (*kagent.ready, *stores.caches.get("agents", ())))
    for tenant in tenants_with_agents(config):
        ready = _tenant_kagent(ground, kagent, stores, way_in, tenant, after=(*placed, *way_in.ready))
        waits = (*tenants_waits[tenant], *stores.caches.get(tenant_user(tenant).name, ()))
        # A dot, which no name has: `a` with agent `agents-x` and `a-agents` with agent `x` are not the same.
        made(f"{tenant}.agents", tenant, (*ready, *waits))


def _tenant_kagent(
    ground: Ground,
    kagent: Kagent,
    stores: Data,
    way_in: WayIn,
    tenant: str,
    *,
    after: tuple[Resource, ...],
) -> tuple[Resource, ...]:
    """A controller for one tenant's agents; of the platform's it shares kinds and rules, and nothing else."""
    return TenantKagent(
        f"{tenant}-kagent",
        tenant,
        TenantKagentArgs(
            spec=ground.config.kagent,
            namespace=ground.tenants[tenant],
            gateway_url=MODELS_URL,
            gateway_secret=key_name(tenant),
            default_model=FALLBACK_MODEL,
            collector=AGENT_ENDPOINT if "otel" in ground.parts else None,
            advertised=public_url(ground.config, way_in),
            after=(*after, *kagent.ground, *stores.tenant_databases.get(tenant, ()), *ground.monitors),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    ).ready


def _stores_asked_for(agents: Mapping[str, Agent], searched: Vectors | None) -> tuple[Resource, ...]:
    """Collections, where one of these agents is told of them; the others start without."""
    asked = any(isinstance(one, ByoAgentSpec) and one.stores.vectors for one in agents.values())
    return searched.ready if searched and asked else ()


def _tools(
    ground: Ground,
    kagent: Kagent,
    searched: Vectors | None,
    tenants_waits: Mapping[str, tuple[Resource, ...]],
    *,
    placed: tuple[Resource, ...],
) -> Tools | None:
    if "tools" not in ground.parts:
        return None
    config = ground.config
    open_doors, reverse = doors_of(config), reverse_doors_of(config)
    leaving: tuple[Resource, ...] = ()
    if open_doors or reverse:
        leaving = EgressProxy(
            "egress-proxy",
            EgressProxyArgs(
                spec=config.egress_proxy,
                doors=(*open_doors, *reverse),
                namespace=ground.namespaces["egress"],
                after=placed,
            ),
            opts=ground.kubernetes,
        ).ready
    addresses = {door.client: door.address for door in open_doors}
    urls = {door.client: door.url for door in reverse}
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
                embeddings={
                    name: config.vectors.collections_of(tool.tenant)[tool.collection].embedding
                    for name, tool in config.tools.items()
                    if isinstance(tool, RetrievalToolSpec)
                },
                own_milvus={one.tenant or "": one.uri for one in own_milvuses(config)},
                proxies={
                    tool: addresses[object_name(tool)]
                    for tool in config.tools
                    if object_name(tool) in addresses
                },
                remotes={tool: urls[object_name(tool)] for tool in config.tools if object_name(tool) in urls},
            ),
            key_credential=key_name(PLATFORM),
            vector_user=reader.name if reader else None,
            vector_credential=reader.credential if reader else None,
            supplied={name: secret.arn for name, secret in config.secrets.items()},
            tenant_store=TENANT_STORE,
            tenants_waits=tenants_waits,
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
            code_node_pool=(
                cpu_node_pool(sandbox.pool, "karpenter") if isinstance(compute, KarpenterCompute) else None
            ),
            after=(*placed, *kagent.ready, *leaving, *(searched.ready if searched else ())),
        ),
        opts=ground.kubernetes,
    )
