"""Ports for the servers of tests: none that the kernel gives to somebody else before its server has it."""

from __future__ import annotations

import random
import socket

LOWEST, HIGHEST = 15_000, 32_000
"""Below those that Linux hands out to whoever connects (`ip_local_port_range`, from 32768)."""


def free_port() -> int:
    """A port that nobody has, on any address."""
    # Not of the seeded generator: two workers of one run would draw the same.
    for port in random.SystemRandom().sample(range(LOWEST, HIGHEST), 100):
        with socket.socket() as one:
            try:
                one.bind(("", port))
            except OSError:
                continue
            return port
    raise AssertionError("a hundred ports, and every one of them taken")
