"""What no single section can know: rules between sections, each a pure function of the sections it needs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.bootstrap_nodes.spec import version_faults as bootstrap_version_faults
from components.cluster.addons import version_faults as addon_version_faults
from components.core.faults import Fault
from components.load_balancer_controller.spec import mode_faults as load_balancer_mode_faults
from components.network.spec import ExistingNetworkSpec
from components.node_pools.compute import mode_faults as pool_mode_faults
from stacks.needs import need_faults

Sections = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """A rule and the sections it reads; it is left out when one of them is itself at fault."""

    needs: tuple[str, ...]
    run: Callable[[Sections], list[Fault]]


def faults(sections: Sections) -> list[Fault]:
    """Every fault between the sections that could be read."""
    return [fault for check in CHECKS if set(check.needs) <= sections.keys() for fault in check.run(sections)]


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
        if secret not in declared
    ]


CHECKS: tuple[Check, ...] = (
    Check(("network", "cluster"), services_lie_apart_from_the_vpc),
    Check(("network", "aws"), existing_subnets_cover_the_zones),
    Check(("cluster", "aws"), principals_are_in_the_partition),
    Check(("cluster", "compute"), addon_versions_name_addons),
    Check(("cluster", "compute"), bootstrap_image_fits_the_cluster),
    Check(("secrets", "tenants"), tenants_ask_for_declared_secrets),
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
    Check(("services", "compute", "gpu_pools", "tenants"), need_faults),
)
