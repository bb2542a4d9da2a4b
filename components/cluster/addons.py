"""EKS add-ons: which, in which order around the first nodes, with which identity and settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.faults import Fault
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import BOOTSTRAP_TOLERATION

Stage = Literal["before-nodes", "after-nodes"]


@dataclass(frozen=True)
class Addon:
    """One EKS add-on: `before-nodes` where a node cannot become ready without it."""

    name: str
    stage: Stage
    service_account: str | None = None
    managed_policy: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])


KARPENTER_MODE: tuple[Addon, ...] = (
    # The agent runs in the host's network, so it is up before the CNI that takes its credentials from it.
    Addon("eks-pod-identity-agent", "before-nodes"),
    Addon(
        "vpc-cni",
        "before-nodes",
        service_account="aws-node",
        managed_policy="AmazonEKS_CNI_Policy",
        # The switch that makes NetworkPolicies more than decoration, and its log. Prefix delegation lifts
        # the pods-per-node limit that ENI addresses impose.
        settings={
            "enableNetworkPolicy": "true",
            "nodeAgent": {"enablePolicyEventLogs": "true"},
            "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
        },
    ),
    Addon("kube-proxy", "before-nodes"),
    # From here on a pod has to be scheduled: without nodes these stay DEGRADED and `up` waits for nothing.
    Addon("coredns", "after-nodes", settings={"autoScaling": {"enabled": True}}),
    Addon(
        "aws-ebs-csi-driver",
        "after-nodes",
        service_account="ebs-csi-controller-sa",
        managed_policy="service-role/AmazonEBSCSIDriverPolicy",
    ),
    Addon("snapshot-controller", "after-nodes", settings={"tolerations": [dict(BOOTSTRAP_TOLERATION)]}),
)

AUTO_MODE: tuple[Addon, ...] = (
    # Network, DNS, block storage and identity are parts of Auto Mode; snapshots are not.
    Addon("snapshot-controller", "after-nodes", settings={"tolerations": [dict(BOOTSTRAP_TOLERATION)]}),
)


def addons(*, auto_mode: bool) -> tuple[Addon, ...]:
    """Every add-on of a compute mode."""
    return AUTO_MODE if auto_mode else KARPENTER_MODE


def version_faults(versions: Mapping[str, str], *, auto_mode: bool) -> list[Fault]:
    """Pins for add-ons that this compute mode does not install."""
    known = sorted(addon.name for addon in addons(auto_mode=auto_mode))
    return [
        Fault(
            f"cluster.addon_versions.{name}",
            "this compute mode installs no such add-on",
            f"remove it; it installs {', '.join(known)}",
        )
        for name in sorted(set(versions) - set(known))
    ]


@dataclass(frozen=True, kw_only=True)
class AddonsArgs:
    """Which stage, on which cluster, after what."""

    place: Place
    cluster_name: Input[str]
    stage: Stage
    auto_mode: bool
    versions: Mapping[str, str]
    after: tuple[Resource, ...]


class Addons(ComponentResource):
    """The add-ons of one stage, each with its identity in place before its pods start."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: AddonsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cluster:Addons", name, None, opts)
        wanted = [addon for addon in addons(auto_mode=args.auto_mode) if addon.stage == args.stage]
        self.ready = tuple(resource for addon in wanted for resource in self._addon(name, args, addon))
        self.register_outputs({})

    def _addon(self, name: str, args: AddonsArgs, addon: Addon) -> tuple[Resource, ...]:
        identity: tuple[Resource, ...] = ()
        if addon.service_account and addon.managed_policy:
            identity = PodIdentityRole(
                f"{name}-{addon.name}",
                PodIdentityRoleArgs(
                    place=args.place,
                    purpose=addon.name,
                    namespace="kube-system",
                    service_account=addon.service_account,
                    policies={},
                    managed_policies=(addon.managed_policy,),
                    cluster_name=args.cluster_name,
                ),
                opts=ResourceOptions(parent=self),
            ).ready
        made = aws.eks.Addon(
            f"{name}-{addon.name}",
            cluster_name=args.cluster_name,
            addon_name=addon.name,
            addon_version=args.versions.get(addon.name),
            configuration_values=json.dumps(addon.settings, sort_keys=True) if addon.settings else None,
            resolve_conflicts_on_create="OVERWRITE",
            # What an operator changed in an emergency is not silently undone by an upgrade.
            resolve_conflicts_on_update="PRESERVE",
            opts=ResourceOptions(parent=self, depends_on=[*identity, *args.after]),
        )
        return (*identity, made)
