"""Every AWS call of the sandbox goes through one door: to moto, or to the sandbox's own store where moto lacks it."""

from __future__ import annotations

import threading
from typing import Any

from agentic.sandbox.providers.faults import Faults, Throttled
from agentic.sandbox.providers.kinds import ResourceError

_THROTTLE_CODES = ("Throttling", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
_GONE_MARKS = ("NotFound", "NoSuch", "NonExistentQueue", "404")


class Aws:
    """Calls by service and method, throttling retried, errors carrying the AWS code."""

    def __init__(self, endpoint: str, region: str, faults: Faults, own: Any) -> None:  # noqa: ANN401
        """Talk to moto at `endpoint`; `own` answers the operations it lacks."""
        self.endpoint = endpoint
        self.region = region
        self._faults = faults
        self._own = own
        self._clients: dict[tuple[str, str], Any] = {}
        self._guard = threading.Lock()
        self._session: Any = None
        self._account: str | None = None

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401
        """Give the cached boto3 client."""
        key = (service, region or self.region)
        with self._guard:
            if key not in self._clients:
                self._clients[key] = self._new_client(*key)
            return self._clients[key]

    def _new_client(self, service: str, region: str) -> Any:  # noqa: ANN401
        import boto3
        from botocore.config import Config

        if self._session is None:
            self._session = boto3.session.Session(
                aws_access_key_id="sandbox", aws_secret_access_key="sandbox"
            )  # noqa: S106 - moto takes any
        return self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=Config(
                retries={"total_max_attempts": 1},  # our own retry is the only one, faults must be countable
                max_pool_connections=16,
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=60,
            ),
        )

    def request_shape(self, service: str, method: str) -> Any:  # noqa: ANN401
        """Give botocore's model of a method's request."""
        client = self.client(service)
        return client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[method]
        ).input_shape

    def call(
        self, service: str, method: str, arguments: dict[str, Any], region: str | None = None
    ) -> dict[str, Any]:
        """Make one call; raise `ResourceError` with the AWS error code."""
        client = self.client(service, region)
        own = self._own.operation(service, method)
        shape = self.request_shape(service, method)

        def make() -> dict[str, Any]:
            from botocore.exceptions import ClientError, HTTPClientError, ParamValidationError

            try:
                if own is None:
                    return getattr(client, method)(**arguments)
                from botocore.validate import validate_parameters

                validate_parameters(arguments, shape)
                return own(**arguments)
            except ClientError as error:
                code = str(error.response["Error"].get("Code", "Unknown"))
                text = f"{error.response['Error'].get('Message', error)} ({service}.{method})"
                if code.startswith(_THROTTLE_CODES):
                    raise Throttled(f"{code}: {text}") from error
                raise ResourceError(code, text) from error
            except ParamValidationError as error:
                raise ResourceError("ParamValidation", f"{error} ({service}.{method})") from error
            except HTTPClientError as error:
                raise ResourceError(
                    "Unreachable", f"the moto server at {self.endpoint} does not answer: {error}"
                ) from error

        return self._faults.call(make)

    def look(
        self, service: str, method: str, arguments: dict[str, Any], region: str | None = None
    ) -> dict[str, Any] | None:
        """Make a call that asks; None when the answer is that the thing is not there."""
        try:
            return self.call(service, method, arguments, region)
        except ResourceError as error:
            if is_gone(error):
                return None
            raise

    @property
    def account(self) -> str:
        """The account id moto runs as."""
        if self._account is None:
            self._account = str(self.call("sts", "get_caller_identity", {})["Account"])
        return self._account


def is_gone(error: ResourceError) -> bool:
    """Tell whether an error code says that the thing does not exist."""
    return any(mark in error.code for mark in _GONE_MARKS)
