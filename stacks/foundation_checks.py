"""Rules between the sections that a cluster stands on: network, access, compute, tenants, secrets."""

from __future__ import annotations

import ipaddress

from components.bootstrap_nodes.spec import version_faults as bootstrap_version_faults
from components.cluster.addons import version_faults as addon_version_faults
from components.core.faults import Fault
from components.namespaces.checks import gpu_quota_faults
from components.network.spec import ExistingNetworkSpec
from stacks.given import given
from stacks.names import name_faults
from stacks.sections import NAMES, Sections, parts_of, place_of


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


def tenants_secrets_stand_beside_those_given(sections: Sections) -> list[Fault]:
    """No secret that a tenant declares has the name of one that it is given: two would write one Secret."""
    found = given(sections["tenants"], parts_of(sections), sections["vectors"])
    return [
        Fault(
            f"tenants.{name}.secrets[{index}]",
            f"{secret!r} is the name of a Secret that the platform puts into the tenant's namespace",
            "give the secret another name under secrets",
        )
        for name, tenant in sections["tenants"].items()
        for index, secret in enumerate(tenant.secrets)
        if secret in found[name]
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
    return name_faults(
        place_of(sections), sections["tenants"], sections["models"], sections["vectors"].instances
    )
