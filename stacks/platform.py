"""The whole platform: the one place that knows every layer, and in which order they stand and fall."""

from __future__ import annotations

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.cluster.cluster import Cluster, ClusterArgs
from components.namespaces.catalogue import namespaces_for
from components.namespaces.namespaces import Namespaces, NamespacesArgs
from components.network.network import Network, NetworkArgs
from components.prometheus.crds import PrometheusCrds, PrometheusCrdsArgs
from components.tenants.tenants import Tenants, TenantsArgs
from stacks.config import PlatformConfig
from stacks.flows import flows_of
from stacks.given import given
from stacks.layers.agents import agents
from stacks.layers.backups import backups
from stacks.layers.controllers import controllers
from stacks.layers.data import data
from stacks.layers.gateway import gateway
from stacks.layers.ground import Ground
from stacks.layers.models import models
from stacks.layers.nodes import first_nodes, node_pools, storage
from stacks.layers.observability import observability
from stacks.layers.operations import operations
from stacks.layers.relay import relay
from stacks.layers.smoke import smoke
from stacks.own_milvus import own_namespaces
from stacks.parts import parts
from stacks.surroundings import surroundings

# Logical names. They are identities: changing one replaces everything below it.
PLATFORM = "platform"


class Platform:
    """Every component of a stack, made in dependency order; destroy is the exact reverse.

    Network, cluster; namespaces, closed and bounded; nodes; controllers; node pools; then what runs on those
    pools: data, observability, operations, backups; models, relay, the way in, agents.
    """

    def __init__(self, config: PlatformConfig) -> None:
        self.config = config
        self.place = config.place
        self._provider = self._aws_provider()
        self._aws = ResourceOptions(provider=self._provider)
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
                auto_mode=config.compute.mode == "auto",
                protect=config.protection.protect,
                after=(),
            ),
            opts=self._aws,
        )
        ground = self._ground()
        nodes = first_nodes(ground, self.network)
        volumes = storage(ground, after=nodes)
        ruled = controllers(ground, after=nodes)
        pools = node_pools(ground, self.cluster, after=ruled.nodes)
        # What follows runs on the pools: without them its releases would wait for nodes that nobody makes,
        # and on the way down its pods are gone before their nodes drain.
        placed = (*volumes, *pools)
        stores = data(ground, self.network, self.cluster, ruled, placed=placed)
        watching = observability(ground, ruled, stores, placed=placed)
        scalers = operations(ground, ruled, stores, watching, placed=placed)
        models(ground, ruled, stores, watching, placed=placed, scalers=scalers)
        relayed = relay(ground, ruled, stores, placed=placed, scalers=scalers)
        self.way_in = gateway(ground, ruled, stores, watching, placed=(*placed, *relayed), scalers=scalers)
        agents(ground, ruled, stores, watching, self.way_in, placed=placed, scalers=scalers)
        smoke(ground)
        backups(ground, stores, placed=placed)

    def _aws_provider(self) -> aws.Provider:
        return aws.Provider(
            PLATFORM,
            region=self.place.region,
            # A wrong profile in the shell ends here, not in somebody else's account.
            allowed_account_ids=[self.place.account_id],
            default_tags={"tags": dict(self.place.tags)},
        )

    def _ground(self) -> Ground:
        """Namespaces and tenants, and the provider that exists only once they are closed."""
        config = self.config
        present = parts(config)
        names = namespaces_for(present)
        flows = flows_of(config, present, names)
        around = surroundings(config, self.network.layout)
        closing = ResourceOptions(provider=self.cluster.provider)
        namespaces = Namespaces(
            "namespaces",
            NamespacesArgs(
                auto_mode=config.compute.mode == "auto",
                cluster_version=config.cluster.version,
                names=names,
                more=own_namespaces(config),
                overrides=config.namespaces,
                gpu_pools=config.gpu_pools,
                flows=flows,
                around=around,
            ),
            opts=closing,
        )
        tenants = Tenants(
            "tenants",
            TenantsArgs(
                specs=config.tenants,
                cluster_version=config.cluster.version,
                flows=flows,
                around=around,
                given=given(config.tenants, present, config.vectors),
            ),
            opts=closing,
        )
        # Whatever runs pods goes through a provider of its own, which exists only when every namespace is
        # closed and bounded, tenants' included: an order nobody can forget to ask for.
        workloads = self.cluster.provider_after(
            "workloads",
            (*namespaces.ready, *tenants.ready),
            ResourceOptions(parent=self.cluster),
        )
        kubernetes = ResourceOptions(provider=workloads)
        monitors = ()
        if "prometheus" in present:
            monitors = PrometheusCrds(
                "prometheus-crds",
                PrometheusCrdsArgs(namespace=namespaces.namespaces["observability"]),
                opts=kubernetes,
            ).ready
        return Ground(
            config=config,
            place=self.place,
            parts=present,
            cluster_name=self.cluster.name,
            namespaces=namespaces.namespaces,
            tenants=tenants.namespaces,
            flows=flows,
            around=around,
            aws=self._aws,
            kubernetes=kubernetes,
            both=ResourceOptions(providers=[self._provider, workloads]),
            monitors=monitors,
        )
