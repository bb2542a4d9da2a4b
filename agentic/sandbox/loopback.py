"""What a sandbox starts on this machine is asked directly, whatever proxy stands between this machine and others."""

from __future__ import annotations

from collections.abc import MutableMapping

LOOPBACK = ("127.0.0.1", "localhost")
NAMES = ("NO_PROXY", "no_proxy")
"""Clients read one of the two, and those that know both let the one in small letters win."""


def ask_directly(environment: MutableMapping[str, str]) -> None:
    """Add this machine to those that no proxy is asked for; the ones that were there stay.

    For the whole process: the engine's client is gRPC, which reads the environment and takes no other word for it.
    """
    there = [host.strip() for name in NAMES for host in environment.get(name, "").split(",")]
    if "*" in there:
        return
    hosts = dict.fromkeys(host for host in (*there, *LOOPBACK) if host)
    environment.update(dict.fromkeys(NAMES, ",".join(hosts)))
