"""The state backend against moto, in process: boto3's side of the contract, not AWS's own checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from agentic.errors import OperatorError
from agentic.ops.encryption_key import EncryptionKey
from agentic.ops.state_backend import STATE_KEY_ALIAS, Backend, Clients, bootstrap
from agentic.ops.state_bucket import KEY_STATEMENT, LIFECYCLE_RULE, TLS_STATEMENT
from components.core.aws import Place

ACCOUNT = "123456789012"  # the account moto answers for
BUCKET = f"agentic-platform-state-{ACCOUNT}-eu-west-1"
SECRETS_ALIAS = "alias/ai-dev/pulumi-secrets"


def place(account_id: str = ACCOUNT, region: str = "eu-west-1") -> Place:
    return Place(
        account_id=account_id,
        partition="aws",
        region=region,
        zones=(f"{region}a", f"{region}b"),
        environment="dev",
        cluster_name="ai-dev",
    )


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")  # another than the stack's, on purpose
    with mock_aws():
        clients = Clients.of(boto3.Session(), "eu-west-1")
        keep_lifecycle_rules_whole(clients)
        yield clients


def keep_lifecycle_rules_whole(clients: Clients) -> None:
    """Answer with the rules as they were written: moto 5.2.5 forgets NewerNoncurrentVersions, S3 does not."""
    written: list[Any] = []

    def remember(params: dict[str, Any], **_: Any) -> None:
        written[:] = params["LifecycleConfiguration"]["Rules"]

    def answer(parsed: dict[str, Any], **_: Any) -> None:
        if "Rules" in parsed:
            parsed["Rules"] = list(written)

    events = clients.s3.meta.events
    events.register("provide-client-params.s3.PutBucketLifecycleConfiguration", remember)
    events.register("after-call.s3.GetBucketLifecycleConfiguration", answer)


def run(clients: Clients, **options: Any) -> Backend:
    return bootstrap(clients, place(), stack="dev", **options)


def everything(clients: Clients) -> dict[str, Any]:
    return {
        "buckets": [bucket["Name"] for bucket in clients.s3.list_buckets()["Buckets"]],
        "keys": len(clients.kms.list_keys()["Keys"]),
        "aliases": sorted(
            alias["AliasName"]
            for alias in clients.kms.list_aliases()["Aliases"]
            if not alias["AliasName"].startswith("alias/aws/")
        ),
    }


def test_the_bucket_is_private_versioned_encrypted_and_bounded(clients: Clients) -> None:
    run(clients)
    s3 = clients.s3
    assert set(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    rule = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    key = clients.kms.describe_key(KeyId=STATE_KEY_ALIAS)["KeyMetadata"]["Arn"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert [rule["NoncurrentVersionExpiration"] for rule in rules] == [
        {"NoncurrentDays": 90, "NewerNoncurrentVersions": 50}
    ]
    assert "Expiration" not in rules[0], "a current state must never expire"


def test_the_bucket_policy_only_denies_and_covers_bucket_and_objects(clients: Clients) -> None:
    run(clients)
    statements = json.loads(clients.s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Deny"}
    tls = next(statement for statement in statements if statement["Sid"] == TLS_STATEMENT)
    assert tls["Resource"] == [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_state_and_secrets_have_different_keys_that_rotate(clients: Clients) -> None:
    run(clients)
    keys = [
        clients.kms.describe_key(KeyId=alias)["KeyMetadata"] for alias in (STATE_KEY_ALIAS, SECRETS_ALIAS)
    ]
    assert len({key["KeyId"] for key in keys}) == 2
    assert all(clients.kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] for key in keys)


def test_the_two_commands_name_region_and_key(clients: Clients) -> None:
    backend = run(clients)
    assert backend.login == f"pulumi login 's3://{BUCKET}?region=eu-west-1&awssdk=v2'"
    assert backend.stack_init == (
        "pulumi stack init dev --secrets-provider='awskms://alias/ai-dev/pulumi-secrets?region=eu-west-1&awssdk=v2'"
    )


def test_a_second_run_changes_nothing(clients: Clients) -> None:
    run(clients)
    before = everything(clients)
    assert {step.action for step in run(clients).steps} == {"present"}
    assert everything(clients) == before


def test_a_second_stack_shares_the_bucket_and_brings_its_own_key(clients: Clients) -> None:
    run(clients)
    staging = Place(**{**vars(place()), "environment": "staging", "cluster_name": "ai-staging"})
    steps = bootstrap(clients, staging, stack="staging").steps
    assert [step.what for step in steps if step.action == "created"] == [
        "key for staging secrets",
        "alias/ai-staging/pulumi-secrets",
    ]
    assert everything(clients)["buckets"] == [BUCKET]


def test_a_dry_run_writes_nothing_and_names_every_step(clients: Clients) -> None:
    before = everything(clients)
    backend = run(clients, dry_run=True)
    assert everything(clients) == before
    assert {step.action for step in backend.steps} == {"would create"}
    assert [step.what for step in backend.steps] == [step.what for step in run(clients).steps]


def test_a_dry_run_shows_what_somebody_changed(clients: Clients) -> None:
    run(clients)
    clients.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    changes = {
        step.what: step.action for step in run(clients, dry_run=True).steps if step.action != "present"
    }
    assert changes == {"bucket versioning": "would change"}
    assert clients.s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Suspended"
    run(clients)
    assert clients.s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_other_peoples_statements_rules_and_tags_stay(clients: Clients) -> None:
    run(clients)
    s3 = clients.s3
    theirs = {
        "Sid": "Audit",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteBucket",
        "Resource": "*",
    }
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    policy["Statement"] = [theirs]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "Owner", "Value": "security"}]})
    run(clients)
    statements = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Audit", TLS_STATEMENT, KEY_STATEMENT]
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {"Owner": "security", "ManagedBy": "agentic-platform"}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert [rule["ID"] for rule in rules] == [LIFECYCLE_RULE]


WRITES = (
    "CreateKey",
    "CreateAlias",
    "EnableKeyRotation",
    "CreateBucket",
    "PutBucketPolicy",
    "PutBucketTagging",
)


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
def test_a_run_that_dies_at_any_write_is_finished_by_the_next(
    clients: Clients, operation: str, applied: bool
) -> None:
    def die(**_: Any) -> None:
        raise KeyboardInterrupt

    # `before`: the request was never sent. `after`: the service did it, we never heard.
    moment = "after-call" if applied else "before-call"
    for client in (clients.kms, clients.s3):
        client.meta.events.register(f"{moment}.*.{operation}", die, unique_id="death")
    with pytest.raises(KeyboardInterrupt):
        run(clients)
    for client in (clients.kms, clients.s3):
        client.meta.events.unregister(f"{moment}.*.{operation}", unique_id="death")
    run(clients)
    assert everything(clients) == {
        "buckets": [BUCKET],
        "keys": 2,
        "aliases": [STATE_KEY_ALIAS, SECRETS_ALIAS],
    }
    assert {step.action for step in run(clients).steps} == {"present"}


def test_credentials_of_another_account_are_refused_before_anything_is_written(clients: Clients) -> None:
    with pytest.raises(OperatorError) as refusal:
        bootstrap(clients, place("999988887777"), stack="dev")
    assert "the credentials are for account 123456789012" in str(refusal.value)
    assert "aws.account_id: 999988887777" in str(refusal.value)
    assert "nothing was changed" in str(refusal.value)
    assert everything(clients) == {"buckets": [], "keys": 0, "aliases": []}


def test_a_bucket_in_another_region_is_an_error_that_names_both(clients: Clients) -> None:
    there = Clients.of(boto3.Session(), "eu-central-1").s3
    there.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    with pytest.raises(OperatorError, match="is in eu-central-1, the stack is in eu-west-1"):
        run(clients)


def test_a_key_on_its_way_out_is_an_error_and_no_second_key_is_made(clients: Clients) -> None:
    run(clients)
    key = clients.kms.describe_key(KeyId=SECRETS_ALIAS)["KeyMetadata"]["KeyId"]
    clients.kms.schedule_key_deletion(KeyId=key)
    with pytest.raises(OperatorError, match="names a key that is PendingDeletion"):
        run(clients)
    assert everything(clients)["keys"] == 2


def test_keys_we_may_not_look_into_are_passed_over(clients: Clients) -> None:
    foreign = clients.kms.create_key()["KeyMetadata"]["KeyId"]
    real = clients.kms.list_resource_tags

    def guarded(**arguments: Any) -> Any:
        if arguments["KeyId"] == foreign:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListResourceTags")
        return real(**arguments)

    clients.kms.list_resource_tags = guarded  # type: ignore[method-assign]
    key = EncryptionKey(kms=clients.kms, alias="alias/x", purpose="x")
    arn, steps = key.ensure(dry_run=False)
    assert arn is not None
    assert steps[0].action == "created"


def test_us_east_1_is_created_without_a_location(clients: Clients) -> None:
    del clients
    backend = bootstrap(Clients.of(boto3.Session(), "us-east-1"), place(region="us-east-1"), stack="dev")
    assert "region=us-east-1" in backend.login


def test_access_logs_are_on_when_a_log_bucket_is_named(clients: Clients) -> None:
    clients.s3.create_bucket(
        Bucket="audit-trail", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    clients.s3.put_bucket_policy(
        Bucket="audit-trail",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "logging.s3.amazonaws.com"},
                        "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::audit-trail/*",
                    }
                ],
            }
        ),
    )
    run(clients, log_bucket="audit-trail")
    logging = clients.s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"]
    assert logging == {"TargetBucket": "audit-trail", "TargetPrefix": f"{BUCKET}/"}


def test_the_json_form_holds_every_step_and_both_commands(clients: Clients) -> None:
    document = json.loads(json.dumps(run(clients).as_json()))
    assert set(document) == {"account_id", "region", "dry_run", "steps", "login", "stack_init"}
    assert document["steps"][0]["action"] == "created"
