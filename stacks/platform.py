"""The whole platform: the one place that knows every component, and in which order they stand and fall."""

from __future__ import annotations

import pulumi_aws as aws
from pulumi import Resource, ResourceOptions

from components.bootstrap_nodes.bootstrap_nodes import BootstrapNodes, BootstrapNodesArgs
from components.cert_manager.cert_manager import CertManager, CertManagerArgs
from components.cluster.addons import Addons, AddonsArgs, Stage
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.spec import AUTO_NODE_ROLE_PURPOSE
from components.cluster.storage import Storage, StorageArgs
from components.core.names import role_arn, role_name
from components.external_secrets.external_secrets import ExternalSecrets, ExternalSecretsArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gpu.gpu_readiness import GpuReadiness, GpuReadinessArgs
from components.isolation.flows import in_force
from components.karpenter.karpenter import Karpenter, KarpenterArgs
from components.karpenter.spec import NODE_ROLE_PURPOSE
from components.load_balancer_controller.controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.metrics_server.metrics_server import MetricsServer, MetricsServerArgs
from components.namespaces.catalogue import NAMESPACES, namespaces_for
from components.namespaces.namespaces import Namespaces, NamespacesArgs
from components.network.network import Network, NetworkArgs
from components.network.spec import ExistingNetworkSpec
from components.node_pools.auto_mode import AutoNodeTagging, AutoNodeTaggingArgs
from components.node_pools.compute import KarpenterCompute
from components.node_pools.node_pools import NodePools, NodePoolsArgs
from components.tenants.secrets import TenantSecrets, TenantSecretsArgs
from components.tenants.tenants import Tenants, TenantsArgs
from stacks.config import PlatformConfig
from stacks.parts import parts
from stacks.surroundings import surroundings

# Logical names. They are identities: changing one replaces everything below it.
PLATFORM = "platform"

FUNCTION_NAMESPACES = tuple(name for name, row in NAMESPACES.items() if row.needs is None)
"""Whose pods may be given secrets of the platform; never a tenant's."""


class Platform:
    """Every component of a stack, made in dependency order; destroy is the exact reverse.

    Network, cluster and add-ons; namespaces, closed and bounded; nodes; releases; node pools; tenants.
    """

    def __init__(self, config: PlatformConfig) -> None:
        self.config = config
        self.place = config.place
        aws_provider = self._aws_provider()
        self._aws = ResourceOptions(provider=aws_provider)
        self.network = Network(
            PLATFORM,
            NetworkArgs(place=self.place, spec=config.network, protect=config.protection.protect),
            opts=self._aws,
        )
        self.cluster = Cluster(
            PLATFORM,
            ClusterArgs(
                place=self.place,
                spec=config.cluster,
                vpc_id=self.network.vpc_id,
                subnet_ids=self.network.subnet_ids("control-plane"),
                auto_mode=self._auto_mode,
                protect=config.protection.protect,
                after=(),
            ),
            opts=self._aws,
        )
        self.parts = parts(config)
        self._names = namespaces_for(self.parts)
        self._flows = in_force(self.parts, self._names)
        self._around = surroundings(config, self.network.layout)
        closing = ResourceOptions(provider=self.cluster.provider)
        self.namespaces = self._namespaces(closing)
        self.tenants = self._tenants(closing)
        # Whatever runs pods goes through a provider of its own, which exists only when every namespace is
        # closed and bounded, tenants' included: an order nobody can forget to ask for.
        workloads = self.cluster.provider_after(
            "workloads",
            (*self.namespaces.ready, *self.tenants.ready),
            ResourceOptions(parent=self.cluster),
        )
        self._k8s = ResourceOptions(provider=workloads)
        self._both = ResourceOptions(providers=[aws_provider, workloads])
        nodes = self._nodes()
        pools_after = self._services(after=nodes)
        self._node_pools(after=(*pools_after, *self.cluster.ready))

    @property
    def _auto_mode(self) -> bool:
        return self.config.compute.mode == "auto"

    def _aws_provider(self) -> aws.Provider:
        return aws.Provider(
            PLATFORM,
            region=self.place.region,
            # A wrong profile in the shell ends here, not in somebody else's account.
            allowed_account_ids=[self.place.account_id],
            default_tags={"tags": dict(self.place.tags)},
        )

    def _namespaces(self, closing: ResourceOptions) -> Namespaces:
        return Namespaces(
            "namespaces",
            NamespacesArgs(
                auto_mode=self._auto_mode,
                cluster_version=self.config.cluster.version,
                names=self._names,
                overrides=self.config.namespaces,
                gpu_pools=self.config.gpu_pools,
                flows=self._flows,
                around=self._around,
            ),
            opts=closing,
        )

    def _tenants(self, closing: ResourceOptions) -> Tenants:
        return Tenants(
            "tenants",
            TenantsArgs(
                specs=self.config.tenants,
                cluster_version=self.config.cluster.version,
                flows=self._flows,
                around=self._around,
            ),
            opts=closing,
        )

    def _nodes(self) -> tuple[Resource, ...]:
        """Add-ons and the nodes that controllers start on; what comes after may schedule pods."""
        compute = self.config.compute
        ready = self._addons("before-nodes", after=self.network.ready)
        if isinstance(compute, KarpenterCompute):
            ready = BootstrapNodes(
                "bootstrap",
                BootstrapNodesArgs(
                    place=self.place,
                    spec=compute.bootstrap,
                    cluster_name=self.cluster.name,
                    kubernetes_version=self.config.cluster.version,
                    subnet_ids=self.network.subnet_ids("private"),
                    after=(*ready, *self.network.ready),
                ),
                opts=self._aws,
            ).ready
        ready = (*ready, *self._addons("after-nodes", after=ready))
        Storage("storage", StorageArgs(auto_mode=self._auto_mode, after=ready), opts=self._k8s)
        return ready

    def _addons(self, stage: Stage, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
        return Addons(
            f"addons-{stage}",
            AddonsArgs(
                place=self.place,
                cluster_name=self.cluster.name,
                stage=stage,
                auto_mode=self._auto_mode,
                versions=self.config.cluster.addon_versions,
                after=after,
            ),
            opts=self._aws,
        ).ready

    def _services(self, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """The shared services; returns what has to outlive node pools."""
        services = self.config.services
        namespaces = self.namespaces.namespaces
        finalizers = after
        if "karpenter" in self.parts and isinstance(self.config.compute, KarpenterCompute):
            karpenter = Karpenter(
                "karpenter",
                KarpenterArgs(
                    place=self.place,
                    spec=self.config.compute.karpenter,
                    cluster_name=self.cluster.name,
                    namespace="karpenter",
                    after=after,
                ),
                opts=self._both,
            )
            finalizers = karpenter.ready
        if "cert_manager" in self.parts:
            CertManager(
                "cert-manager",
                CertManagerArgs(
                    spec=services.cert_manager, namespace=namespaces["cert-manager"], after=after
                ),
                opts=self._k8s,
            )
        if "external_secrets" in self.parts:
            external_secrets = ExternalSecrets(
                "external-secrets",
                ExternalSecretsArgs(
                    place=self.place,
                    spec=services.external_secrets,
                    cluster_name=self.cluster.name,
                    namespace=namespaces["external-secrets"],
                    store_namespaces=FUNCTION_NAMESPACES,
                    after=after,
                ),
                opts=self._both,
            )
            self._tenant_secrets(after=external_secrets.ready)
        if "metrics_server" in self.parts:
            MetricsServer(
                "metrics-server",
                MetricsServerArgs(spec=services.metrics_server, after=after),
                opts=self._k8s,
            )
        if "load_balancer_controller" in self.parts:
            network = self.config.network
            LoadBalancerController(
                "load-balancer-controller",
                LoadBalancerControllerArgs(
                    place=self.place,
                    spec=services.load_balancer_controller,
                    cluster_name=self.cluster.name,
                    vpc_id=network.vpc_id if isinstance(network, ExistingNetworkSpec) else None,
                    after=after,
                ),
                opts=self._both,
            )
        if "gpu" in self.parts:
            GpuReadiness(
                "gpu-readiness",
                GpuReadinessArgs(spec=services.gpu_readiness, namespace=namespaces["nvidia"], after=after),
                opts=self._k8s,
            )
        return finalizers

    def _tenant_secrets(self, *, after: tuple[Resource, ...]) -> None:
        TenantSecrets(
            "tenant-secrets",
            TenantSecretsArgs(
                place=self.place,
                specs=self.config.tenants,
                namespaces=self.tenants.namespaces,
                secret_arns={name: secret.arn for name, secret in self.config.secrets.items()},
                external_secrets_role_arn=role_arn(self.place, EXTERNAL_SECRETS_PURPOSE),
                after=after,
            ),
            opts=self._both,
        )

    def _node_pools(self, *, after: tuple[Resource, ...]) -> None:
        purpose = NODE_ROLE_PURPOSE
        if self._auto_mode:
            purpose = AUTO_NODE_ROLE_PURPOSE
            tagging = AutoNodeTagging(
                "auto-node-tagging",
                AutoNodeTaggingArgs(place=self.place, cluster_role_name=self.cluster.role_name),
                opts=self._aws,
            )
            after = (*after, *tagging.ready)
        NodePools(
            "node-pools",
            NodePoolsArgs(
                place=self.place,
                compute=self.config.compute,
                gpu_pools=self.config.gpu_pools,
                node_role_name=role_name(self.place, purpose),
                after=after,
            ),
            opts=self._k8s,
        )
