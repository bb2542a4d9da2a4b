"""The replication group, the way to it, and its users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

from components.cache.spec import CacheEndpoint, CacheUser
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.ingress import admit
from components.core.labels import managed_labels
from components.elasticache import render
from components.elasticache.pods import NAME as JOB
from components.elasticache.spec import PORT, ElastiCacheSpec
from components.secrets.spec import EXTERNAL_SECRETS

_LABELS = managed_labels("cache")
_ENGINE = "valkey"


@dataclass(frozen=True, kw_only=True)
class ElastiCacheArgs:
    """What the cache needs to know."""

    place: Place
    spec: ElastiCacheSpec
    users: tuple[CacheUser, ...]
    cluster_name: Input[str]
    namespace: Input[str]
    """Where the job runs that sets passwords."""
    vpc_id: Input[str]
    subnet_ids: Sequence[Input[str]]
    """The data tier's."""
    client_cidrs: Sequence[str]
    """Of nodes and pods."""
    key_arn: Input[str]
    after: tuple[Resource, ...]
    """Nodes, quotas and policies; the store and the credentials."""
    protect: bool = False
    retain: bool = False


class ElastiCache(ComponentResource):
    """A cache in several zones that speaks TLS only, and whose users' passwords AWS alone checks."""

    endpoint: CacheEndpoint
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ElastiCacheArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:elasticache:ElastiCache", name, None, opts)
        self._name, self._args = name, args
        # What a retained group still stands on.
        self._kept = ResourceOptions(parent=self, retain_on_delete=args.retain)
        group = self._group(self._users())
        self.endpoint = render.endpoint(args.place, group.primary_endpoint_address)
        self.ready = (group, *(self._passwords(group) if args.users else ()))
        self.register_outputs({"groupId": render.group_id(args.place)})

    def _users(self) -> aws.elasticache.UserGroup:
        """Who may log in: nobody yet. The engine's `default` user is not among them and so is off."""
        name, args = self._name, self._args
        users = [
            aws.elasticache.User(
                f"{name}-{user.name}",
                user_id=render.user_id(args.place, user),
                user_name=render.user_id(args.place, user),
                engine=_ENGINE,
                access_string=render.access(user),
                authentication_mode={"type": "iam"},
                # The job changes it to a password; to change it back would lock the user out.
                opts=ResourceOptions.merge(
                    self._kept, ResourceOptions(ignore_changes=["authenticationMode"])
                ),
            )
            for user in args.users
        ]
        return aws.elasticache.UserGroup(
            name,
            user_group_id=render.group_id(args.place),
            engine=_ENGINE,
            user_ids=[user.user_id for user in users],
            opts=self._kept,
        )

    def _group(self, users: aws.elasticache.UserGroup) -> aws.elasticache.ReplicationGroup:
        name, args, spec = self._name, self._args, self._args.spec
        group_id = render.group_id(args.place)
        door = admit(
            name,
            physical_name=group_id,
            vpc_id=args.vpc_id,
            port=PORT,
            cidrs=args.client_cidrs,
            why="Valkey from nodes and pods",
            opts=self._kept,
        )
        subnets = aws.elasticache.SubnetGroup(
            name,
            name=group_id,
            description="Data tier",
            subnet_ids=list(args.subnet_ids),
            opts=self._kept,
        )
        parameters = aws.elasticache.ParameterGroup(
            name,
            # The family is in the name: a new one is made before the group leaves the old.
            name=f"{group_id}-{render.family(spec)}",
            family=render.family(spec),
            description=f"Of {group_id}",
            parameters=render.parameters(),
            opts=self._kept,
        )
        return aws.elasticache.ReplicationGroup(
            name,
            replication_group_id=group_id,
            description=f"Sessions, queues and limits of {args.place.cluster_name}",
            engine=_ENGINE,
            engine_version=spec.engine_version,
            auto_minor_version_upgrade=True,
            node_type=spec.node_type,
            num_cache_clusters=spec.replicas + 1,
            automatic_failover_enabled=spec.replicas > 0,
            multi_az_enabled=spec.multi_az,
            parameter_group_name=parameters.name,
            subnet_group_name=subnets.name,
            security_group_ids=[door.id],
            port=PORT,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            user_group_ids=[users.user_group_id],
            snapshot_retention_limit=spec.snapshot_retention_days,
            snapshot_window="03:00-04:00",
            final_snapshot_identifier=f"{group_id}-final" if args.retain else None,
            opts=ResourceOptions(
                parent=self,
                protect=args.protect,
                retain_on_delete=args.retain,
                depends_on=list(door.ready),
            ),
        )

    def _passwords(self, group: Resource) -> tuple[Resource, ...]:
        name, args = f"{self._name}-users", self._args
        child = ResourceOptions(parent=self)
        metadata: ObjectMetaArgsDict = {"name": JOB, "namespace": args.namespace, "labels": _LABELS}
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=JOB,
                namespace=args.namespace,
                service_account=JOB,
                policies={"passwords": render.password_setter(args.place, args.users)},
                cluster_name=args.cluster_name,
            ),
            opts=child,
        )
        account = k8s.core.v1.ServiceAccount(
            name, metadata=metadata, automount_service_account_token=False, opts=child
        )
        script = k8s.core.v1.ConfigMap(
            name, metadata=metadata, data=render.files(args.place, args.users), opts=child
        )
        passwords = CustomResource(
            name,
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": render.JOB_READS, "namespace": args.namespace, "labels": _LABELS},
            spec=render.passwords(args.place, args.users),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        job = k8s.batch.v1.Job(
            name,
            metadata=metadata,
            spec=render.job(args.place, args.spec, args.users),
            opts=ResourceOptions(
                parent=self,
                # Users change only while the group they belong to is at rest.
                depends_on=[*args.after, *identity.ready, account, script, passwords, group],
            ),
        )
        return (job,)
