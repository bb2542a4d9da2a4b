"""What is set on every bucket, as data."""

from __future__ import annotations

from pulumi import Input
from pulumi_aws.s3 import (
    BucketLifecycleConfigurationRuleArgsDict,
    BucketServerSideEncryptionConfigurationRuleArgsDict,
)

from components.buckets.spec import BucketsSpec


def encryption(key_arn: Input[str]) -> list[BucketServerSideEncryptionConfigurationRuleArgsDict]:
    """SSE-KMS by default with a bucket key: one call to KMS for many objects instead of one for each."""
    return [
        {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": key_arn,
            },
            "bucket_key_enabled": True,
        }
    ]


def lifecycle(spec: BucketsSpec, purpose: str) -> list[BucketLifecycleConfigurationRuleArgsDict]:
    """Old versions, orphaned markers and unfinished uploads end; objects themselves only in `logs`."""
    rules: list[BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "old-versions",
            "status": "Enabled",
            "filter": {},
            "noncurrent_version_expiration": {"noncurrent_days": spec.noncurrent_days},
            "abort_incomplete_multipart_upload": {"days_after_initiation": spec.abort_multipart_days},
        }
    ]
    if purpose == "logs":
        # An age removes delete markers as well (S3 user guide, "Removing expired object delete markers").
        return [
            *rules,
            {"id": "age", "status": "Enabled", "filter": {}, "expiration": {"days": spec.log_days}},
        ]
    return [
        *rules,
        {
            "id": "delete-markers",
            "status": "Enabled",
            "filter": {},
            "expiration": {"expired_object_delete_marker": True},
        },
    ]
