"""The cluster: control plane, access entries, and the provider every Kubernetes resource goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as k8s
from pulumi import (
    ComponentResource,
    Input,
    Output,
    Resource,
    ResourceOptions,
    ResourceTransformArgs,
    ResourceTransformResult,
)

from components.cluster.access import AccessEntry, entries, policy_arn
from components.cluster.control_plane import ControlPlaneBasis, ControlPlaneBasisArgs
from components.cluster.kubeconfig import kubeconfig
from components.cluster.spec import ClusterSpec
from components.core.aws import Place
from components.core.labels import DISCOVERY_TAG

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def without_implicit_admin(args: ResourceTransformArgs) -> ResourceTransformResult | None:
    """Keep EKS from making an access entry for whoever creates the cluster.

    pulumi_eks always asks for it; our own entry for the deployer would then fail with ResourceInUse, and the
    implicit one is in no plan (pulumi-eks 4.4, nodejs/eks/cluster/cluster.ts).
    """
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    access = cast("dict[str, Input[Any]]", args.props.get("accessConfig") or {})
    return ResourceTransformResult(
        props={
            **args.props,
            "accessConfig": {**access, "bootstrapClusterCreatorAdminPermissions": False},
        },
        opts=args.opts,
    )


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """What was said about the cluster, and what the network gave."""

    place: Place
    spec: ClusterSpec
    vpc_id: Input[str]
    subnet_ids: Sequence[Input[str]]
    auto_mode: bool
    protect: bool
    """The control plane and the key of its Secrets; access entries may still change."""
    after: tuple[Resource, ...]


class Cluster(ComponentResource):
    """A private, encrypted, logged EKS control plane that only named principals can use."""

    name: Output[str]
    """The cluster's name as an output: whoever takes it comes after the cluster."""
    role_name: Output[str]
    """The control plane's own role; in Auto Mode it also makes the nodes."""
    security_group_id: Output[str]
    oidc_issuer: Output[str]
    ready: tuple[Resource, ...]
    """Access for people, and what nodes find the cluster's security group by."""
    kubeconfig: Output[str]
    provider: k8s.Provider
    """Exists only after the deployer's access entry, and so does everything that goes through it."""

    def __init__(self, name: str, args: ClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cluster:Cluster", name, None, opts)
        self._child = ResourceOptions(parent=self)
        basis = ControlPlaneBasis(
            f"{name}-basis",
            ControlPlaneBasisArgs(
                place=args.place,
                auto_mode=args.auto_mode,
                log_retention_days=args.spec.log_retention_days,
                protect=args.protect,
            ),
            opts=self._child,
        )
        control_plane = self._control_plane(name, args, basis)
        self.name = control_plane.name
        self.role_name = basis.role.name
        self.security_group_id = control_plane.vpc_config.cluster_security_group_id.apply(str)
        self.oidc_issuer = control_plane.identities[0].oidcs[0].issuer.apply(str)
        # Karpenter finds the security group by the same tag as the subnets; EKS makes the group, so it is
        # tagged after the fact.
        discoverable = aws.ec2.Tag(
            name,
            resource_id=self.security_group_id,
            key=DISCOVERY_TAG,
            value=args.place.cluster_name,
            opts=self._child,
        )
        associations = [self._entry(name, args.place, entry) for entry in entries(args.spec.access)]
        self.kubeconfig = Output.all(control_plane.endpoint, control_plane.certificate_authority.data).apply(
            lambda values: kubeconfig(args.place, values[0], values[1])
        )
        self._identifier = args.place.cluster_arn
        self.provider = self.provider_after(name, tuple(associations), ResourceOptions(parent=self))
        self.ready = (discoverable, *associations)
        self.register_outputs({"name": self.name})

    def provider_after(self, name: str, after: tuple[Resource, ...], opts: ResourceOptions) -> k8s.Provider:
        """A Kubernetes provider that exists only after `after`: order for all that goes through it."""
        return k8s.Provider(
            name,
            kubeconfig=self.kubeconfig,
            # Keeps the provider's identity when the endpoint changes, instead of replacing all it manages.
            cluster_identifier=self._identifier,
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=list(after))),
        )

    def _control_plane(
        self, name: str, args: ClusterArgs, basis: ControlPlaneBasis
    ) -> Output[aws.eks.Cluster]:
        spec = args.spec
        cluster = eks.Cluster(
            name,
            name=spec.name,
            version=spec.version,
            service_role=basis.role,
            vpc_id=args.vpc_id,
            subnet_ids=list(args.subnet_ids),
            endpoint_private_access=True,
            endpoint_public_access=bool(spec.public_endpoint_cidrs),
            public_access_cidrs=spec.public_endpoint_cidrs or None,
            authentication_mode=eks.AuthenticationMode.API,
            encryption_config_key_arn=basis.key_arn,
            enabled_cluster_log_types=LOG_TYPES,
            kubernetes_service_ip_address_range=spec.service_cidr,
            upgrade_policy={"support_type": spec.support},
            deletion_protection=args.protect,
            # The component owns the control plane only: add-ons, access entries and nodes are raw resources.
            skip_default_node_group=True,
            skip_default_security_groups=True,
            create_oidc_provider=False,
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            coredns_addon_options={"enabled": False},
            kube_proxy_addon_options={"enabled": False},
            auto_mode=None
            if basis.auto_node_role is None
            else {
                "enabled": True,
                "create_node_role": False,
                # `general-purpose` stays off: the CPU pool is ours, with limits. `system` holds controllers.
                "compute_config": {
                    "node_role_arn": basis.auto_node_role.arn,
                    "node_pools": ["system"],
                },
            },
            opts=ResourceOptions(
                parent=self,
                depends_on=[*basis.ready, *args.after],
                protect=args.protect,
                transforms=[without_implicit_admin],
            ),
        )
        return cluster.eks_cluster

    def _entry(self, name: str, place: Place, entry: AccessEntry) -> Resource:
        made = aws.eks.AccessEntry(
            f"{name}-{entry.name}",
            cluster_name=self.name,
            principal_arn=entry.principal_arn,
            type="STANDARD",
            opts=self._child,
        )
        return aws.eks.AccessPolicyAssociation(
            f"{name}-{entry.name}",
            cluster_name=self.name,
            principal_arn=made.principal_arn,
            policy_arn=policy_arn(place, entry.policy),
            access_scope={"type": "cluster"},
            opts=self._child,
        )
