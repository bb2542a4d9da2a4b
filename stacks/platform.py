"""The whole platform: the one place that knows every component, and in which order they stand and fall."""

from __future__ import annotations

import pulumi_aws as aws
from pulumi import Resource, ResourceOptions

from components.cluster.addons import Addons, AddonsArgs, Stage
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.storage import Storage, StorageArgs
from components.core.aws import Place
from components.network.network import Network, NetworkArgs
from stacks.config import PlatformConfig

# Logical names. They are identities: changing one replaces everything below it.
PLATFORM = "platform"


class Platform:
    """Every component of a stack, made in dependency order; destroy is the exact reverse."""

    def __init__(self, config: PlatformConfig) -> None:
        self.config = config
        self.place: Place = config.place
        self.aws = ResourceOptions(provider=self._aws_provider())
        self.network = Network(
            PLATFORM,
            NetworkArgs(place=self.place, spec=config.network),
            opts=self.aws,
        )
        self.cluster = Cluster(
            PLATFORM,
            ClusterArgs(
                place=self.place,
                spec=config.cluster,
                vpc_id=self.network.vpc_id,
                subnet_ids=self.network.subnet_ids("control-plane"),
                auto_mode_node_role_arn=None,
                protect=config.protection.protect,
                after=(),
            ),
            opts=self.aws,
        )
        before = self._addons("before-nodes", after=())
        after = self._addons("after-nodes", after=before.ready)
        self.storage = Storage(
            "storage",
            StorageArgs(auto_mode=self._auto_mode, after=after.ready),
            opts=ResourceOptions(provider=self.cluster.provider),
        )

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

    def _addons(self, stage: Stage, *, after: tuple[Resource, ...]) -> Addons:
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
            opts=self.aws,
        )
