"""Tries connections and says of each what became of it. Standard library only; one JSON object a line.

Runs twice in each of two tenants at once. Every copy listens as well: that a neighbour gets its greeting proves
that there was somebody to be denied to the other tenant.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Json = dict[str, Any]

PORT = int(os.environ["PORT"])
ADDRESS = os.environ["POD_IP"]
CONNECT_SECONDS = float(os.environ["CONNECT_SECONDS"])
SETTLE_SECONDS = float(os.environ["SETTLE_SECONDS"])
MEET_SECONDS = float(os.environ.get("MEET_SECONDS", "120"))
"""How long to wait for the others: an image may have to be pulled."""
STAY_SECONDS = float(os.environ.get("STAY_SECONDS", "20"))
"""How long to go on listening: the others may have begun later."""
PAUSE_SECONDS = float(os.environ.get("PAUSE_SECONDS", "2"))
GREETING = b"agentic smoke\n"
AGREED = 2
"""Denials in a row that are believed: a policy that just arrived is no flicker."""


def say(**what: Any) -> None:
    """One line for whoever reads the log."""
    print(json.dumps(what, sort_keys=True), flush=True)


def listen() -> None:
    """Greets whoever connects, for as long as the process lives."""
    server = socket.create_server((os.environ.get("LISTEN", ""), PORT), backlog=64)

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            with connection:
                try:
                    connection.sendall(GREETING)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()


def addresses(name: str) -> set[str]:
    """Who answers to a name just now."""
    try:
        found = socket.getaddrinfo(name, PORT, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return set()
    return {str(one[4][0]) for one in found}


def attempt(host: str, port: int, *, greeting: bool) -> tuple[bool, str]:
    """Whether one connection got through, and how that showed."""
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS) as connection:
            if not greeting:
                return True, "connected"
            # A mesh answers for a listener that it will not let anybody reach: only its own words count.
            connection.settimeout(CONNECT_SECONDS)
            heard = connection.recv(len(GREETING))
            return (True, "greeted") if heard == GREETING else (False, "connected, and nobody spoke")
    except ConnectionRefusedError:
        # From a pod's own address: the packet got there, and nobody listens.
        return True, "refused by the host"
    except TimeoutError:
        return False, "silence"
    except OSError as error:
        return False, error.strerror or type(error).__name__


def settled(host: str, port: int, expected: str, *, greeting: bool) -> tuple[str, str]:
    """The answer that stays, once policies had time to arrive."""
    deadline = time.monotonic() + SETTLE_SECONDS
    denials = 0
    while True:
        through, how = attempt(host, port, greeting=greeting)
        denials = 0 if through else denials + 1
        # A neighbour that refuses has only just started.
        if through and expected == "allowed" and (how == "greeted" or not greeting):
            return "allowed", how
        if expected == "denied" and denials >= AGREED:
            return "denied", how
        if time.monotonic() > deadline:
            return ("allowed" if through else "denied"), how
        time.sleep(PAUSE_SECONDS)


def meet(names: dict[str, list[Any]]) -> dict[str, set[str]]:
    """The addresses of the others, by group; what is there when the time is over."""
    deadline = time.monotonic() + MEET_SECONDS
    while True:
        found = {group: addresses(str(name)) - {ADDRESS} for group, (name, _, _) in names.items()}
        if all(len(found[group]) >= int(least) for group, (_, least, _) in names.items()):
            return found
        if time.monotonic() > deadline:
            return found
        time.sleep(PAUSE_SECONDS)


def probe(one: Json) -> bool:
    """Try one target, say what became of it, and whether that is what was expected."""
    found, how = settled(one["host"], one["port"], one["expected"], greeting=bool(one.get("greeting")))
    say(
        probe=one["name"],
        target=f"{one['host']}:{one['port']}",
        expected=one["expected"],
        found=found,
        how=how,
        source=ADDRESS,
    )
    return found == one["expected"]


def main() -> int:
    """Meet the others, try everything, stay for those who are slower."""
    listen()
    groups: dict[str, list[Any]] = json.loads(os.environ["PEERS"])
    resolved = bool(addresses(os.environ["DNS_NAME"]))
    say(
        probe="names are resolved",
        target=os.environ["DNS_NAME"],
        expected="allowed",
        found="allowed" if resolved else "denied",
        how="an address" if resolved else "no address",
        source=ADDRESS,
    )
    targets: list[Json] = json.loads(os.environ.get("TARGETS", "[]"))
    met = meet(groups)
    for group, (_, least, expected) in groups.items():
        if len(met[group]) < int(least):
            say(missing=group, found=len(met[group]), wanted=least, source=ADDRESS)
        targets += [
            {"name": group, "host": host, "port": PORT, "expected": expected, "greeting": True}
            for host in sorted(met[group])
        ]
    with ThreadPoolExecutor(32) as pool:
        as_expected = [*pool.map(probe, targets), resolved]
    say(done=len(as_expected), differ=as_expected.count(False), source=ADDRESS)
    time.sleep(STAY_SECONDS)
    # Always: a pod that fails would end the others of its job, who are not done.
    return 0


if __name__ == "__main__":
    sys.exit(main())
