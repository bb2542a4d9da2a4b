"""Where a real stack keeps its state and its secrets' key: created once, checked on every run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from agentic.errors import OperatorError
from agentic.ops.encryption_key import EncryptionKey
from agentic.ops.state_bucket import StateBucket
from agentic.ops.steps import Step
from components.core.aws import Place
from components.core.names import key_alias, state_bucket_name

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

# One bucket and one key for it per account and region; one key for secrets per stack, so that whoever may
# read dev's secrets cannot read prod's.
STATE_KEY_ALIAS = "alias/agentic-platform/state"
SECRETS_PURPOSE = "pulumi-secrets"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clients:
    """The three services, all in the region the stack file names and not in the machine's default."""

    sts: STSClient
    kms: KMSClient
    s3: S3Client

    @classmethod
    def of(cls, session: boto3.Session, region: str) -> Clients:
        """Return clients on the session's credentials."""
        return cls(
            sts=session.client("sts", region_name=region),  # pyright: ignore[reportUnknownMemberType] - overloads
            kms=session.client("kms", region_name=region),  # pyright: ignore[reportUnknownMemberType] - of services
            s3=session.client("s3", region_name=region),  # pyright: ignore[reportUnknownMemberType] - we do not stub
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Backend:
    """What was found or made, and the two commands that use it."""

    account_id: str
    region: str
    dry_run: bool
    steps: list[Step]
    login: str
    stack_init: str

    def as_json(self) -> dict[str, Any]:
        """Return the same, for programs."""
        return asdict(self)


def backend_url(bucket: str, region: str) -> str:
    """Return the state backend's address; the region is in it so that no machine's default decides."""
    return f"s3://{bucket}?region={region}&awssdk=v2"


def secrets_provider(place: Place) -> str:
    """Return the address of the key that encrypts the stack's secrets."""
    return f"awskms://{key_alias(place, SECRETS_PURPOSE)}?region={place.region}&awssdk=v2"


def bootstrap(
    clients: Clients, place: Place, *, stack: str, log_bucket: str | None = None, dry_run: bool = False
) -> Backend:
    """Make sure of the backend for one stack; an interrupted run is finished by the next, nothing doubled."""
    refuse_other_account(clients.sts, place)
    kms = clients.kms
    state_key = EncryptionKey(kms=kms, alias=STATE_KEY_ALIAS, purpose="state")
    secrets_key = EncryptionKey(kms=kms, alias=key_alias(place, SECRETS_PURPOSE), purpose=f"{stack} secrets")
    state_key_arn, steps = state_key.ensure(dry_run=dry_run)
    name = state_bucket_name(place.account_id, place.region)
    bucket = StateBucket(
        s3=clients.s3,
        name=name,
        arn=place.arn("s3", name, region="", account=""),
        account_id=place.account_id,
        region=place.region,
        key_arn=state_key_arn or STATE_KEY_ALIAS,
        log_bucket=log_bucket,
    )
    steps += bucket.ensure(dry_run=dry_run)
    steps += secrets_key.ensure(dry_run=dry_run)[1]
    return Backend(
        account_id=place.account_id,
        region=place.region,
        dry_run=dry_run,
        steps=steps,
        login=f"pulumi login '{backend_url(name, place.region)}'",
        stack_init=f"pulumi stack init {stack} --secrets-provider='{secrets_provider(place)}'",
    )


def refuse_other_account(sts: STSClient, place: Place) -> None:
    """Raise unless the credentials at hand belong to the account the stack file names."""
    caller = sts.get_caller_identity()
    if caller["Account"] != place.account_id:
        raise OperatorError(
            f"the credentials are for account {caller['Account']} ({caller['Arn']}), "
            f"the stack file says aws.account_id: {place.account_id}",
            remedy="take the credentials of that account (AWS_PROFILE), or correct the stack file; "
            "nothing was changed",
        )
