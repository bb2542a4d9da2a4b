"""What no single section can know: rules between sections, each a pure function of the sections it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from components.alerts.catalogue import alert_faults
from components.argocd.checks import argocd_faults
from components.backup.spec import mode_faults as backup_mode_faults
from components.core.faults import Fault
from components.edge.spec import edge_faults
from components.external_dns.spec import twice_faults, zone_faults
from components.gateway.checks import gateway_faults
from components.load_balancer_controller.spec import mode_faults as load_balancer_mode_faults
from components.milvus.checks import room_faults as milvus_room_faults
from components.milvus.pods import pods as milvus_pods
from components.milvus.room import summary as milvus_takes
from components.namespaces.checks import namespace_faults
from components.node_pools.compute import mode_faults as pool_mode_faults
from components.node_pools.tags import tag_faults
from components.prices.catalogue import price_faults
from components.rate_limit.checks import rate_limit_faults
from components.smoke.checks import smoke_faults
from components.tenants.checks import tenant_faults
from components.vectors.checks import vector_faults
from stacks import foundation_checks as foundation
from stacks import layer_checks as layers
from stacks.needs import need_faults
from stacks.sections import NAMES, PLACE, WHAT_PARTS_ARE_READ_FROM, Sections, secrets_declared


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


CHECKS: tuple[Check, ...] = (
    Check(("network", "cluster"), foundation.services_lie_apart_from_the_vpc),
    Check(("network", "aws"), foundation.existing_subnets_cover_the_zones),
    Check(("cluster", "aws"), foundation.principals_are_in_the_partition),
    Check(("cluster", "compute"), foundation.addon_versions_name_addons),
    Check(("cluster", "compute"), foundation.bootstrap_image_fits_the_cluster),
    Check(("ownership",), lambda sections: tag_faults("ownership.tags", sections["ownership"].tags)),
    Check(("secrets", "tenants"), foundation.tenants_ask_for_declared_secrets),
    Check(
        (*WHAT_PARTS_ARE_READ_FROM, "tenants"),
        foundation.tenants_secrets_stand_beside_those_given,
    ),
    Check(("secrets", "aws"), foundation.secrets_can_be_read_from_here),
    Check(("namespaces",), lambda sections: namespace_faults(sections["namespaces"])),
    Check(("gpu_pools", "namespaces", "tenants"), foundation.gpu_quotas_add_up),
    Check(
        ("cluster", "tenants"),
        lambda sections: tenant_faults(sections["cluster"].name, sections["tenants"]),
    ),
    Check((*PLACE, "models", "tenants", "vectors"), foundation.role_names_are_unique),
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
    Check(WHAT_PARTS_ARE_READ_FROM, layers.routes_lead_somewhere),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), layers.tenants_may_use_what_there_is),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), layers.names_are_answered),
    Check(
        ("models", "gpu_pools", "namespaces", "cluster", "compute", "secrets"),
        layers.models_fit_their_pools,
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), layers.agents_have_what_they_need),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants", "secrets"), layers.tools_have_what_they_need),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants", "secrets", "prices"), layers.relay_has_what_it_needs),
    Check(
        ("vectors", "data", "tenants"),
        lambda sections: vector_faults(
            sections["vectors"],
            sections["data"].milvus,
            {*sections["tenants"], *sections[NAMES].get("tenants", ())},
            milvus_takes(sections["data"].milvus, milvus_pods(sections["data"].milvus)),
        ),
    ),
    Check(WHAT_PARTS_ARE_READ_FROM, layers.models_have_who_scales_them),
    Check(("identity", "tenants", "gateway", "login", "secrets", *PLACE), layers.identity_is_sound),
    Check(
        ("rate_limit", "gateway", "data"),
        lambda sections: rate_limit_faults(
            sections["rate_limit"],
            gateway=sections["gateway"].installed,
            cache_mode=sections["data"].cache.mode,
        ),
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "secrets"), layers.cache_has_what_it_needs),
    Check(WHAT_PARTS_ARE_READ_FROM, layers.database_has_what_it_needs),
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
            secrets_declared(sections),
        ),
    ),
    Check(
        ("services", "tenants"),
        lambda sections: smoke_faults(
            sections["services"].smoke, {*sections["tenants"], *sections[NAMES].get("tenants", ())}
        ),
    ),
    Check(("services",), lambda sections: zone_faults(sections["services"].external_dns)),
    Check(("services",), lambda sections: twice_faults(sections["services"].external_dns)),
    Check(
        ("data", "compute"),
        lambda sections: milvus_room_faults(sections["data"].milvus, sections["compute"].cpu_pool),
    ),
    Check(
        ("vectors", "compute"),
        lambda sections: [
            fault
            for one in sections["vectors"].instances
            for fault in milvus_room_faults(
                sections["vectors"].dedicated[one.tenant], sections["compute"].cpu_pool, one
            )
        ],
    ),
    Check((*WHAT_PARTS_ARE_READ_FROM, "tenants"), need_faults),
    Check(
        ("agents", "gateway", "models", "tenants", "tools", "workflows"),
        layers.every_object_is_one_entrys,
    ),
    Check(("agents", "compute", "gpu_pools", "models", "workflows"), layers.drains_wait_for_pods),
)
