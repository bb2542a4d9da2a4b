"""The Kubernetes API as the smoke test needs it, with the operator's own credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from agentic.errors import OperatorError
from agentic.ops.status.cluster import Unreachable
from agentic.ops.status.kube_cluster import CONNECT_SECONDS, READ_SECONDS

_PRIVATE = "connect to the network of its private endpoint, then run the command again"


@dataclass(frozen=True, kw_only=True)
class SmokeCluster:
    """One cluster; `client` is the Kubernetes client's ApiClient."""

    client: Any

    def read(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """One object, or a list; None where there is none."""
        status, text = self._ask("GET", path, query=query)
        return None if status == 404 else self._body("read", path, status, text)

    def text(self, path: str, query: Mapping[str, str]) -> str:
        """A log; empty where the pod never wrote one."""
        status, text = self._ask("GET", path, query=query)
        return text if status == 200 else ""

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make an object; OperatorError with the server's words where it is refused."""
        status, text = self._ask("POST", path, body=dict(body))
        return self._body("make", path, status, text)

    def delete(self, path: str) -> None:
        """Delete an object and what it made; one that is gone is no error."""
        status, text = self._ask("DELETE", path, query={"propagationPolicy": "Background"})
        if status != 404:
            self._body("delete", path, status, text)

    def _body(self, what: str, path: str, status: int, text: str) -> dict[str, Any]:
        try:
            found: Any = json.loads(text)
        except ValueError:
            found = {}
        body = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        if status >= 400:
            said = " ".join(str(body.get("message") or f"HTTP {status}").split())
            raise OperatorError(
                f"the cluster refused to {what} {path}: {said}",
                remedy="the smoke test makes and deletes Jobs in tenants' namespaces and reads their pods: run it with "
                "the deployer's role, or one with these rights",
            )
        return body

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> tuple[int, str]:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        request = self.client.param_serialize(
            method,
            path,
            query_params=list((query or {}).items()),
            header_params={"Accept": "*/*", "Content-Type": "application/json"},
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            answer = self.client.call_api(*request, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
            data = answer.read()
        except (HTTPError, ApiException, OSError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise Unreachable(f"the API server does not answer: {reason}", remedy=_PRIVATE) from None
        return int(answer.status), data.decode() if isinstance(data, bytes) else str(data)
