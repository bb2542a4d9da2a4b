"""What no single section can know: rules between sections, each a pure function of the sections it needs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from components.agents.catalogue import everyone
from components.agents.catalogue import tenants as agents_tenants
from components.agents.catalogue import tools as tools_of
from components.agents.checks import Surrounding as AroundAgents
from components.agents.checks import agent_faults
from components.alerts.catalogue import alert_faults
from components.argocd.checks import argocd_faults
from components.backup.spec import mode_faults as backup_mode_faults
from components.bootstrap_nodes.spec import version_faults as bootstrap_version_faults
from components.cache.checks import cache_faults
from components.cluster.addons import version_faults as addon_version_faults
from components.core.aws import Place
from components.core.faults import Fault
from components.edge.spec import edge_faults
from components.external_dns.spec import twice_faults, zone_faults
from components.gateway.checks import access_faults, gateway_faults, route_faults
from components.gateway.secrets import key_name
from components.identity_provider.render import identity_faults
from components.load_balancer_controller.spec import mode_faults as load_balancer_mode_faults
from components.milvus.checks import room_faults as milvus_room_faults
from components.milvus.pods import pods as milvus_pods
from components.models.checks import gateway_faults as model_gateway_faults
from components.models.checks import model_faults, part_faults
from components.namespaces.catalogue import namespaces_for
from components.namespaces.checks import gpu_quota_faults, namespace_faults
from components.namespaces.grants import gpu_grant
from components.network.spec import ExistingNetworkSpec
from components.node_pools.compute import mode_faults as pool_mode_faults
from components.node_pools.tags import tag_faults
from components.opencost.spec import buys_spot
from components.postgres.checks import postgres_faults
from components.prices.catalogue import price_faults
from components.rate_limit.checks import rate_limit_faults
from components.relay.checks import relay_faults
from components.tenants.checks import tenant_faults
from components.tools.checks import Surrounding as AroundTools
from components.tools.checks import tool_faults
from components.vectors.checks import vector_faults
from stacks.catalogue import access, declared_catalogue, routes_to_servers
from stacks.names import name_faults
from stacks.needs import need_faults
from stacks.parts import parts

if TYPE_CHECKING:
    from stacks.config import PlatformConfig

Sections = Mapping[str, Any]
NAMES = "(names)"
MODELS = "ai-inference"


@dataclass(frozen=True)
class Check:
    """A rule and the sections it reads; it is left out when one of them is itself at fault."""

    needs: tuple[str, ...]
    run: Callable[[Sections], list[Fault]]


Names = Mapping[str, frozenset[str]]
"""The names that are written in each map of named things, those of faulty entries too."""


def names_written(raw: Mapping[str, Any]) -> Names:
    """The names in each section of `raw` that is a map: to name a faulty entry is no fault of its own."""
    return {
        section: frozenset(str(name) for name in cast("Mapping[object, Any]", entries))
        for section, entries in raw.items()
        if isinstance(entries, Mapping)
    }


def faults(sections: Sections, names: Names) -> list[Fault]:
    """Every fault between the sections that could be read."""
    everything = {**sections, NAMES: names}
    able = [check for check in CHECKS if set(check.needs) <= sections.keys()]
    return [fault for check in able for fault in check.run(everything)]


def services_lie_apart_from_the_vpc(sections: Sections) -> list[Fault]:
    """Services and the VPC share no address: a pod could not tell them apart."""
    vpc, services = sections["network"].cidr, sections["cluster"].service_cidr
    if not ipaddress.IPv4Network(vpc).overlaps(ipaddress.IPv4Network(services)):
        return []
    return [
        Fault(
            "cluster.service_cidr",
            f"{services} overlaps network.cidr {vpc}",
            "choose a private block outside the VPC, such as 172.20.0.0/16 or 10.100.0.0/16",
        )
    ]


def existing_subnets_cover_the_zones(sections: Sections) -> list[Fault]:
    """Each tier of an existing VPC has a subnet in every zone of the stack, and none elsewhere."""
    network, zones = sections["network"], sections["aws"].zones
    if not isinstance(network, ExistingNetworkSpec):
        return []
    found: list[Fault] = []
    for tier in ("private", "control_plane", "data"):
        stated = [subnet.zone for subnet in getattr(network.subnets, tier)]
        path = f"network.subnets.{tier}"
        found += [
            Fault(path, f"has no subnet in {zone}", "add one, or take the zone out of aws.zones")
            for zone in zones
            if zone not in stated
        ]
        found += [
            Fault(path, f"has a subnet in {zone}, which aws.zones does not name", "name the zone or drop it")
            for zone in sorted(set(stated) - set(zones))
        ]
    return found


def principals_are_in_the_partition(sections: Sections) -> list[Fault]:
    """Access entries name principals of the partition the cluster is in."""
    access, partition = sections["cluster"].access, sections["aws"].partition
    named = [("deployer_arn", access.deployer_arn)]
    named += [(f"admin_arns[{index}]", arn) for index, arn in enumerate(access.admin_arns)]
    named += [(f"viewer_arns[{index}]", arn) for index, arn in enumerate(access.viewer_arns)]
    return [
        Fault(
            f"cluster.access.{path}",
            f"{arn} is not in partition {partition}",
            f"write arn:{partition}:iam::..., or correct aws.partition",
        )
        for path, arn in named
        if arn.split(":")[1] != partition
    ]


def addon_versions_name_addons(sections: Sections) -> list[Fault]:
    """A pinned add-on version belongs to an add-on that this compute mode installs."""
    return addon_version_faults(
        sections["cluster"].addon_versions, auto_mode=sections["compute"].mode == "auto"
    )


def bootstrap_image_fits_the_cluster(sections: Sections) -> list[Fault]:
    """A pinned node image is for the cluster's Kubernetes version."""
    compute = sections["compute"]
    return (
        bootstrap_version_faults(compute.bootstrap, sections["cluster"].version)
        if compute.mode == "karpenter"
        else []
    )


def tenants_ask_for_declared_secrets(sections: Sections) -> list[Fault]:
    """A tenant's secret is one of the stack's `secrets`."""
    declared = sections["secrets"]
    known = ", ".join(sorted(declared)) or "none"
    return [
        Fault(
            f"tenants.{name}.secrets[{index}]",
            f"nothing provides the secret {secret!r}",
            f"declare it under secrets with its arn; declared: {known}",
        )
        for name, tenant in sections["tenants"].items()
        for index, secret in enumerate(tenant.secrets)
        if secret not in declared and secret not in sections[NAMES].get("secrets", ())
    ]


def secrets_can_be_read_from_here(sections: Sections) -> list[Fault]:
    """A secret is in the stack's region: its consumers ask that region's Secrets Manager."""
    place = sections["aws"]
    return [
        Fault(
            f"secrets.{name}.arn",
            f"is in {partition}/{region}, the stack is in {place.partition}/{place.region}",
            f"replicate the secret to {place.region} and write the replica's arn",
        )
        for name, secret in sections["secrets"].items()
        for _, partition, _, region, *_ in [secret.arn.split(":")]
        if (partition, region) != (place.partition, place.region)
    ]


def gpu_quotas_add_up(sections: Sections) -> list[Fault]:
    """GPU quotas name pools of the stack and promise no more than these may have."""
    pools = sections["gpu_pools"]
    at_fault_themselves = sections[NAMES].get("gpu_pools", frozenset()) - pools.keys()
    return [
        fault
        for fault in gpu_quota_faults(pools, sections["namespaces"], sections["tenants"])
        if fault.path.rpartition(".")[2] not in at_fault_themselves
    ]


def role_names_are_unique(sections: Sections) -> list[Fault]:
    """No two roles of the stack have one name."""
    return name_faults(_place(sections), sections["tenants"], sections["models"])


def _place(sections: Sections) -> Place:
    aws = sections["aws"]
    return Place(
        account_id=aws.account_id,
        partition=aws.partition,
        region=aws.region,
        zones=tuple(aws.zones),
        environment=sections["environment"],
        cluster_name=sections["cluster"].name,
    )


WHAT_PARTS_ARE_READ_FROM = (
    *("agents", "kagent", "relay", "tools", "vectors", "workflows"),
    *("compute", "data", "edge", "gateway", "gpu_pools", "models", "observability", "rate_limit", "services"),
)
PLACE = ("environment", "aws", "cluster")


def _parts(sections: Sections) -> frozenset[str]:
    return parts(cast("PlatformConfig", SimpleNamespace(**sections)))


def _config(sections: Sections) -> PlatformConfig:
    return cast("PlatformConfig", SimpleNamespace(**sections))


def routes_lead_somewhere(sections: Sections) -> list[Fault]:
    """Every share and fallback of a route names a backend that the stack has."""
    return route_faults(sections["gateway"], declared_catalogue(_config(sections)))


def tenants_may_use_what_there_is(sections: Sections) -> list[Fault]:
    """A tenant's models are served, and its tier has limits."""
    config = _config(sections)
    return access_faults(sections["gateway"], access(config), declared_catalogue(config))


def models_fit_their_pools(sections: Sections) -> list[Fault]:
    """Each model fits a machine of its pool, and all of them the namespace's grant."""
    granted = gpu_grant(MODELS, sections["namespaces"].get(MODELS), sections["gpu_pools"])
    return model_faults(
        sections["models"],
        sections["gpu_pools"],
        granted,
        cluster_version=sections["cluster"].version,
        auto_mode=sections["compute"].mode == "auto",
        secrets={*sections["secrets"], *sections[NAMES].get("secrets", ())},
    )


def models_have_who_scales_them(sections: Sections) -> list[Fault]:
    """Whoever measures, scales and wakes a model is there, and its streams end before it does."""
    config = _config(sections)
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
    present = _parts(sections)
    around = AroundAgents(
        tenants=sections["tenants"],
        tools=sections["tools"],
        keda="keda" in present,
        prometheus="prometheus" in present,
        cache=bool(present & {"valkey", "elasticache"}),
        database="postgres" in present,
    )
    return [
        *agent_faults(sections["agents"], sections["workflows"], around),
        *_tenants_without_a_key(sections),
    ]


def _tenants_without_a_key(sections: Sections) -> list[Fault]:
    """A tenant's agent asks models with the tenant's own key, which its own role has to be let at."""
    found = everyone(sections["agents"], sections["workflows"])
    return [
        Fault(
            f"tenants.{tenant}.secrets",
            f"lacks {key_name(tenant)}: agents of the tenant could ask no model",
            f"after the first up, declare secrets.{key_name(tenant)} with its arn and list it here",
        )
        for tenant in agents_tenants(found)
        if tenant in sections["tenants"] and key_name(tenant) not in sections["tenants"][tenant].secrets
    ]


def tools_have_what_they_need(sections: Sections) -> list[Fault]:
    """Tools lead to tenants, secrets and stores that there are, and sensitive ones ask first."""
    present = _parts(sections)
    found = everyone(sections["agents"], sections["workflows"])
    around = AroundTools(
        tenants=sections["tenants"],
        namespaces=namespaces_for(present),
        secrets={*sections["secrets"], *sections[NAMES].get("secrets", ())},
        milvus="milvus" in present,
        gateway="gateway" in present,
        own_nodes=sections["compute"].mode == "karpenter",
        used={name: tools_of(agent) for name, agent in found.items()},
    )
    return tool_faults(sections["tools"], around)


def relay_has_what_it_needs(sections: Sections) -> list[Fault]:
    """The relay has its stores, prices and keys, and every tier names models it has."""
    return relay_faults(
        sections["relay"],
        sections["prices"],
        parts=_parts(sections),
        secrets={*sections["secrets"], *sections[NAMES].get("secrets", ())},
        tenants=tuple(sections["tenants"]),
        spot=buys_spot([sections["compute"].cpu_pool]),
    )


def identity_is_sound(sections: Sections) -> list[Fault]:
    """Each token stands for one tenant, and the provider takes the names it is given."""
    return identity_faults(
        _place(sections),
        sections["identity"],
        {name: tenant.client_ids for name, tenant in sections["tenants"].items()},
        pages=sections["gateway"].ui is not None,
        secrets={*sections["secrets"], *sections[NAMES].get("secrets", ())},
    )


def cache_has_what_it_needs(sections: Sections) -> list[Fault]:
    """A cache for whoever cannot do without, and for the cache what it cannot do without."""
    declared = {*sections["secrets"], *sections[NAMES].get("secrets", ())}
    return cache_faults(sections["data"].cache, parts=_parts(sections), secrets=declared)


def database_has_what_it_needs(sections: Sections) -> list[Fault]:
    """A database for whoever cannot do without, and for the database what it cannot do without."""
    return postgres_faults(sections["data"].postgres, parts=_parts(sections))


CHECKS: tuple[Check, ...] = (
    Check(("network", "cluster"), services_lie_apart_from_the_vpc),
    Check(("network", "aws"), existing_subnets_cover_the_zones),
    Check(("cluster", "aws"), principals_are_in_the_partition),
    Check(("cluster", "compute"), addon_versions_name_addons),
    Check(("cluster", "compute"), bootstrap_image_fits_the_cluster),
    Check(("ownership",), lambda sections: tag_faults("ownership.tags", sections["ownership"].tags)),
    Check(("secrets", "tenants"), tenants_ask_for_declared_secrets),
    Check(("secrets", "aws"), secrets_can_be_read_from_here),
    Check(("namespaces",), lambda sections: namespace_faults(sections["namespaces"])),
    Check(("gpu_pools", "namespaces", "tenants"), gpu_quotas_add_up),
    Check(
        ("cluster", "tenants"),
        lambda sections: tenant_faults(sections["cluster"].name, sections["tenants"]),
    ),
    Check((*PLACE, "models", "tenants"), role_names_are_unique),
    Check(
        ("compute", "gpu_pools"),
        lambda sections: pool_mode_faults(sections["compute"], sections["gpu_pools"]),
    ),
    Check(
        ("services", "compute"),
        lambda sections: load_balancer_mode_faults(
            sections["services"].load_balancer_controller, sections["compute"].mode
        ),
    ),
    Check(
        ("gateway", "edge"),
        lambda sections: gateway_faults(sections["gateway"], edge=sections["edge"].enabled),
    ),
    Check(
        ("edge", "gateway", "aws"),
        lambda sections: edge_faults(
            sections["edge"], sections["gateway"], partition=sections["aws"].partition
        ),
    ),
    Check(WHAT_PARTS_ARE_READ_FROM, routes_lead_somewhere),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), tenants_may_use_what_there_is),
    Check(
        ("models", "gpu_pools", "namespaces", "cluster", "compute", "secrets"),
        models_fit_their_pools,
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), agents_have_what_they_need),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants", "secrets"), tools_have_what_they_need),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants", "secrets", "prices"), relay_has_what_it_needs),
    Check(
        ("vectors", "data", "tenants"),
        lambda sections: vector_faults(
            sections["vectors"],
            sections["data"].milvus,
            sections["tenants"],
            milvus_pods(sections["data"].milvus),
        ),
    ),
    Check(WHAT_PARTS_ARE_READ_FROM, models_have_who_scales_them),
    Check(("identity", "tenants", "gateway", "secrets", *PLACE), identity_is_sound),
    Check(
        ("rate_limit", "gateway", "data"),
        lambda sections: rate_limit_faults(
            sections["rate_limit"],
            gateway=sections["gateway"].installed,
            cache_mode=sections["data"].cache.mode,
        ),
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "secrets"), cache_has_what_it_needs),
    Check(WHAT_PARTS_ARE_READ_FROM, database_has_what_it_needs),
    Check(("observability",), lambda sections: alert_faults(sections["observability"].alerts)),
    Check(
        ("prices", "tenants"),
        lambda sections: price_faults(
            sections["prices"],
            {**sections["tenants"], **dict.fromkeys(sections[NAMES].get("tenants", ()))},
        ),
    ),
    Check(
        ("services", "compute"),
        lambda sections: backup_mode_faults(sections["services"].backup, sections["compute"].mode),
    ),
    Check(
        ("services", "tenants", "secrets"),
        lambda sections: argocd_faults(
            sections["services"].argocd,
            {*sections["tenants"], *sections[NAMES].get("tenants", ())},
            {*sections["secrets"], *sections[NAMES].get("secrets", ())},
        ),
    ),
    Check(("services",), lambda sections: zone_faults(sections["services"].external_dns)),
    Check(("services",), lambda sections: twice_faults(sections["services"].external_dns)),
    Check(
        ("data", "compute"),
        lambda sections: milvus_room_faults(sections["data"].milvus, sections["compute"].cpu_pool),
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), need_faults),
)
