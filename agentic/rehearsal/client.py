"""Talks to one API server over HTTPS: JSON in, JSON out, and the server's own words when it refuses."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.connection import HTTPSConnection

from agentic.rehearsal.errors import RehearsalError

REQUEST_SECONDS = 60.0
JSON = "application/json"
APPLY = "application/apply-patch+yaml"
"""Server-side apply. JSON is YAML, so the body is the same."""


class Refused(Exception):  # noqa: N818 - reads as the finding it is
    """The server's answer to a request it did not carry out."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message


class Unreachable(RehearsalError):  # noqa: N818
    """Nothing answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server returned, and what it warned of."""

    body: Any
    warnings: tuple[str, ...]


class _Connection(HTTPSConnection):
    """Connects one at a time: urllib3 writes into the context that all connections share before each handshake.

    A second thread in its own handshake at that moment sends a torn list of protocols, and the server answers
    with a decode error.
    """

    _turn = threading.Lock()

    def connect(self) -> None:
        """Connect and shake hands, alone."""
        with self._turn:
            super().connect()


class _Pool(urllib3.HTTPSConnectionPool):
    # urllib3 states a protocol that its own class does not fit either.
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType]


class Client:
    """One server, one identity. Threads may share it."""

    def __init__(self, url: str, token: str, authority: str, *, connections: int = 8) -> None:
        """`authority` is the PEM text of the only certificate authority that is trusted."""
        self._url = url
        place = urlsplit(url)
        self._pool = _Pool(
            place.hostname or "",
            place.port,
            maxsize=connections,
            block=True,
            ssl_context=ssl.create_default_context(cadata=authority),
            headers={"Authorization": f"Bearer {token}"},
            retries=False,
        )

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = JSON,
        accept: str = JSON,
        seconds: float = REQUEST_SECONDS,
    ) -> Answer:
        """Send one request; raises Refused with the server's words, Unreachable when there is no server."""
        target = path + (f"?{urlencode(query)}" if query else "")
        try:
            response = self._pool.request(
                method,
                target,
                body=None if body is None else json.dumps(body).encode(),
                headers={**self._pool.headers, "Accept": accept, "Content-Type": content_type},
                timeout=urllib3.Timeout(total=seconds),
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(
                f"the API server at {self._url} does not answer: {error}",
                remedy="run this again; if it ends early each time, the machine may lack memory",
            ) from error
        if response.status >= 400:
            raise _refusal(response.status, response.data)
        warnings = tuple(_warning(header) for header in response.headers.getlist("Warning"))
        kind = response.headers.get("Content-Type", "")
        return Answer(json.loads(response.data) if "json" in kind else response.data.decode(), warnings)

    def close(self) -> None:
        """Let every connection go."""
        self._pool.close()


def _refusal(code: int, data: bytes) -> Refused:
    try:
        status: Any = json.loads(data)
        return Refused(code, str(status.get("reason", "")), str(status.get("message", "")) or f"HTTP {code}")
    except (ValueError, AttributeError):
        return Refused(code, "", data.decode(errors="replace").strip() or f"HTTP {code}")


def _warning(header: str) -> str:
    """The text of `299 - "text"` (RFC 7234, section 5.5)."""
    quoted = header.partition('"')[2].rpartition('"')[0]
    return (quoted or header).replace('\\"', '"').replace("\\\\", "\\")
