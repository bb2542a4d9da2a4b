"""Rules between the sections of the layers: stores, gateway, models, relay, agents, tools."""

from __future__ import annotations

from typing import get_args

from components.agents.catalogue import everyone
from components.agents.catalogue import tools as tools_of
from components.agents.checks import Surrounding as AroundAgents
from components.agents.checks import agent_faults
from components.cache.checks import cache_faults
from components.core.faults import Fault
from components.core.objects import object_faults
from components.gateway.checks import access_faults, route_faults
from components.identity_provider.render import identity_faults
from components.models.checks import gateway_faults as model_gateway_faults
from components.models.checks import model_faults, part_faults
from components.models.names import Engine, server_name
from components.namespaces.catalogue import namespaces_for
from components.namespaces.grants import gpu_grant
from components.opencost.spec import buys_spot
from components.postgres.checks import postgres_faults
from components.relay.checks import relay_faults
from components.tools.checks import Surrounding as AroundTools
from components.tools.checks import tool_faults
from components.vectors.users import users as vector_users
from stacks.asked import asked_of_the_gateway
from stacks.catalogue import access, declared_catalogue, routes_to_servers
from stacks.drains import drain_faults
from stacks.objects import named_objects
from stacks.parts import parts
from stacks.sections import Sections, config_of, parts_of, place_of, secrets_declared, unread_of

MODELS = "ai-inference"


def routes_lead_somewhere(sections: Sections) -> list[Fault]:
    """Every share and fallback of a route names a backend that the stack has."""
    unread = [
        server_name(engine, name) for name in unread_of(sections, "models") for engine in get_args(Engine)
    ]
    return route_faults(sections["gateway"], declared_catalogue(config_of(sections)), unread=unread)


def names_are_answered(sections: Sections) -> list[Fault]:
    """Every model that the stack itself asks the gateway for is there."""
    # A model whose entry is at fault may have any alias: nothing is said of names until it can be read.
    return [] if unread_of(sections, "models") else asked_of_the_gateway(config_of(sections))


def tenants_may_use_what_there_is(sections: Sections) -> list[Fault]:
    """A tenant's models are served, and its tier has limits."""
    config = config_of(sections)
    catalogue = declared_catalogue(config)
    known = not unread_of(sections, "models")
    return access_faults(sections["gateway"], access(config), catalogue, all_known=known)


def models_fit_their_pools(sections: Sections) -> list[Fault]:
    """Each model fits a machine of its pool, and all of them the namespace's grant."""
    granted = gpu_grant(MODELS, sections["namespaces"].get(MODELS), sections["gpu_pools"])
    unread = unread_of(sections, "gpu_pools")
    return model_faults(
        {name: model for name, model in sections["models"].items() if model.pool not in unread},
        sections["gpu_pools"],
        granted,
        cluster_version=sections["cluster"].version,
        auto_mode=sections["compute"].mode == "auto",
        secrets=secrets_declared(sections),
    )


def models_have_who_scales_them(sections: Sections) -> list[Fault]:
    """Whoever measures, scales and wakes a model is there, and its streams end before it does."""
    config = config_of(sections)
    return [
        *part_faults(config.models, parts(config)),
        *(
            model_gateway_faults(
                config.models, routes_to_servers(config), config.gateway.streams.longest_seconds
            )
            if config.gateway.installed
            else []
        ),
    ]


def agents_have_what_they_need(sections: Sections) -> list[Fault]:
    """Agents use tools, agents and tenants that there are, and are scaled by what the stack can measure."""
    present = parts_of(sections)
    around = AroundAgents(
        tenants=sections["tenants"],
        tools=sections["tools"],
        keda="keda" in present,
        prometheus="prometheus" in present,
        cache=bool(present & {"valkey", "elasticache"}),
        database="postgres" in present,
        vectors="vectors" in present,
        vector_users=(
            {user.namespace for user in vector_users(sections["vectors"], sections["tenants"])}
            if "vectors" in present
            else ()
        ),
        unread=_unread(sections),
    )
    return agent_faults(sections["agents"], sections["workflows"], around)


def tools_have_what_they_need(sections: Sections) -> list[Fault]:
    """Tools lead to tenants, secrets and stores that there are, and sensitive ones ask first."""
    present = parts_of(sections)
    found = everyone(sections["agents"], sections["workflows"])
    around = AroundTools(
        tenants=sections["tenants"],
        namespaces=namespaces_for(present),
        secrets=secrets_declared(sections),
        tenants_secrets={name: tenant.secrets for name, tenant in sections["tenants"].items()},
        collections={
            tenant: tuple(sections["vectors"].collections_of(tenant))
            for tenant in (None, *sections["tenants"], *unread_of(sections, "tenants"))
        },
        milvus="milvus" in present,
        vectors="vectors" in present,
        gateway="gateway" in present,
        own_nodes=sections["compute"].mode == "karpenter",
        used={name: tools_of(agent) for name, agent in found.items()},
        unread=_unread(sections),
    )
    return tool_faults(sections["tools"], around)


def _unread(sections: Sections) -> dict[str, set[str]]:
    return {name: unread_of(sections, name) for name in ("agents", "tenants", "tools", "workflows")}


def relay_has_what_it_needs(sections: Sections) -> list[Fault]:
    """The relay has its stores, prices and keys, and every tier names models it has."""
    return relay_faults(
        sections["relay"],
        sections["prices"],
        parts=parts_of(sections),
        secrets=secrets_declared(sections),
        tenants=tuple(sections["tenants"]),
        spot=buys_spot([sections["compute"].cpu_pool]),
    )


def drains_wait_for_pods(sections: Sections) -> list[Fault]:
    """No node goes before its pods have finished what they were told they may finish."""
    return drain_faults(config_of(sections))


def every_object_is_one_entrys(sections: Sections) -> list[Fault]:
    """No two entries of the config make one object of the cluster."""
    return object_faults(named_objects(config_of(sections)))


def identity_is_sound(sections: Sections) -> list[Fault]:
    """Each token stands for one tenant, and the provider takes the names it is given."""
    return identity_faults(
        place_of(sections),
        sections["identity"],
        {name: tenant.client_ids for name, tenant in sections["tenants"].items()},
        pages=sections["gateway"].ui is not None,
        secrets=secrets_declared(sections),
        page_groups=sections["login"].allowed_groups,
    )


def cache_has_what_it_needs(sections: Sections) -> list[Fault]:
    """A cache for whoever cannot do without, and for the cache what it cannot do without."""
    declared = secrets_declared(sections)
    return cache_faults(sections["data"].cache, parts=parts_of(sections), secrets=declared)


def database_has_what_it_needs(sections: Sections) -> list[Fault]:
    """A database for whoever cannot do without, and for the database what it cannot do without."""
    return postgres_faults(sections["data"].postgres, parts=parts_of(sections))
