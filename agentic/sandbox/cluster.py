"""Where the cluster objects of a sandbox live: in its store, or in an API server that it keeps running."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from agentic.crds.directory import FETCHED
from agentic.crds.errors import CrdError
from agentic.crds.fetch import fetch
from agentic.rehearsal import tools
from agentic.rehearsal.tools import minor
from agentic.sandbox import api_server
from agentic.sandbox.checkpoint import Checkpoint
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout
from agentic.sandbox.workspace import Program

Say = Callable[[str], None]
API_SERVER_VARIABLE = "AGENTIC_SANDBOX_API_SERVER"
CRDS_VARIABLE = "AGENTIC_SANDBOX_CRDS"


def provide(
    root: Path,
    layout: Layout,
    program: Program,
    found: Checkpoint,
    *,
    wanted: bool,
    crds: Path | None,
    say: Say,
) -> dict[str, str]:
    """What the kubernetes provider has to know, with the API server running where there is to be one.

    A sandbox that once asked for a server keeps it, asked again or not: its objects are there.
    """
    stated = {CRDS_VARIABLE: str(crds)} if crds else {}
    used = api_server.is_used(layout)
    if not (wanted or used):
        return stated
    if not used and any(resource.type.startswith("kubernetes:") for resource in found.custom):
        raise SandboxError(
            "the objects of this sandbox are in its store and do not move to an API server",
            remedy=f"end it with `agentic sandbox destroy {layout.stack}`, then start it with --api-server",
        )
    server = api_server.start(layout, tools.provide(root, say), program.service_cidr)
    if program.kubernetes and minor(program.kubernetes) != minor(server.version):
        say(f"the cluster is to run Kubernetes {program.kubernetes}, the API server is {server.version}")
    return {CRDS_VARIABLE: str(crds or _fetched(root, say)), API_SERVER_VARIABLE: str(layout.api_record)}


def forget(layout: Layout, say: Say) -> None:
    """After AWS was lost: the objects of its cluster are lost with it, and the next server starts empty."""
    if api_server.is_used(layout):
        api_server.stop(layout)
        layout.api_server.mkdir(mode=0o700, parents=True)
        say("the API server's objects belonged to that AWS's cluster: they are forgotten too")


def _fetched(root: Path, say: Say) -> Path:
    home = root / FETCHED
    try:
        fetch(home, say)
    except CrdError as fault:
        # What is missing is kept in the store, and the summary says so.
        say(str(fault.problem))
    return home
