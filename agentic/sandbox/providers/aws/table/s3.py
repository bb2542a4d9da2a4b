"""Rows of S3: a bucket, and the resources that each set one thing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.aws.row import Call, It, Look, Row, Setting, TagStyle
from agentic.sandbox.providers.aws.shapes import from_api, to_api
from agentic.sandbox.providers.aws.styles import look, run
from agentic.sandbox.providers.aws.tags import as_pairs, from_pairs


def _place(it: It) -> dict[str, Any]:
    return {
        "Bucket": it["bucket"],
        # us-east-1 is the one region that must not be named here.
        "CreateBucketConfiguration": None if it.region == "us-east-1" else {"LocationConstraint": it.region},
        "ObjectLockEnabledForBucket": it.get("objectLockEnabled"),
    }


def _tags(it: It) -> dict[str, str]:
    return from_pairs(look(it, "s3", "get_bucket_tagging", Bucket=it.id).get("TagSet"))


def _put_tags(it: It, tags: Any) -> None:
    run(it, "s3", "put_bucket_tagging", Bucket=it.id, Tagging={"TagSet": as_pairs({**_tags(it), **tags})})


def _drop_tags(it: It, keys: Any) -> None:
    left = {key: value for key, value in _tags(it).items() if key not in keys}
    run(it, "s3", "put_bucket_tagging", Bucket=it.id, Tagging={"TagSet": as_pairs(left)})


def _empty(it: It) -> None:
    """Delete the objects first only where the program says so; AWS refuses to delete a bucket with content."""
    if not it.get("forceDestroy"):
        return
    versions = look(it, "s3", "list_object_versions", Bucket=it.id)
    for entry in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
        run(it, "s3", "delete_object", Bucket=it.id, Key=entry["Key"], VersionId=entry["VersionId"])


def _aspect(
    type_: str,
    noun: str,
    *,
    body: str,
    properties: str,
    remove: str = "",
    wrap: Callable[[It], Any] | None = None,
    at: Look = "@",
) -> Row:
    """A resource that sets one aspect of a bucket by `put_<noun>` with `body`, and unsets it by `delete_<noun>`."""

    def content(it: It) -> dict[str, Any]:
        shape = it.aws.request_shape("s3", f"put_{noun}").members[body]
        value = (
            wrap(it)
            if wrap is not None
            else {name: it[name] for name in properties.split() if name in it.inputs}
        )
        return {"Bucket": it["bucket"], body: to_api(shape, value)}

    put = Call(f"put_{noun}", content)
    return Row(
        type=type_,
        service="s3",
        create=put,
        natural=lambda inputs: str(inputs["bucket"]),
        read=Call(f"get_{noun}", lambda it: {"Bucket": it.id}),
        at=at,
        delete=(Call(remove, lambda it: {"Bucket": it.id}),) if remove else (),
        settings=(Setting(properties, put, later=True),),
        observe={"bucket": lambda it, _: it.id},
        replace="bucket expectedBucketOwner",
        local="skipDestroy",
    )


def _without_answer_metadata(it: It, answer: Any) -> Any:
    return {name: from_api(value) for name, value in answer.items() if name != "ResponseMetadata"}


ROWS = (
    Row(
        type="aws:s3/bucket:Bucket",
        service="s3",
        create=Call("create_bucket", _place),
        natural=lambda inputs: str(inputs["bucket"]),
        read=Call("head_bucket", lambda it: {"Bucket": it.id}),
        delete=(_empty, Call("delete_bucket", lambda it: {"Bucket": it.id})),
        observe={"bucket": lambda it, _: it.id},
        outputs={
            "arn": lambda it, _: f"arn:aws:s3:::{it.id}",
            "bucketDomainName": lambda it, _: f"{it.id}.s3.amazonaws.com",
            "bucketRegionalDomainName": lambda it, _: f"{it.id}.s3.{it.region}.amazonaws.com",
        },
        replace="objectLockEnabled",
        local="forceDestroy",
        name="bucket",
        name_limit=63,
        tags=TagStyle(at_create=lambda _: {}, read=lambda it, _: _tags(it), put=_put_tags, drop=_drop_tags),
    ),
    _aspect(
        "aws:s3/bucketVersioning:BucketVersioning",
        "bucket_versioning",
        body="VersioningConfiguration",
        properties="versioningConfiguration",
        wrap=lambda it: it["versioningConfiguration"],
        at=lambda _, answer: (
            {"versioningConfiguration": {"status": answer["Status"]}} if answer.get("Status") else None
        ),
    ),
    _aspect(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "public_access_block",
        body="PublicAccessBlockConfiguration",
        properties="blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets",
        remove="delete_public_access_block",
        at="PublicAccessBlockConfiguration",
    ),
    _aspect(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "bucket_encryption",
        body="ServerSideEncryptionConfiguration",
        properties="rules",
        remove="delete_bucket_encryption",
        at="ServerSideEncryptionConfiguration",
    ),
    _aspect(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "bucket_ownership_controls",
        body="OwnershipControls",
        properties="rule",
        wrap=lambda it: {"rules": [it["rule"]]},
        remove="delete_bucket_ownership_controls",
        at=lambda _, answer: {"rule": from_api(answer["OwnershipControls"]["Rules"][0])},
    ),
    _aspect(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "bucket_lifecycle_configuration",
        body="LifecycleConfiguration",
        properties="rules",
        remove="delete_bucket_lifecycle",
        at=_without_answer_metadata,
    ),
    Row(
        type="aws:s3/bucketPolicy:BucketPolicy",
        service="s3",
        create=Call("put_bucket_policy"),
        natural=lambda inputs: str(inputs["bucket"]),
        read=Call("get_bucket_policy", lambda it: {"Bucket": it.id}),
        delete=(Call("delete_bucket_policy", lambda it: {"Bucket": it.id}),),
        settings=(
            Setting(
                "policy", Call("put_bucket_policy", lambda it: {"Bucket": it.id, "Policy": it["policy"]})
            ),
        ),
        observe={"bucket": lambda it, _: it.id},
        replace="bucket",
    ),
)
