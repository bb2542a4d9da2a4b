"""AWS Backup: a vault, a plan, and what the plan selects."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.backup.render import cluster_selection, database_selection, plan_rule
from components.backup.spec import BackupSpec
from components.core.aws import Place
from components.core.identity import attached_role, service_trust

PURPOSE = "backup"
MANAGED_POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
)


@dataclass(frozen=True, kw_only=True)
class AwsBackupArgs:
    """What is backed up, under which key, and what happens to backups when the stack lets them go."""

    place: Place
    spec: BackupSpec
    key_arn: Input[str]
    """Encrypts the vault; volumes and databases keep the key they have."""
    after: tuple[Resource, ...]
    """The cluster, which has to admit access entries: AWS Backup makes one for itself."""
    protect: bool
    retain: bool
    """The vault stays in AWS with what it holds; where not, it is emptied when it goes."""


class AwsBackup(ComponentResource):
    """A cluster and its databases whose backups no identity of the cluster can reach."""

    vault: str
    """Where recovery points are; a name known at plan time."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: AwsBackupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:backup:AwsBackup", name, None, opts)
        place, child = args.place, ResourceOptions(parent=self)
        self.vault = place.cluster_name
        role = attached_role(
            name,
            place,
            purpose=PURPOSE,
            trust=service_trust("backup.amazonaws.com"),
            managed_policies=MANAGED_POLICIES,
            opts=child,
        )
        vault = aws.backup.Vault(
            name,
            name=self.vault,
            kms_key_arn=args.key_arn,
            force_destroy=not args.retain,
            opts=ResourceOptions(parent=self, protect=args.protect, retain_on_delete=args.retain),
        )
        plan = aws.backup.Plan(
            name,
            name=self.vault,
            rules=[plan_rule(args.spec, self.vault)],
            # By name, so that the plan shows it; the order Pulumi cannot see then.
            opts=ResourceOptions(parent=self, depends_on=[vault]),
        )
        chosen = ResourceOptions(parent=self, depends_on=[*role.attached, *args.after])
        databases, conditions = database_selection(place)
        self.ready = (
            aws.backup.Selection(
                f"{name}-cluster",
                name="cluster",
                plan_id=plan.id,
                iam_role_arn=role.role.arn,
                resources=cluster_selection(place),
                opts=chosen,
            ),
            aws.backup.Selection(
                f"{name}-databases",
                name="databases",
                plan_id=plan.id,
                iam_role_arn=role.role.arn,
                resources=databases,
                conditions=conditions,
                opts=chosen,
            ),
        )
        self.register_outputs({"vault": self.vault})
