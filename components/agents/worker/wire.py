"""A connection to Valkey or Redis: commands out, replies in (RESP2). Standard library only."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from typing import TypeAlias, cast
from urllib.parse import unquote, urlsplit

Reply: TypeAlias = "str | int | list[Reply] | StoreError | None"
Command = Sequence[str | int]

SECONDS = 15
"""No command here blocks: a server that is silent for so long is gone."""

_LOSSLESS = "surrogateescape"


class StoreError(Exception):
    """What the server refused, in its own words."""


class Wire:
    """One connection; OSError where it is gone, StoreError where the server refuses."""

    def __init__(self, url: str, authority: str | None = None) -> None:
        """Connects and logs in; `authority` is the file with the certificate that signed the server's."""
        parts = urlsplit(url)
        self._socket = _connected(
            parts.hostname or "", parts.port or 6379, tls=parts.scheme == "rediss", authority=authority
        )
        self._replies = self._socket.makefile("rb")
        try:
            if parts.password is not None:
                user = [unquote(parts.username)] if parts.username else []
                self.do("AUTH", *user, unquote(parts.password))
            if parts.path.strip("/") not in ("", "0"):
                self.do("SELECT", parts.path.strip("/"))
        except BaseException:
            self.close()
            raise

    def do(self, *command: str | int) -> Reply:
        """What the server answers to one command."""
        self._send([command])
        reply = self._read()
        if isinstance(reply, StoreError):
            raise reply
        return reply

    def together(self, *commands: Command) -> list[Reply] | None:
        """What it answers to commands that are carried out all at once; None where a watched key has changed."""
        self._send([("MULTI",), *commands, ("EXEC",)])
        *queued, done = [self._read() for _ in range(len(commands) + 2)]
        for reply in (*queued, done):
            if isinstance(reply, StoreError):
                raise reply
        return cast("list[Reply] | None", done)

    def close(self) -> None:
        """Ends the connection."""
        self._replies.close()
        self._socket.close()

    def _send(self, commands: Sequence[Command]) -> None:
        sent = bytearray()
        for command in commands:
            sent += b"*%d\r\n" % len(command)
            for word in command:
                data = str(word).encode("utf-8", _LOSSLESS)
                sent += b"$%d\r\n%s\r\n" % (len(data), data)
        self._socket.sendall(sent)

    def _read(self) -> Reply:
        line = self._replies.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the store closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return StoreError(rest.decode("utf-8", "replace"))
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._text(int(rest))
        if kind == b"*":
            return None if rest == b"-1" else [self._read() for _ in range(int(rest))]
        raise ConnectionError(f"the store answered with {line[:20]!r}")

    def _text(self, length: int) -> str:
        data = self._replies.read(length + 2)
        if len(data) != length + 2:
            raise ConnectionError("the store closed the connection")
        # Byte for byte: what is not text has to be found again in its list.
        return data[:-2].decode("utf-8", _LOSSLESS)


def _connected(host: str, port: int, *, tls: bool, authority: str | None) -> socket.socket:
    plain = socket.create_connection((host, port), timeout=SECONDS)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if not tls:
        return plain
    try:
        return ssl.create_default_context(cafile=authority).wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
