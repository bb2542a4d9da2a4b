"""Credentials for commands that talk to AWS, and AWS's refusals in words an operator can act on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)

from agentic.errors import OperatorError
from agentic.ops.steps import error_code


def session() -> boto3.Session:
    """Return a session on the credentials of the environment; the region is always named by the caller."""
    return boto3.Session()


@contextmanager
def aws_faults() -> Generator[None]:
    """Turn what AWS refuses, and what keeps us from asking it, into one message with a remedy."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError, ProfileNotFound, SSOError) as error:
        raise OperatorError(
            f"no usable AWS credentials: {error}",
            remedy="sign in (for example `aws sso login`) or set AWS_PROFILE, then run the command again",
        ) from None
    except ClientError as error:
        said = error.response.get("Error", {}).get("Message") or "no reason given"
        raise OperatorError(
            f"AWS refused {error.operation_name}: {error_code(error)}: {said}",
            remedy="get the permission it names, or correct what it names; what was done so far is kept, "
            "and the next run goes on from there",
        ) from None
    except BotoCoreError as error:
        raise OperatorError(
            f"AWS could not be asked: {error}",
            remedy="check the network, the proxy and the region, then run the command again",
        ) from None
