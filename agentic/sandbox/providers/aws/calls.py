"""Every AWS call of the sandbox goes through one door: to moto, or to the sandbox's own store where moto lacks it."""

from __future__ import annotations

import threading
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError, Moto, OwnStore
from agentic.sandbox.providers.aws.shapes import with_maps_marked
from agentic.sandbox.providers.faults import Faults, Throttled
from agentic.sandbox.providers.kinds import ResourceError

_THROTTLE_CODES = ("Throttling", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
_GONE_MARKS = ("NotFound", "NoSuch", "NonExistentQueue", "NonexistentItem", "NotAttached", "404")


class Aws:
    """Calls by service and method, throttling retried, errors carrying the AWS code."""

    def __init__(self, endpoint: str, region: str, faults: Faults, own: OwnStore) -> None:
        """Talk to moto at `endpoint`; `own` answers the operations it lacks."""
        self.endpoint = endpoint
        self.region = region
        self._faults = faults
        self._own = own
        self._clients: dict[tuple[str, str], Any] = {}
        self._guard = threading.Lock()
        self._session: Any = None
        self._account: str | None = None

    def client(self, service: str, region: str | None = None) -> Any:
        """Give the cached boto3 client."""
        key = (service, region or self.region)
        with self._guard:
            if key not in self._clients:
                self._clients[key] = self._new_client(*key)
            return self._clients[key]

    def _new_client(self, service: str, region: str) -> Any:
        import boto3
        from botocore.config import Config

        if self._session is None:
            self._session = boto3.session.Session(
                aws_access_key_id="sandbox",
                aws_secret_access_key="sandbox",  # noqa: S106 - moto takes any
            )
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

    def request_shape(self, service: str, method: str) -> Any:
        """Give botocore's model of a method's request."""
        return self._operation(service, method).input_shape

    def _operation(self, service: str, method: str) -> Any:
        client = self.client(service)
        return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])

    def call(
        self, service: str, method: str, arguments: dict[str, Any], region: str | None = None
    ) -> dict[str, Any]:
        """Make one call; raise `ResourceError` with the AWS error code."""
        answer = self._faults.call(lambda: self._answer(service, method, arguments, region or self.region))
        marked: dict[str, Any] = with_maps_marked(self._operation(service, method).output_shape, answer)
        return marked

    def _answer(self, service: str, method: str, arguments: dict[str, Any], region: str) -> dict[str, Any]:
        from botocore.exceptions import ClientError, HTTPClientError, ParamValidationError
        from botocore.exceptions import ConnectionError as NoConnection
        from botocore.parsers import ResponseParserError
        from botocore.validate import validate_parameters

        where = f"({service}.{method})"
        moto = self._moto(region)
        try:
            own = self._own.operation(service, method, region, lambda: self.account, moto)
            if own is None:
                return moto(service, method, **arguments)
            validate_parameters(arguments, self.request_shape(service, method))
            return own(**arguments)
        except ClientError as error:
            said = error.response.get("Error", {})
            code = str(said.get("Code", "Unknown"))
            text = f"{said.get('Message', error)} {where}"
            if code.startswith(_THROTTLE_CODES):
                raise Throttled(f"{code}: {text}") from error
            raise ResourceError(code, text) from error
        except AwsError as error:
            raise ResourceError(error.code, f"{error} {where}") from error
        except ParamValidationError as error:
            raise ResourceError("ParamValidation", f"{error} {where}") from error
        except ResponseParserError as error:
            raise ResourceError("MotoInternalError", f"moto failed; its log says why {where}") from error
        except (HTTPClientError, NoConnection) as error:
            raise ResourceError(
                "MotoUnreachable", f"the moto server at {self.endpoint} does not answer: {error}"
            ) from error

    def _moto(self, region: str) -> Moto:
        def call(service: str, method: str, **arguments: Any) -> Any:
            return getattr(self.client(service, region), method)(**arguments)

        return call

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
