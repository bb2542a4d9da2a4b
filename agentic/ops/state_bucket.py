"""The bucket that holds Pulumi state: private, versioned, encrypted with one key, reachable by TLS only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentic.errors import OperatorError
from agentic.ops.steps import Setting, Step, unless_absent
from components.core.labels import MANAGED_BY

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A lost or damaged state is mended from an older version: keep the last 50 whatever their age, and every
# version for 90 days. Pulumi also keeps its own history beside the checkpoint.
KEPT_VERSIONS = 50
KEPT_DAYS = 90
LIFECYCLE_RULE = "agentic-platform-old-versions"
TLS_STATEMENT = "AgenticPlatformTlsOnly"
KEY_STATEMENT = "AgenticPlatformThisKeyOnly"

PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def policy_statements(bucket_arn: str, key_arn: str) -> list[dict[str, Any]]:
    """Return denials only: who may read state is the business of IAM, not of this bucket."""
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return [
        {
            "Sid": TLS_STATEMENT,
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": everything,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            # A write that names another key would put state out of reach of those who hold this one. A write
            # that names none gets the bucket's default, which is this key.
            "Sid": KEY_STATEMENT,
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {
                "StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn},
                "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
            },
        },
    ]


def lifecycle_rule() -> dict[str, Any]:
    """Return the rule that bounds what versioning keeps, without ever touching a current object."""
    return {
        "ID": LIFECYCLE_RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {
            "NoncurrentDays": KEPT_DAYS,
            "NewerNoncurrentVersions": KEPT_VERSIONS,
        },
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


@dataclass(frozen=True, kw_only=True)
class StateBucket:
    """Creates and keeps the bucket as it should be; foreign policy statements, rules and tags stay."""

    s3: S3Client
    name: str
    arn: str
    account_id: str
    region: str
    key_arn: str
    log_bucket: str | None = None

    def ensure(self, *, dry_run: bool) -> list[Step]:
        """Return what was done; every call names the account, so a stranger's bucket is never written to."""
        location = self._location()
        if location is None and dry_run:
            made = [Step(f"bucket {self.name}", "would create")]
            return [*made, *(Step(f"bucket {setting.what}", "would create") for setting in self._settings())]
        steps = [Step(f"bucket {self.name}", "present" if location else "created")]
        if location is None:
            self._create()
        elif location != self.region:
            raise OperatorError(
                f"bucket {self.name} is in {location}, the stack is in {self.region}",
                remedy="remove the bucket if it is empty, or correct aws.region in the stack file",
            )
        for setting in self._settings():
            step = setting.ensure(dry_run=dry_run)
            steps.append(Step(f"bucket {step.what}", step.action))
        return steps

    def _location(self) -> str | None:
        answer = unless_absent(
            lambda: self.s3.head_bucket(Bucket=self.name, ExpectedBucketOwner=self.account_id),
            "404",
            "NoSuchBucket",
        )
        return answer and answer.get("BucketRegion", self.region)

    def _create(self) -> None:
        if self.region == "us-east-1":  # the one region that S3 refuses as a location constraint
            self.s3.create_bucket(Bucket=self.name, ObjectOwnership="BucketOwnerEnforced")
            return
        self.s3.create_bucket(
            Bucket=self.name,
            ObjectOwnership="BucketOwnerEnforced",
            CreateBucketConfiguration={"LocationConstraint": self.region},  # pyright: ignore[reportArgumentType] - new regions are no literals yet
        )

    def _settings(self) -> list[Setting]:
        """Return the settings in the order that is safe to interrupt: closed first, then kept, then tidy."""
        this: Any = {"Bucket": self.name, "ExpectedBucketOwner": self.account_id}
        s3 = self.s3
        encryption = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key_arn},
            "BucketKeyEnabled": True,
        }

        def read(call: Any, *absent: str) -> Any:
            return unless_absent(lambda: call(**this), *absent)

        def public_access() -> Any:
            found = read(s3.get_public_access_block, "NoSuchPublicAccessBlockConfiguration")
            return found and found["PublicAccessBlockConfiguration"]

        def encrypted() -> Any:
            found = read(s3.get_bucket_encryption, "ServerSideEncryptionConfigurationNotFoundError")
            rule = found and found["ServerSideEncryptionConfiguration"]["Rules"][0]
            return rule and {key: rule.get(key) for key in encryption}

        def policy() -> Any:
            found = read(s3.get_bucket_policy, "NoSuchBucketPolicy")
            return found and json.loads(found["Policy"])["Statement"]

        def rules() -> Any:
            found = read(s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration")
            return found and found["Rules"]

        def tags() -> Any:
            found = read(s3.get_bucket_tagging, "NoSuchTagSet")
            return found and found["TagSet"]

        settings = [
            Setting(
                what="public access block",
                read=public_access,
                wanted=lambda _: PRIVATE,
                write=lambda wanted: s3.put_public_access_block(
                    **this, PublicAccessBlockConfiguration=wanted
                ),
            ),
            Setting(
                what="policy",
                read=policy,
                wanted=lambda found: _with_ours(found, "Sid", policy_statements(self.arn, self.key_arn)),
                write=lambda wanted: s3.put_bucket_policy(
                    **this, Policy=json.dumps({"Version": "2012-10-17", "Statement": wanted})
                ),
            ),
            Setting(
                what="encryption",
                read=encrypted,
                wanted=lambda _: encryption,
                write=lambda wanted: s3.put_bucket_encryption(
                    **this, ServerSideEncryptionConfiguration={"Rules": [wanted]}
                ),
            ),
            Setting(
                what="versioning",
                read=lambda: s3.get_bucket_versioning(**this).get("Status"),
                wanted=lambda _: "Enabled",
                write=lambda wanted: s3.put_bucket_versioning(
                    **this, VersioningConfiguration={"Status": wanted}
                ),
            ),
            Setting(
                what="lifecycle",
                read=rules,
                wanted=lambda found: _with_ours(found, "ID", [lifecycle_rule()]),
                write=lambda wanted: s3.put_bucket_lifecycle_configuration(
                    **this, LifecycleConfiguration={"Rules": wanted}
                ),
            ),
            Setting(
                what="tags",
                read=tags,
                wanted=lambda found: _with_ours(found, "Key", [{"Key": "ManagedBy", "Value": MANAGED_BY}]),
                write=lambda wanted: s3.put_bucket_tagging(**this, Tagging={"TagSet": wanted}),
            ),
        ]
        if self.log_bucket:
            logging = {"TargetBucket": self.log_bucket, "TargetPrefix": f"{self.name}/"}
            settings.append(
                Setting(
                    what=f"access logs to {self.log_bucket}",
                    read=lambda: s3.get_bucket_logging(**this).get("LoggingEnabled"),
                    wanted=lambda _: logging,
                    write=lambda wanted: s3.put_bucket_logging(
                        **this, BucketLoggingStatus={"LoggingEnabled": wanted}
                    ),
                )
            )
        return settings


def _with_ours(
    found: list[dict[str, Any]] | None, key: str, ours: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what is there with our entries replaced in place, or added at the end."""
    replaced = {entry[key]: entry for entry in ours}
    kept = [replaced.pop(entry.get(key, ""), entry) for entry in found or []]
    return [*kept, *replaced.values()]
