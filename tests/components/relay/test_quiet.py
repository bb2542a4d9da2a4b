from __future__ import annotations

import io
import logging
import sys

import pytest

from components.relay.hook.quiet import Quiet, quieten, secrets_of

ENVIRONMENT = {
    "PROVIDER_KEY_A": "upstream-0123456789",
    "LITELLM_MASTER_KEY": "sk-master-0123456789",
    "REDIS_URL": "rediss://relay:pass-0123@cache:6379",
    "REDIS_PASSWORD": "pass-0123",
    "DATABASE_URL": "postgresql://relay:word-0123@db/relay",
    "RELAY_GATEWAY_KEY": "short",
    "PATH": "/usr/bin:/usr/sbin",
}


def test_what_a_pod_is_given_as_secret_is_what_is_hidden() -> None:
    assert set(secrets_of(ENVIRONMENT)) == {
        value for name, value in ENVIRONMENT.items() if name not in ("PATH", "RELAY_GATEWAY_KEY")
    }
    assert secrets_of(ENVIRONMENT)[-1] == "pass-0123", "the longest first: it is a part of another"


def test_nothing_written_holds_one() -> None:
    written = io.StringIO()
    quiet = Quiet(written, secrets_of(ENVIRONMENT))
    text = "wrong key upstream-0123456789 at rediss://relay:pass-0123@cache:6379, pass-0123\n"
    assert quiet.write(text) == len(text)
    assert written.getvalue() == "wrong key [redacted] at [redacted], [redacted]\n"


def test_a_logger_that_was_there_before_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    logger = logging.getLogger("tests.quiet")
    handler = logging.StreamHandler(written)
    logger.addHandler(handler)
    try:
        quieten(secrets_of(ENVIRONMENT))
        try:
            raise ValueError("said upstream-0123456789")
        except ValueError:
            logger.exception("failed with upstream-0123456789")
        print("as printed: upstream-0123456789", file=sys.stderr)
    finally:
        logger.removeHandler(handler)
    assert "upstream" not in written.getvalue()
    assert written.getvalue().count("[redacted]") == 4, "message, line of the program, exception, print"
