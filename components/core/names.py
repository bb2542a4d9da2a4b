"""Physical names and the ARNs made of them: known at plan time, within each service's limit, never sliced."""

from __future__ import annotations

import hashlib

from components.core.aws import Place

ROLE_NAME_LIMIT = 64  # IAM quotas: role name
POLICY_NAME_LIMIT = 128  # IAM quotas: managed policy name
QUEUE_NAME_LIMIT = 80  # SQS quotas: queue name
BUCKET_NAME_LIMIT = 63  # S3 bucket naming rules
RULE_NAME_LIMIT = 64  # EventBridge: rule name
RELEASE_NAME_LIMIT = 53  # Helm: room for a suffix within a 63 character label
HASH_CHARACTERS = 8


def bounded(name: str, limit: int) -> str:
    """`name` itself where it fits, else its beginning and a hash of the whole: stable, and not a slice.

    Two names that differ only beyond the limit stay different; `stacks.names` refuses the rare collision.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_CHARACTERS]
    return f"{name[: limit - HASH_CHARACTERS - 1].rstrip('-./')}-{digest}"


def role_name(place: Place, purpose: str) -> str:
    """The IAM role of one workload, for example `ai-dev-karpenter-controller`."""
    return bounded(f"{place.cluster_name}-{purpose}", ROLE_NAME_LIMIT)


def role_arn(place: Place, purpose: str) -> str:
    """The ARN of `role_name`; IAM is global, so the region is left out."""
    return place.arn("iam", f"role/{role_name(place, purpose)}", region="")


def tenant_role_purpose(tenant: str, part: str = "") -> str:
    """The purpose of a tenant's secret reader role, for `role_name` and `role_arn`.

    With a part behind a dot, which no tenant's name has, it is no other tenant's, and still below what External
    Secrets may take.
    """
    return f"tenant-{tenant}.{part}" if part else f"tenant-{tenant}"


def tenant_role_arn_pattern(place: Place) -> str:
    """Every tenant role of this cluster and no other role: what External Secrets may assume."""
    return place.arn("iam", f"role/{place.cluster_name}-tenant-*", region="")


def policy_name(place: Place, purpose: str) -> str:
    """A customer managed policy's name."""
    return bounded(f"{place.cluster_name}-{purpose}", POLICY_NAME_LIMIT)


def queue_name(place: Place, purpose: str) -> str:
    """An SQS queue's name, for example `ai-dev-karpenter`."""
    return bounded(f"{place.cluster_name}-{purpose}", QUEUE_NAME_LIMIT)


def queue_arn(place: Place, purpose: str) -> str:
    """The ARN of `queue_name`."""
    return place.arn("sqs", queue_name(place, purpose))


def rule_name(place: Place, purpose: str) -> str:
    """An EventBridge rule's name."""
    return bounded(f"{place.cluster_name}-{purpose}", RULE_NAME_LIMIT)


def bucket_name(place: Place, purpose: str) -> str:
    """A bucket's name: account and region in it, because bucket names are global."""
    return bounded(f"{place.cluster_name}-{purpose}-{place.account_id}-{place.region}", BUCKET_NAME_LIMIT)


def state_bucket_name(account_id: str, region: str) -> str:
    """The bucket that holds Pulumi state: one per account and region, shared by environments."""
    return bounded(f"agentic-platform-state-{account_id}-{region}", BUCKET_NAME_LIMIT)


def key_alias(place: Place, purpose: str) -> str:
    """A KMS alias, for example `alias/ai-dev/eks-secrets`."""
    return f"alias/{place.cluster_name}/{purpose}"


def secret_prefix(place: Place) -> str:
    """The path under which this platform keeps its own secrets in Secrets Manager."""
    return f"{place.cluster_name}/"


def secret_arn_pattern(place: Place) -> str:
    """Every secret under the platform's prefix; Secrets Manager adds a random suffix to each ARN."""
    return place.arn("secretsmanager", f"secret:{secret_prefix(place)}*")


def control_plane_log_group(place: Place) -> str:
    """The group EKS itself writes to: the name is EKS's, ours only to set retention before EKS creates it."""
    return f"/aws/eks/{place.cluster_name}/cluster"


def flow_log_group(place: Place) -> str:
    """The group of the VPC's flow logs."""
    return f"/aws/vpc/{place.cluster_name}/flow-logs"
