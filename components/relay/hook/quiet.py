"""The log without keys: what LiteLLM, its libraries and uvicorn write passes here before anybody reads it.

LiteLLM hides what looks like OpenAI's keys; a provider that says another's back in an error is logged as it is.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO, cast

SECRET = ("LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "RELAY_GATEWAY_KEY", "DATABASE_URL")
SECRET_PREFIXES = ("PROVIDER_KEY_", "REDIS_PASSWORD", "REDIS_URL")
HIDDEN = "[redacted]"
SHORTEST = 8
"""What is shorter is a word like others."""


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values that nobody may read in a log, the longest first: one may be a part of another."""
    found = {
        value
        for name, value in environment.items()
        if (name in SECRET or name.startswith(SECRET_PREFIXES)) and len(value) >= SHORTEST
    }
    return tuple(sorted(found, key=len, reverse=True))


class Quiet:
    """A stream that writes to another one, without these secrets."""

    def __init__(self, stream: TextIO, secrets: Iterable[str]) -> None:
        self._stream, self._secrets = stream, tuple(secrets)

    def write(self, text: str) -> int:
        """As a stream's: how much was taken, which is all of it."""
        said = text
        for secret in self._secrets:
            said = said.replace(secret, HIDDEN)
        self._stream.write(said)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def quieten(secrets: Iterable[str]) -> None:
    """From here on; handlers that have taken hold of a stream already, as uvicorn's have, are told the new one."""
    known = tuple(secrets)
    instead: dict[int, Any] = {
        id(stream): Quiet(cast("TextIO", stream), known) for stream in (sys.stdout, sys.stderr)
    }
    sys.stdout, sys.stderr = instead[id(sys.stdout)], instead[id(sys.stderr)]
    loggers = [logging.root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    for logger in loggers:
        for handler in logger.handlers:
            stream: Any = getattr(handler, "stream", None)
            if isinstance(handler, logging.StreamHandler) and id(stream) in instead:
                cast("Any", handler).setStream(instead[id(stream)])
