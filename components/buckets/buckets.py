"""The buckets and the key of the platform's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pulumi_aws as aws
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.buckets.access import KEY_PURPOSE, bucket_policy, key_policy
from components.buckets.render import encryption, lifecycle
from components.buckets.spec import PURPOSES, BucketsSpec
from components.core.aws import Place
from components.core.identity import to_json
from components.core.names import bucket_name, key_alias

KEY_DELETION_DAYS = 30
"""The longest that KMS waits: data under a deleted key is lost for ever."""


@dataclass(frozen=True, kw_only=True)
class BucketsArgs:
    """Where, and what happens to data when the stack lets it go."""

    place: Place
    spec: BucketsSpec
    protect: bool
    retain: bool
    """Buckets and key stay in AWS; where not, buckets are emptied when they go."""
    more: tuple[str, ...] = ()
    """Purposes that only this stack has: of stores that are one tenant's own."""


class Buckets(ComponentResource):
    """A bucket for each purpose, and the one key that all data of the platform is encrypted with."""

    names: Mapping[str, str]
    """Physical names, known at plan time."""
    key_arn: Output[str]
    """For databases and caches."""
    key_alias: str
    """What reads buckets finds the key by: known at plan time."""
    ready: tuple[Resource, ...]
    """The key and the buckets that every stack has."""
    more_ready: Mapping[str, tuple[Resource, ...]]
    """By purpose, those that only this stack has."""

    def __init__(self, name: str, args: BucketsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:buckets:Buckets", name, None, opts)
        self._name, self._args = name, args
        # What closes a bucket stays as long as the bucket does.
        self._child = ResourceOptions(parent=self, retain_on_delete=args.retain)
        self._data = ResourceOptions(parent=self, protect=args.protect, retain_on_delete=args.retain)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Data of {args.place.cluster_name}",
            enable_key_rotation=True,
            deletion_window_in_days=KEY_DELETION_DAYS,
            policy=to_json(key_policy(args.place)),
            opts=self._data,
        )
        alias = aws.kms.Alias(
            f"{name}-key",
            name=key_alias(args.place, KEY_PURPOSE),
            target_key_id=key.key_id,
            # A key that is retained without its alias could be used by no role of ours.
            opts=self._data,
        )
        self.key_arn = key.arn
        self.key_alias = key_alias(args.place, KEY_PURPOSE)
        self.names = {purpose: bucket_name(args.place, purpose) for purpose in (*PURPOSES, *args.more)}
        self.more_ready = {purpose: (alias, *self._bucket(purpose)) for purpose in args.more}
        self.ready = (alias, *(one for purpose in PURPOSES for one in self._bucket(purpose)))
        self.register_outputs({"names": dict(self.names)})

    def _bucket(self, purpose: str) -> tuple[Resource, ...]:
        label, place, spec = f"{self._name}-{purpose}", self._args.place, self._args.spec
        bucket = aws.s3.Bucket(
            label,
            bucket=self.names[purpose],
            force_destroy=not self._args.retain,
            tags={"Purpose": purpose},
            opts=self._data,
        )
        block = aws.s3.BucketPublicAccessBlock(
            label,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        versioning = aws.s3.BucketVersioning(
            label, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=self._child
        )
        return (
            block,
            versioning,
            aws.s3.BucketOwnershipControls(
                label,
                bucket=bucket.bucket,
                # No ACLs: policies alone decide, and every object is the account's.
                rule={"object_ownership": "BucketOwnerEnforced"},
                opts=self._child,
            ),
            aws.s3.BucketServerSideEncryptionConfiguration(
                label, bucket=bucket.bucket, rules=encryption(self.key_arn), opts=self._child
            ),
            aws.s3.BucketLifecycleConfiguration(
                label,
                bucket=bucket.bucket,
                rules=lifecycle(spec, purpose),
                # Rules about old versions are refused on a bucket that has none.
                opts=self._after(versioning),
            ),
            aws.s3.BucketPolicy(
                label,
                bucket=bucket.bucket,
                policy=self.key_arn.apply(partial(_policy, place, purpose)),
                # S3 refuses two changes of a bucket's access at once (409 OperationAborted).
                opts=self._after(block),
            ),
        )

    def _after(self, resource: Resource) -> ResourceOptions:
        return ResourceOptions.merge(self._child, ResourceOptions(depends_on=[resource]))


def _policy(place: Place, purpose: str, key_arn: str) -> str:
    return to_json(bucket_policy(place, purpose, key_arn))
