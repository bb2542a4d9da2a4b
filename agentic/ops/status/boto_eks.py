"""EKS in the stack's account and region, by boto3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from agentic.ops.session import aws_faults, session
from agentic.ops.state_backend import refuse_other_account
from agentic.ops.steps import error_code
from components.core.aws import Place

_PATIENT = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 3, "mode": "standard"})


@dataclass(frozen=True)
class BotoEks:
    """Asks as whoever the environment says we are, once it is sure that this is the right account."""

    place: Place

    def ask(self, method: str, **arguments: Any) -> Mapping[str, Any] | None:
        """The answer; None where EKS has no such thing."""
        with aws_faults():
            try:
                answer: Mapping[str, Any] = getattr(self._client, method)(**arguments)
            except ClientError as error:
                if error_code(error) == "ResourceNotFoundException":
                    return None
                raise
            return answer

    @cached_property
    def _client(self) -> Any:
        aws: Any = session()  # boto3's stubs know clients by literal names and no Config of this kind
        refuse_other_account(aws.client("sts", region_name=self.place.region, config=_PATIENT), self.place)
        return aws.client("eks", region_name=self.place.region, config=_PATIENT)
