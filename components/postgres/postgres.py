"""The instance, the way to it, and the roles and databases in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import to_json
from components.core.ingress import admit
from components.core.labels import managed_labels
from components.postgres import render
from components.postgres.bootstrap import files
from components.postgres.spec import NAMESPACE, PORT, DatabaseUser, PostgresSpec
from components.secrets.spec import EXTERNAL_SECRETS

_LABELS = managed_labels("postgres")


@dataclass(frozen=True, kw_only=True)
class PostgresArgs:
    """What the database needs to know."""

    place: Place
    spec: PostgresSpec
    users: tuple[DatabaseUser, ...]
    namespaces: Mapping[str, Input[str]]
    """Of the users and of the job, by name."""
    vpc_id: Input[str]
    subnet_ids: Sequence[Input[str]]
    """The data tier's."""
    client_cidrs: Sequence[str]
    """Of nodes and pods."""
    key_arn: Input[str]
    secrets_role_name: str
    """The role of the External Secrets operator: it is let at the master's secret."""
    after: tuple[Resource, ...]
    """Nodes, quotas and policies; the store, its operator, and the credentials."""
    protect: bool = False
    retain: bool = False


class Postgres(ComponentResource):
    """A database for each user, that nobody else can open; no password of it was ever in our hands."""

    ready: Mapping[str, tuple[Resource, ...]]
    """By user: what a release that names the user's Secret waits for."""
    host: Output[str]
    master: tuple[Resource, ...]
    """What another job that sets the database up waits for: the master's Secret, and the account it runs as."""

    def __init__(self, name: str, args: PostgresArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:postgres:Postgres", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        instance = self._instance()
        self.host = instance.address
        # Two steps of one path: `[0]` of a list that AWS fills.
        secret_arn: Output[str] = instance.master_user_secrets[0].secret_arn.apply(str)
        done = self._bootstrap(secret_arn, instance.address)
        self.ready = {
            user.name: (
                self._secret(
                    f"{name}-{user.name}",
                    args.namespaces[user.namespace],
                    user.reads,
                    render.told(args.place, user, instance.address),
                    done,
                ),
            )
            for user in args.users
        }
        self.register_outputs({"identifier": render.identifier(args.place)})

    def _instance(self) -> aws.rds.Instance:
        name, args, spec = self._name, self._args, self._args.spec
        identifier = render.identifier(args.place)
        # What a retained instance still stands on.
        kept = ResourceOptions(parent=self, retain_on_delete=args.retain)
        door = admit(
            name,
            physical_name=identifier,
            vpc_id=args.vpc_id,
            port=PORT,
            cidrs=args.client_cidrs,
            why="Postgres from nodes and pods",
            opts=kept,
        )
        logs = [
            aws.cloudwatch.LogGroup(
                f"{name}-{log}",
                name=render.log_group(args.place, log),
                retention_in_days=spec.log_retention_days,
                opts=kept,
            )
            for log in render.LOGS
        ]
        subnets = aws.rds.SubnetGroup(
            name,
            name=identifier,
            description="Data tier",
            subnet_ids=list(args.subnet_ids),
            opts=kept,
        )
        parameters = aws.rds.ParameterGroup(
            name,
            # The family is in the name: a new one is made before the instance leaves the old.
            name=f"{identifier}-{spec.major_version}",
            family=f"postgres{spec.major_version}",
            description=f"Of {identifier}",
            parameters=render.parameters(),
            opts=kept,
        )
        return aws.rds.Instance(
            name,
            identifier=identifier,
            engine="postgres",
            engine_version=str(spec.major_version),
            auto_minor_version_upgrade=True,
            instance_class=spec.instance_class,
            allocated_storage=spec.storage_gib,
            max_allocated_storage=spec.max_storage_gib,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            multi_az=spec.multi_az,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[door.id],
            publicly_accessible=False,
            port=PORT,
            parameter_group_name=parameters.name,
            ca_cert_identifier=render.CERTIFICATE_AUTHORITY,
            username=render.MASTER,
            # RDS makes the password, keeps it in Secrets Manager and changes it every week.
            manage_master_user_password=True,
            iam_database_authentication_enabled=True,
            backup_retention_period=spec.backup_retention_days,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not args.retain,
            deletion_protection=args.protect,
            skip_final_snapshot=not args.retain,
            final_snapshot_identifier=f"{identifier}-final" if args.retain else None,
            enabled_cloudwatch_logs_exports=list(render.LOGS),
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=7,
            opts=ResourceOptions(
                parent=self,
                protect=args.protect,
                retain_on_delete=args.retain,
                # RDS would make the group itself, without an end to what it keeps.
                depends_on=[*door.ready, *logs],
            ),
        )

    def _bootstrap(self, secret_arn: Output[str], host: Output[str]) -> tuple[Resource, ...]:
        name, args = self._name, self._args
        namespace = args.namespaces[NAMESPACE]
        allowed = aws.iam.RolePolicy(
            f"{name}-master",
            name=f"{name}-master",
            role=args.secrets_role_name,
            policy=secret_arn.apply(lambda arn: to_json(render.master_reader(arn))),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        master = self._secret(
            f"{name}-master", namespace, render.MASTER_READS, render.master(secret_arn, host), (allowed,)
        )
        self.master = (master,)
        if not args.users:
            return (master,)
        passwords = self._secret(
            f"{name}-passwords",
            namespace,
            render.JOB_READS,
            render.passwords(args.place, args.users),
            (),
        )
        script = k8s.core.v1.ConfigMap(
            f"{name}-bootstrap",
            metadata={"name": render.BOOTSTRAP, "namespace": namespace, "labels": _LABELS},
            data=files(args.users),
            opts=self._child,
        )
        account = k8s.core.v1.ServiceAccount(
            f"{name}-bootstrap",
            metadata={"name": render.BOOTSTRAP, "namespace": namespace, "labels": _LABELS},
            automount_service_account_token=False,
            opts=self._child,
        )
        self.master = (master, account)
        job = k8s.batch.v1.Job(
            f"{name}-bootstrap",
            metadata={"name": render.BOOTSTRAP, "namespace": namespace, "labels": _LABELS},
            spec=render.job(args.spec, args.users),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, master, passwords, script, account]),
        )
        return (job,)

    def _secret(
        self,
        name: str,
        namespace: Input[str],
        secret: str,
        spec: dict[str, Any],
        after: tuple[Resource, ...],
    ) -> Resource:
        return CustomResource(
            name,
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": secret, "namespace": namespace, "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )
